/** Tools that work by drawing: split, reshape, transfer. */
import { fill, gettext, ngettext } from "../../ui/i18n.js";
import { zoneUnder } from "../picking.js";
import { rounded } from "../snapping.js";
import { count } from "../words.js";
import { FIRST, OTHER } from "./picking.js";

/**
 * @typedef {import("../contract.js").Position} Position
 * @typedef {import("../desk.js").Desk} Desk
 * @typedef {import("../snapping.js").Snap} Snap
 * @typedef {import("./toolbox.js").Tool} Tool
 * @typedef {import("./toolbox.js").Toolbox} Toolbox
 */

/** So far a line that ends on a border goes on beyond it, in degrees (2 mm): rounding must not leave it short. */
const BEYOND = 2e-8;

/**
 * The drawn line; where an end was drawn to an edge, it goes a hair further.
 *
 * @param {readonly Snap[]} points
 * @returns {Position[]}
 */
export function lineOf(points) {
  const line = points.map(({ at }) => at);
  const [first, second] = line;
  const [beforeLast, last] = line.slice(-2);
  if (!(first && second && beforeLast && last)) return line;
  const begin = points[0]?.to === "edge" ? beyond(second, first) : first;
  const end = points.at(-1)?.to === "edge" ? beyond(beforeLast, last) : last;
  return [begin, ...line.slice(1, -1), end];
}

/** @param {Position} from @param {Position} to @returns {Position} */
function beyond([x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  return rounded([x2 + (BEYOND * (x2 - x1)) / length, y2 + (BEYOND * (y2 - y1)) / length]);
}

/** @param {Desk} desk @param {Toolbox} box @returns {Tool} */
export function splitTool(desk, box) {
  const { sketch } = box;
  let isDrawn = false;
  const begin = () => {
    desk.guides.look();
    sketch.begin({
      isArea: false,
      snap: (at) => desk.snap(at),
      onChange: (points) => {
        isDrawn = points.length > 0;
        box.showHint();
      },
      onFinish: cut,
    });
  };
  /** @param {readonly Snap[]} points */
  const cut = async (points) => {
    const line = lineOf(points);
    const zone = zoneUnder([...desk.store.zones.values()], line);
    if (!zone) {
      desk.notes.say(gettext("The line lies in no zone of this plan."), "bad");
      return;
    }
    begin();
    await desk.draw({ kind: "split", zone: zone.id, line }, [line]);
  };
  return {
    code: "split",
    hint: () => ({
      text: gettext("Draw a line through the zone, from border to border."),
      canFinish: isDrawn,
      finishLabel: gettext("Split"),
      canGoBack: isDrawn,
      canCancel: isDrawn,
    }),
    begin,
    end: () => sketch.cancel(),
    click: (at) => sketch.add(at),
    finish: () => sketch.finish(),
    back: () => sketch.removeLast(),
    cancel: () => {
      const had = isDrawn;
      begin();
      return had;
    },
  };
}

/** @param {Desk} desk @param {Toolbox} box @returns {Tool} */
export function reshapeTool(desk, box) {
  const { sketch } = box;
  /** @type {string[]} */
  let pair = [];
  let isDrawn = false;
  /** @param {string[]} keys */
  const choose = (keys) => {
    pair = keys;
    sketch.cancel();
    isDrawn = false;
    box.pick(new Map(pair.map((key, n) => [key, n === 0 ? FIRST : OTHER])));
    if (pair.length === 2) draw();
    box.showHint();
  };
  const draw = () => {
    desk.guides.look();
    sketch.begin({
      isArea: false,
      snap: (at) => desk.snap(at),
      onChange: (points) => {
        isDrawn = points.length > 0;
        box.showHint();
      },
      onFinish: async (points) => {
        const line = lineOf(points);
        const zones = pair;
        sketch.cancel();
        if (await desk.draw({ kind: "reshape", zones, line }, [line])) choose([]);
        else if (pair === zones) draw();
      },
    });
  };
  return {
    code: "reshape",
    hint: () => ({
      text:
        pair.length < 2
          ? gettext("Click the two zones whose common border you want to draw anew.")
          : gettext("Draw the new border, from end to end of the old one."),
      canFinish: isDrawn,
      finishLabel: gettext("Reshape"),
      canGoBack: isDrawn,
      canCancel: pair.length > 0,
    }),
    begin: () => choose([]),
    end: () => choose([]),
    click: (at, zone) => {
      if (pair.length === 2) sketch.add(at);
      else if (zone && !pair.includes(zone.id)) choose([...pair, zone.id]);
    },
    finish: () => sketch.finish(),
    back: () => sketch.removeLast(),
    cancel: () => {
      const had = pair.length > 0;
      choose([]);
      return had;
    },
  };
}

/** @param {Desk} desk @param {Toolbox} box @returns {Tool} */
export function transferTool(desk, box) {
  const { sketch } = box;
  /** @type {string | null} */
  let target = null;
  /** @type {Map<number, number>} picked buildings with their households */
  const picked = new Map();
  let isDrawn = false;

  /** @param {string | null} key */
  const choose = (key) => {
    target = key;
    picked.clear();
    sketch.cancel();
    isDrawn = false;
    box.pick(new Map(key === null ? [] : [[key, FIRST]]));
    desk.guides.look();
    show();
  };
  const show = () => {
    desk.view.marks.showBuildings(target === null ? [] : desk.guides.buildings, new Set(picked.keys()));
    box.showHint();
  };
  const drawPiece = () => {
    picked.clear();
    show();
    sketch.begin({
      isArea: true,
      snap: (at) => desk.snap(at),
      onChange: (points) => {
        isDrawn = points.length > 0;
        box.showHint();
      },
      onFinish: (points) => give(points.map(({ at }) => at)),
    });
  };
  /** @param {Position[]} corners */
  const give = async (corners) => {
    const ring = [...corners, /** @type {Position} */ (corners[0])];
    sketch.cancel();
    isDrawn = false;
    box.showHint();
    await desk.draw({ kind: "transfer", target, piece: [ring] }, [ring]);
  };
  const giveBuildings = async () => {
    const buildings = [...picked.keys()];
    if (buildings.length === 0) return;
    const outlines = desk.guides.buildings.filter(({ id }) => picked.has(id)).flatMap(({ rings }) => rings);
    if (await desk.draw({ kind: "transfer", target, buildings }, outlines)) {
      picked.clear();
      show();
    }
  };
  desk.guides.onChange(() => {
    if (target !== null) show();
  });
  return {
    code: "transfer",
    hint: () => ({
      text: sentence(),
      canFinish: isDrawn || picked.size > 0,
      finishLabel: gettext("Transfer"),
      canGoBack: isDrawn,
      canCancel: target !== null,
      more:
        target === null
          ? []
          : [
              sketch.isDrawing
                ? { label: gettext("Pick buildings"), act: () => choose(target) }
                : { label: gettext("Draw a piece"), act: drawPiece },
            ],
    }),
    begin: () => choose(null),
    end: () => choose(null),
    click: (at, zone) => {
      if (target === null) choose(zone?.id ?? null);
      else if (sketch.isDrawing) sketch.add(at);
      else toggle(at);
    },
    finish: () => (sketch.isDrawing ? sketch.finish() : giveBuildings()),
    back: () => sketch.removeLast(),
    cancel: () => {
      const had = target !== null;
      choose(null);
      return had;
    },
  };

  /** @param {Position} at */
  async function toggle(at) {
    const taker = target;
    // Who clicks before the buildings are here means the one that will be there.
    await desk.guides.look();
    const building = desk.guides.buildingAt(at);
    if (!building || target !== taker) return;
    if (!picked.delete(building.id)) picked.set(building.id, building.households);
    show();
  }

  function sentence() {
    if (target === null) return gettext("Click the zone that is to get something.");
    const name = desk.store.nameOf(target);
    if (sketch.isDrawing) return fill(gettext("To %(name)s: draw around what it is to get."), { name });
    if (!desk.guides.isNear)
      return fill(gettext("To %(name)s: zoom in to see buildings, or draw a piece."), { name });
    if (picked.size === 0) return fill(gettext("To %(name)s: click buildings, or draw a piece."), { name });
    const households = [...picked.values()].reduce((sum, own) => sum + own, 0);
    const template = ngettext(
      "To %(name)s: %(count)s building, %(households)s households",
      "To %(name)s: %(count)s buildings, %(households)s households",
      picked.size,
    );
    return fill(template, { name, count: count(picked.size), households: count(households) });
  }
}
