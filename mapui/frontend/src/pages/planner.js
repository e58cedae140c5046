/** The map of one plan: everything is put together here. */
import { lightBase } from "../map/base.js";
import { fitExtent } from "../map/extent.js";
import { boxInSight, reachOf } from "../map/measure.js";
import { mapReady } from "../map/ready.js";
import { Sketch } from "../map/sketch.js";
import { PlanApi } from "../planner/api.js";
import { Bar } from "../planner/bar.js";
import { Desk } from "../planner/desk.js";
import { Guides, widened } from "../planner/guides.js";
import { listenToKeys } from "../planner/keys.js";
import { PlanHints } from "../planner/live.js";
import { Notes } from "../planner/notes.js";
import { CommentsPanel } from "../planner/panels/comments.js";
import { FiguresPanel } from "../planner/panels/figures.js";
import { HistoryPanel } from "../planner/panels/history.js";
import { ImportPanel } from "../planner/panels/importing.js";
import { ProblemsPanel } from "../planner/panels/problems.js";
import { ProposalPanel } from "../planner/panels/proposal.js";
import { Tabs } from "../planner/panels/tabs.js";
import { ZonePanel } from "../planner/panels/zone.js";
import { OperationQueue } from "../planner/queue.js";
import { PlanStore } from "../planner/store.js";
import { reshapeTool, splitTool, transferTool } from "../planner/tools/drawing.js";
import { EdgeEditor } from "../planner/tools/editing.js";
import { attributesTool, lockTool, mergeTool, selectTool } from "../planner/tools/picking.js";
import { Toolbox } from "../planner/tools/toolbox.js";
import { PlanView } from "../planner/view.js";
import { csrfToken } from "../ui/csrf.js";
import { byId, pageData } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";
import { coalesced } from "../ui/painter.js";
import { zonedTime } from "../ui/time.js";

/** Problems are worked out anew after a while without operations. */
const PROBLEMS_MS = 500;
/** Around the scope: a line begins outside of it. */
const MARGIN = 0.04;

const data = pageData();
const notes = new Notes(byId("notes"));
const api = new PlanApi(data.api, csrfToken);
const map = await mapReady("map");
lightBase(data.tiles, { latitude: (data.extent[1] + data.extent[3]) / 2, language: language() }).addTo(map);

const store = new PlanStore(api, await api.get(""), data.me);
fitExtent(map, widened(store.plan.extent, MARGIN));
const view = new PlanView(map, store);
const guides = new Guides(api, () => ({ box: boxInSight(map), zoom: map.getZoom() }));
const queue = new OperationQueue(api, {
  rev: () => store.rev,
  level: () => store.level,
  onState: (state) => bar.sayQueue(state),
});
const desk = new Desk({
  store,
  api,
  queue,
  view,
  notes,
  guides,
  timeZone: data.time_zone,
  time: zonedTime(data.time_zone, language()),
  reach: (pixels) => reachOf(map, pixels),
});
const bar = new Bar(desk, { logIn: data.log_in });
const tabs = new Tabs((name) => {
  if (name === "history") history.show();
});
/** @param {string} name */
const openTab = (name) => tabs.open(name);

const box = new Toolbox(desk, new Sketch(map));
const figures = new FiguresPanel(desk);
const zone = new ZonePanel(desk, data.levels);
const history = new HistoryPanel(desk);
const comments = new CommentsPanel(desk, box, openTab);
const proposal = new ProposalPanel(desk, box, openTab, data.levels);
new ImportPanel(desk);
const problems = new ProblemsPanel(desk);
box.fit([
  selectTool(desk),
  splitTool(desk, box),
  mergeTool(desk, box),
  new EdgeEditor(desk, box, map).tool(),
  reshapeTool(desk, box),
  transferTool(desk, box),
  attributesTool(desk, openTab),
  lockTool(desk),
  proposal.tool(),
]);

const lookForProblems = coalesced(async () => {
  const before = store.problems;
  if (await desk.attempt(() => store.loadProblems())) problems.tellNew(before);
}, PROBLEMS_MS);

/** @param {readonly import("../planner/contract.js").Result[]} results */
function tell(results) {
  for (const { message, by } of results) {
    if (by === data.me) notes.say(message, "good");
    else notes.say(fill(gettext("%(by)s: %(message)s"), { by, message }));
  }
}

store.onChange((changed, results) => {
  if (changed.has("zones")) {
    view.show();
    desk.forgetSnaps();
    if (view.selected !== null && !store.zones.has(view.selected)) desk.select(null);
    box.changed();
    figures.show();
  }
  if (changed.has("zones") || changed.has("plan")) zone.show();
  if (changed.has("plan")) {
    bar.show();
    box.allow();
  }
  if (changed.has("problems")) {
    problems.show();
    view.marks.showFaults(store.problems.map(({ ground }) => ground).filter((ground) => ground !== null));
  }
  if (results.length > 0) {
    tell(results);
    lookForProblems();
    history.show();
  }
});

/** Something about the plan is new: an operation, a step, or else a comment. @param {number} rev @param {string} [status] */
function hear(rev, status = store.plan.status) {
  if (rev > store.rev) hints.askNow();
  else if (status === store.plan.status) comments.load();
  if (status !== store.plan.status) desk.attempt(() => store.loadPlan());
}

map.on("click", ({ latlng }) => box.clicked([latlng.lng, latlng.lat]));
map.on("mousemove", ({ latlng }) => box.moved([latlng.lng, latlng.lat]));
map.on("moveend", () => {
  if (document.body.dataset.tool !== "select") guides.look();
});
byId("check").addEventListener("click", async () => {
  if (!(await desk.attempt(() => store.loadProblems()))) return;
  problems.next();
  if (store.problems.length === 0) notes.say(gettext("No problem found."), "good");
});
listenToKeys({
  box,
  undo: () => bar.turn("undo"),
  redo: () => bar.turn("redo"),
  next: () => problems.next(),
});
addEventListener("beforeunload", (event) => {
  // What is drawn and not answered yet would be lost.
  if (queue.length > 0) event.preventDefault();
});

await desk.attempt(() => store.load());
box.use("select");
comments.load();
const hints = new PlanHints(data.socket, {
  onHint: (hint) => {
    if (hint.kind === "here") bar.sayWhoIsHere(hint.people);
    else hear(hint.rev, hint.status);
  },
  // What is under somebody's finger stays there: what others drew is asked for when he lets go.
  ask: () => (view.isDragged ? Promise.resolve() : store.catchUp()),
  onLink: (status) => {
    bar.sayLink(status);
    // Who is here, the socket alone tells.
    if (status !== "live") bar.sayWhoIsHere([]);
  },
});
hints.start();
