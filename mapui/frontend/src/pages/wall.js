/** The wall: what is happening now, where, who has it, what is late. */

import { caseWords } from "../cases/words.js";
import { phaseOf } from "../layers/states.js";
import { ServerClock } from "../live/clock.js";
import { Commands } from "../live/commands.js";
import { LiveSocket } from "../live/socket.js";
import { Store } from "../live/store.js";
import { onPlain, showExtent, showPlace } from "../map/extent.js";
import { mapReady } from "../map/ready.js";
import { csrfToken } from "../ui/csrf.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";
import { coalesced } from "../ui/painter.js";
import { zonedTime } from "../ui/time.js";
import { showCrumbs } from "../wall/crumbs.js";
import { Details } from "../wall/details.js";
import { showFigures } from "../wall/figures.js";
import { Focus } from "../wall/focus.js";
import { Keys } from "../wall/keys.js";
import { Legend } from "../wall/legend.js";
import { showLink } from "../wall/linkstate.js";
import { IncidentList } from "../wall/list.js";
import { WallMap } from "../wall/maplayers/wallmap.js";
import { readJson } from "../wall/reading.js";
import { Ticker } from "../wall/ticker.js";

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
const store = new Store((card) => phaseOf(card.state).key !== "ended");

const map = await mapReady("map");
const { cases } = new WallMap(map, byId("map-layers"), data, {
  now: () => clock.now(),
  shows: (card) => legend.shows(phaseOf(card.state)),
  onSelect: select,
  onNear: (isNear) => {
    byId("level-hint").hidden = isNear;
  },
});

const keys = new Keys(document);
const focus = new Focus(`${data.api}wall/`, readJson);
focus.onChange(roll);
onPlain(map, (lon, lat) => focus.enter(lon, lat));
/** @type {number | null | undefined} what the map was brought to last; it begins with everything */
let shownUnit;

const socket = new LiveSocket({
  path: data.socket,
  position: () => store.position,
  onMessage: receive,
  onChange: link,
  onRefused: refused,
});
const commands = new Commands((command) => socket.send(command));
const numberOf = (/** @type {number} */ id) => store.cards.get(id)?.number ?? String(id);
const list = new IncidentList(byId("list"), words, { onSelect: select, numberOf });
const ticker = new Ticker(byId("ticker"), select);
const details = new Details(byId("details"), {
  words,
  time,
  now: () => clock.now(),
  commands,
  api: data.api,
  token: csrfToken,
  onOpen: select,
  onClose: () => ring(null),
});
const draw = coalesced(() => {
  showFigures(store.figures);
  showCards();
  details.refresh(store.cards.get(details.id ?? -1));
});
keys.on("Escape", gettext("Go up one level"), () => focus.up());
keys.on("Escape", gettext("Close the card"), () => details.close());
const legend = new Legend(byId("legend"), draw);

/** @param {ServerMessage} message */
function receive(message) {
  if (message.kind === "welcome") {
    clock.sync(message.now);
  } else if (message.kind === "done" || message.kind === "error") commands.answered(message);
  else if (message.kind === "snapshot" || message.kind === "events" || message.kind === "tick") take(message);
}

/** @param {import("../live/messages.js").Snapshot | import("../live/messages.js").Events | import("../live/messages.js").Tick} message */
function take(message) {
  if (message.kind === "tick") clock.sync(message.now);
  const levels = new Map([...store.cards.values()].map((card) => [card.id, card.escalated_to]));
  const { gap, events } = store.apply(message);
  if (gap) socket.hello();
  for (const event of events) {
    const card = store.cards.get(event.incident);
    if (!card) continue;
    if (event.action === "report") announce(card, card.received_at);
    // A step that only warns whoever has the case leads to no other level, and is no matter of the wall's.
    const isHigher = card.escalated_to !== "" && card.escalated_to !== levels.get(card.id);
    if (event.action === "escalate" && isHigher) {
      levels.set(card.id, card.escalated_to);
      announce(card, event.at, words.level(card.escalated_to));
    }
  }
  draw();
}

/** Something new, or something that went up. @param {Card} card @param {string} at @param {string} [level] */
function announce(card, at, level) {
  cases.pulse(card, Boolean(level));
  ticker.add({
    id: card.id,
    time: time.clock(at),
    what: words.matter(card.matter).name,
    where: words.place(card),
    alert: level ? fill(gettext("Late · up to %(level)s"), { level }) : "",
  });
}

function showCards() {
  const now = clock.now();
  const open = [...store.cards.values()];
  const ours = open.filter((card) => focus.contains(card.unit));
  legend.count(ours.map((card) => phaseOf(card.state)));
  const onMap = open.filter((card) => legend.shows(phaseOf(card.state)));
  onMap.sort((a, b) => Date.parse(a.received_at) - Date.parse(b.received_at) || a.id - b.id);
  cases.update(store.cards);
  const shown = onMap.toReversed().filter((card) => focus.contains(card.unit));
  const rest = list.show(shown, now);
  setText(byId("list-count"), String(shown.length));
  byId("list-empty").hidden = shown.length > 0;
  byId("list-rest").hidden = rest === 0;
  setText(byId("list-rest"), fill(gettext("and %(n)s more"), { n: rest }));
}

/** The wall looks at another unit. */
function roll() {
  showCrumbs(byId("crumbs"), focus);
  const id = focus.unit?.id ?? null;
  if (shownUnit !== undefined && shownUnit !== id) showExtent(map, focus.unit?.bbox ?? data.extent);
  shownUnit = id;
  draw();
}

/** @param {number} id */
function select(id) {
  ring(id);
  details.open(id);
  const card = store.cards.get(id);
  if (card) showPlace(map, card.lon, card.lat, details.width);
}

/** @param {number | null} id */
function ring(id) {
  cases.select(id);
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
  showLink(byId("link"), socket.link, store.position, time);
}

/** On a narrow screen the filters are folded away until somebody wants them. */
function foldFilters() {
  /** @type {HTMLDetailsElement} */ (byId("filters")).open = !narrow.matches;
}

function tick() {
  const now = clock.now();
  setText(byId("clock"), time.clock(now));
  setText(byId("day"), time.day(now));
  list.age(now);
  details.tick();
  commands.resend();
}

const narrow = matchMedia("(width <= 1000px)");
narrow.addEventListener("change", foldFilters);
foldFilters();
tick();
setInterval(tick, 1000);
socket.start();
focus.start();
