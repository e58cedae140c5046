/** The tool that moves borders: one arc at a time, vertex by vertex; nodes take along all who meet there. */
import { ArcHandles } from "../../map/arcs.js";
import { gettext } from "../../ui/i18n.js";
import { arcNear } from "../picking.js";
import { rounded, Snapper } from "../snapping.js";

/**
 * @typedef {import("../contract.js").Position} Position
 * @typedef {import("../desk.js").Desk} Desk
 * @typedef {import("./toolbox.js").Tool} Tool
 * @typedef {import("./toolbox.js").Toolbox} Toolbox
 */

const MOUSE_PX = 10;
const FINGER_PX = 24;
const SNAP_PX = 10;

/** @param {import("../topology.js").Hindrance} why */
const reason = (why) =>
  why === "outer"
    ? gettext("The outer border of the scope is locked: it belongs to the plan one level up.")
    : gettext("A zone at this border is locked. Unlock it first (tool 8).");

export class EdgeEditor {
  /** @type {number | null} */
  #arc = null;
  /** @type {number | null} the point that a tap has picked: a finger has no right button */
  #picked = null;
  /** @type {number[]} the arcs that the drag has changed */
  #touched = [];
  /** @type {Snapper | null} */
  #guides = null;

  /** @param {Desk} desk @param {Toolbox} box @param {import("leaflet").Map} map */
  constructor(desk, box, map) {
    this.desk = desk;
    this.box = box;
    this.handles = new ArcHandles(
      map,
      {
        onGrip: () => this.#grip(),
        onInsert: (vertex) => {
          this.#grip();
          this.#follow(desk.view.topology.insert(this.#chosen, vertex, [0, 0]));
        },
        onMove: (vertex, to, isFree) => this.#move(vertex, to, isFree),
        onDrop: (vertex, to, isInserted) => this.#drop(vertex, to, isInserted),
        onPick: (vertex) => this.#pick(vertex),
        onRemove: (vertex) => this.#remove(vertex),
        onFixed: (vertex) => this.#explain(vertex),
      },
      ({ isNode, isFixed }) => handleLabel(isNode, isFixed),
    );
    desk.guides.onChange(() => {
      this.#guides = null;
    });
  }

  get #chosen() {
    return /** @type {number} */ (this.#arc);
  }

  /** @returns {Tool} */
  tool() {
    return {
      code: "edit",
      hint: () => ({
        text:
          this.#arc === null
            ? gettext("Click a border to move its points.")
            : gettext(
                "Drag a point; drag a small one to insert; right-click, long press or Delete to remove.",
              ),
        canCancel: this.#arc !== null,
        more: this.#offers(),
      }),
      begin: () => this.desk.guides.look(),
      end: () => this.#leave(),
      click: (at) => this.#choose(at),
      move: (at) => this.#hover(at),
      changed: () => this.#leave(),
      cancel: () => {
        const had = this.#arc !== null;
        this.#leave();
        return had;
      },
    };
  }

  /** @param {number | null} vertex */
  #pick(vertex) {
    if (this.#picked === vertex) return;
    this.#picked = vertex;
    this.box.showHint();
  }

  #offers() {
    const vertex = this.#picked;
    return vertex === null ? [] : [{ label: gettext("Remove the point"), act: () => this.#remove(vertex) }];
  }

  /** @param {Position} at */
  #nearest(at) {
    const pixels = matchMedia("(pointer: coarse)").matches ? FINGER_PX : MOUSE_PX;
    const { reach, squeeze } = this.desk.reach(pixels);
    return arcNear(this.desk.view.topology, at, reach, squeeze);
  }

  /** @param {Position} at */
  #hover(at) {
    if (this.#arc === null) this.desk.view.markArc(this.#nearest(at));
  }

  /** @param {Position} at */
  #choose(at) {
    const { view } = this.desk;
    const arc = this.#nearest(at);
    this.#leave();
    if (arc === null) return;
    const why = view.topology.hindrance(arc);
    if (why) {
      view.marks.sayAt(at, reason(why));
      return;
    }
    this.#arc = arc;
    view.markArc(arc, "chosen");
    this.#showHandles();
    this.box.showHint();
  }

  #showHandles() {
    const { topology } = this.desk.view;
    const arc = this.#chosen;
    const points = topology.points(arc);
    const handles = points.map((_, vertex) => ({
      vertex,
      isNode: topology.isNode(arc, vertex),
      isFixed: topology.hindrance(arc, vertex) !== "",
    }));
    this.handles.show(points, handles);
  }

  #leave() {
    if (this.#arc === null) return;
    this.#arc = null;
    this.#picked = null;
    this.handles.clear();
    this.box.sketch.showSnap(null);
    this.desk.view.markArc(null);
    this.box.showHint();
  }

  #grip() {
    this.#pick(null);
    this.desk.view.marks.clearDrawn();
    this.#guides ??= new Snapper(this.desk.guides.lines());
  }

  /** @param {import("../topology.js").Touched} touched */
  #follow(touched) {
    this.#touched = touched.arcs;
    this.desk.view.follow(touched);
  }

  /** @param {number} vertex @param {Position} to @param {boolean} [isFree] */
  #move(vertex, to, isFree = false) {
    const { reach, squeeze } = this.desk.reach(isFree ? 0 : SNAP_PX);
    const snap = this.#guides?.snap(to, reach, squeeze) ?? { at: rounded(to), to: "" };
    this.box.sketch.showSnap(snap);
    this.#follow(this.desk.view.topology.move(this.#chosen, vertex, snap.at));
    return snap.at;
  }

  /** @param {number} vertex @param {Position} to @param {boolean} isInserted */
  #drop(vertex, to, isInserted) {
    this.box.sketch.showSnap(null);
    const { points } = this.#served();
    if (isInserted) this.#sendEdge();
    else {
      const node = /** @type {Position} */ (points[vertex]);
      this.#send({ kind: "move_node", node, to });
    }
  }

  /** @param {number} vertex */
  #remove(vertex) {
    this.#pick(null);
    this.#follow(this.desk.view.topology.remove(this.#chosen, vertex));
    this.#sendEdge();
  }

  #served() {
    return /** @type {import("../topology.js").Arc} */ (this.desk.view.topology.arcs[this.#chosen]);
  }

  #sendEdge() {
    const { points, zones } = this.#served();
    this.#send({ kind: "move_edge", zones, old: points, to: this.desk.view.topology.points(this.#chosen) });
  }

  /**
   * Send what was dragged and go on with the same border, which is another arc after the answer.
   *
   * @param {import("../contract.js").Operation} operation
   */
  async #send(operation) {
    const { topology } = this.desk.view;
    const arcs = [this.#chosen, ...this.#touched.filter((index) => index !== this.#chosen)];
    const drawn = topology.points(this.#chosen);
    const middle = /** @type {Position} */ (drawn[Math.floor(drawn.length / 2)]);
    this.handles.clear();
    const isDone = await this.desk.draw(
      operation,
      arcs.map((index) => [...topology.points(index)]),
    );
    if (this.#arc !== null) this.#showHandles();
    else if (isDone && this.box.current?.code === "edit") this.#choose(middle);
  }

  /** @param {number} vertex */
  #explain(vertex) {
    const { topology, marks } = this.desk.view;
    const at = topology.points(this.#chosen)[vertex];
    const why = topology.hindrance(this.#chosen, vertex);
    if (at && why) marks.sayAt(at, reason(why));
  }
}

/** @param {boolean} isNode @param {boolean} isFixed */
function handleLabel(isNode, isFixed) {
  if (isFixed) return gettext("Point that can't be moved");
  return isNode ? gettext("Point where borders meet") : gettext("Point of the border");
}
