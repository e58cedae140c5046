/** The wall: what is happening now, where, who has it, what is late. */

import { caseWords } from "../cases/words.js";
import { isEnded, phaseOf } from "../layers/states.js";
import { ServerClock } from "../live/clock.js";
import { Commands } from "../live/commands.js";
import { LiveSocket } from "../live/socket.js";
import { Store } from "../live/store.js";
import { onPlain, showExtent, showPlace, showView, viewOf } from "../map/extent.js";
import { mapReady } from "../map/ready.js";
import { Veil } from "../map/veil.js";
import { csrfToken } from "../ui/csrf.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";
import { coalesced } from "../ui/painter.js";
import { zonedTime } from "../ui/time.js";
import { Board } from "../wall/board.js";
import { Calls } from "../wall/command/calls.js";
import { Command } from "../wall/command/command.js";
import { Picking } from "../wall/command/picking.js";
import { Presence } from "../wall/command/presence.js";
import { showCrumbs } from "../wall/crumbs.js";
import { Details } from "../wall/details.js";
import { Focus } from "../wall/focus.js";
import { Keys } from "../wall/keys.js";
import { keptView } from "../wall/kiosk/kept.js";
import { Watch } from "../wall/kiosk/watch.js";
import { Legend } from "../wall/legend.js";
import { LinkState } from "../wall/linkstate.js";
import { IncidentList, MAX_ROWS } from "../wall/list.js";
import { Heat } from "../wall/maplayers/heat.js";
import { WallMap } from "../wall/maplayers/wallmap.js";
import { Panels } from "../wall/panels/panels.js";
import { readJson } from "../wall/reading.js";
import { Ticker } from "../wall/ticker.js";
import { Replay } from "../wall/time/replay.js";
import { View } from "../wall/view.js";

/**
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../live/messages.js").ServerMessage} ServerMessage
 */

/** The close code for who is logged in but may not see the wall. */
const NO_RIGHT = 4403;

const data = pageData();
const words = caseWords(data);
const time = zonedTime(data.time_zone, language());
const clock = new ServerClock();
const store = new Store((card) => !isEnded(card.state));
const board = new Board(store);
const view = new View({ store, board, now: () => clock.now() });

const map = await mapReady("map");
const mapParts = { panel: byId("map-layers"), legend: byId("map-legend") };
const wallMap = new WallMap(map, mapParts, data, {
  words,
  now: () => view.now(),
  read: (address) => readJson(`${data.api}wall/${address}`),
  shows: (card) => legend.shows(phaseOf(card.state)),
  onSelect: select,
  onNear: (isNear) => {
    byId("level-hint").hidden = isNear;
  },
});

const veil = new Veil(map, (level, code) => readJson(`${data.api}units?level=${level}&under=${code}`));
const keys = new Keys(document);
const focus = new Focus(`${data.api}wall/`, readJson);
focus.onChange(roll);
const heat = new Heat(wallMap, {
  words,
  focus,
  read: (address) => readJson(`${data.api}wall/${address}`),
  pastMoment: () => (view.isPast ? view.now() : null),
});
view.onSwitch(() => heat.refresh());
onPlain(map, (lon, lat) => focus.enter(lon, lat));
/** @type {number | null | undefined} what the map was brought to last; it begins with everything */
let shownUnit;

const socket = new LiveSocket({
  path: data.socket,
  packed: true,
  position: () => store.position,
  onMessage: receive,
  onChange: link,
  onRefused: refused,
});
const commands = new Commands((command) => socket.send(command));
const linkState = new LinkState(byId("link"), socket.link, time);
const numberOf = (/** @type {number} */ id) => view.cards.get(id)?.number ?? String(id);
const list = new IncidentList(byId("list"), words, { onSelect: select, numberOf });
const ticker = new Ticker(byId("ticker"), select);
const details = new Details(byId("details"), {
  words,
  time,
  now: () => view.now(),
  commands,
  api: data.api,
  token: csrfToken,
  onOpen: select,
  onShow: (shown) => {
    presence.at(shown.card.id);
    picking.offer(shown);
  },
  onClose: () => {
    ring(null);
    presence.at(null);
    picking.clear();
  },
});
const panels = new Panels({
  focus,
  view,
  words,
  classes: data.classes,
  get: readJson,
  api: `${data.api}wall/`,
  clock: time.clock,
  onSelect: select,
});
const watch = new Watch({
  focus,
  keys,
  say: (card) => `${words.matter(card.matter).name} · ${words.place(card)}`,
  time: () => time.clock(clock.now()),
  open: select,
  fly: (lon, lat) => showPlace(map, lon, lat),
  back: showFocus,
  turn: () => panels.turn(),
  view: () => ({ unit: focus.isTop ? null : (focus.unit?.id ?? null), map: viewOf(map) }),
  isBusy: () => details.id !== null || view.isPast || command.isBusy,
});
const calls = new Calls(`${data.api}wall/`, csrfToken);
const commandParts = {
  root: byId("command"),
  button: /** @type {HTMLButtonElement} */ (byId("command-button")),
  alarms: byId("emergencies"),
};
const command = new Command(map, commandParts, {
  calls,
  time,
  now: () => clock.now(),
  mayCommand: data.may_command,
  scale: wallMap.look.scale,
});
const presence = new Presence((message) => socket.send(message), words.post);
const picking = new Picking(map, {
  calls,
  onBegin: details.actions.begin.bind(details.actions),
  scale: wallMap.look.scale,
  covered: () => details.width,
});
details.root.prepend(presence.root);
details.actions.root.after(picking.root);
wallMap.posts.onSelect(({ unit_id: unit }) => picking.at(unit));
const draw = coalesced(() => {
  if (!view.isKnown) return;
  showCards();
  watch.settle((id) => id === details.id || !store.cards.has(id));
  details.refresh(view.cards.get(details.id ?? -1));
});
keys.on("Escape", gettext("Go up one level"), () => focus.up());
const replay = new Replay(byId("time"), {
  view,
  focus,
  keys,
  read: (address) => readJson(`${data.api}wall/${address}`),
  time,
  units: data.tiles.units,
  unitsOfDay: data.units_of_day,
  useUnits: (source) => wallMap.useUnits(source),
  tell: pulseThen,
  draw,
});
view.onSwitch(draw);
keys.on("Escape", gettext("Close the card"), () => details.close());
keys.on("Escape", gettext("End the drawing"), () => command.back());
keys.on("Enter", gettext("End the polygon"), () => command.drawing.finish());
keys.on("Backspace", gettext("Take back a corner"), () => command.drawing.undo());
keys.on(" ", gettext("Set a corner in the middle of the map"), () => command.drawing.place());
keys.on("e", gettext("Command: emergency mode, messages"), () => command.toggle());
keys.on("l", gettext("Layers of the map"), () => wallMap.layers.toggle());
const legend = new Legend(byId("legend"), draw);

/** @param {ServerMessage} message */
function receive(message) {
  if (message.kind === "welcome") {
    clock.sync(message.now);
    command.welcomed();
    presence.again();
  } else if (message.kind === "orders") command.take(message);
  else if (message.kind === "here") presence.take(message);
  else if (message.kind === "done" || message.kind === "error") commands.answered(message);
  else if (message.kind === "snapshot" || message.kind === "events" || message.kind === "tick") take(message);
}

/** @param {import("../live/messages.js").Snapshot | import("../live/messages.js").Events | import("../live/messages.js").Tick} message */
function take(message) {
  if (message.kind === "tick") clock.sync(message.now);
  const known = message.kind === "events" ? message.cards.map(({ id }) => store.cards.get(id)) : [];
  const levels = new Map(known.map((card) => [card?.id, card?.escalated_to]));
  const outcome = store.apply(message);
  board.take(outcome);
  if (outcome.gap) socket.hello();
  if (message.figures) linkState.countedAt = Date.now();
  linkState.lastAt = store.lastAt;
  if (outcome.events.length > 0) panels.happened();
  tell(outcome.events, levels);
  replay.missed(outcome.events.length);
  if (!view.isPast) draw();
}

/** What has just happened. @param {readonly import("../live/messages.js").FeedEvent[]} events @param {Map<number | undefined, string | undefined>} levels to which each case had gone up before */
function tell(events, levels) {
  for (const event of events) {
    const card = store.cards.get(event.incident);
    if (!card) continue;
    if (event.action === "report") announce(card, card.received_at);
    if (event.action === "prioritise") watch.press(card);
    // A step that only warns whoever has the case leads to no other level, and is no matter of the wall's.
    const isHigher = card.escalated_to !== "" && card.escalated_to !== levels.get(card.id);
    if (event.action === "escalate" && isHigher) {
      levels.set(card.id, card.escalated_to);
      announce(card, event.at, words.level(card.escalated_to));
    }
  }
}

/** What happened at the moment that is replayed. @param {import("../live/messages.js").FeedEvent} event */
function pulseThen({ action, incident }) {
  const card = view.cards.get(incident);
  if (card && action === "report") wallMap.cases.pulse(card);
}

/** Something new, or something that went up. @param {Card} card @param {string} at @param {string} [level] */
function announce(card, at, level) {
  if (!view.isPast) wallMap.cases.pulse(card, Boolean(level));
  watch.news(card, Boolean(level));
  ticker.add({
    id: card.id,
    time: time.clock(at),
    what: words.matter(card.matter).name,
    where: words.place(card),
    alert: level ? fill(gettext("Late · up to %(level)s"), { level }) : "",
  });
}

function showCards() {
  const { counts, newest, total } = view.board.look({
    within: (card) => focus.contains(card.unit),
    shows: (phase) => legend.shows(phase),
    most: MAX_ROWS,
  });
  legend.count((phase) => counts.get(phase) ?? 0);
  list.show(newest, view.now());
  panels.refresh();
  wallMap.update(view.cards);
  const rest = total - newest.length;
  setText(byId("list-count"), String(total));
  byId("list-empty").hidden = total > 0;
  byId("list-rest").hidden = rest === 0;
  setText(byId("list-rest"), fill(gettext("and %(n)s more"), { n: rest }));
}

/** The wall looks at another unit. */
function roll() {
  showCrumbs(byId("crumbs"), focus);
  wallMap.focusOn(focus);
  veil.show(focus.isTop ? null : focus.unit);
  const id = focus.unit?.id ?? null;
  if (shownUnit !== undefined && shownUnit !== id) showFocus();
  shownUnit = id;
  draw();
}

function showFocus() {
  showExtent(map, focus.unit?.bbox ?? data.extent);
}

/** @param {number} id */
function select(id) {
  ring(id);
  details.open(id);
  const card = view.cards.get(id);
  if (card) showPlace(map, card.lon, card.lat, details.width);
}

/** @param {number | null} id */
function ring(id) {
  wallMap.cases.select(id);
  list.select(id);
}

/** The server has ended it: what is on the screen, and what somebody types, stays. @param {number} code */
function refused(code) {
  byId("refused").hidden = false;
  const why =
    code === NO_RIGHT
      ? gettext("Your posts don't include the wall any more. Ask your street office.")
      : gettext("Your log-in has ended; what you see is no longer live.");
  setText(byId("refused-why"), why);
}

function link() {
  linkState.show(store.position);
}

/** On a narrow screen the filters are folded away until somebody wants them. */
function foldFilters() {
  /** @type {HTMLDetailsElement} */ (byId("filters")).open = !narrow.matches;
}

function tick() {
  const now = view.now();
  setText(byId("clock"), time.clock(now));
  setText(byId("day"), time.day(now));
  list.age(now);
  details.tick();
  panels.tick(now);
  watch.tick();
  command.tick();
  commands.resend();
}

const narrow = matchMedia("(width <= 1000px)");
narrow.addEventListener("change", foldFilters);
foldFilters();
tick();
setInterval(tick, 1000);
socket.start();
const kept = keptView();
await focus.start(kept?.unit ?? null);
if (kept) showView(map, kept.map);
