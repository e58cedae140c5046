/** The phone page: one button, a form, and the list of my reports, live. */
import { LiveSocket } from "../live/socket.js";
import { Store } from "../live/store.js";
import { lightBase } from "../map/base.js";
import { fitExtent } from "../map/extent.js";
import { PinMap } from "../map/pin.js";
import { mapReady } from "../map/ready.js";
import { ReportForm } from "../phone/form.js";
import { openOutbox } from "../phone/outbox.js";
import { showReports } from "../phone/reports.js";
import { Sender } from "../phone/sender.js";
import { byId, element, pageData, setText } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";
import { icon } from "../ui/icons.js";
import { zonedTime } from "../ui/time.js";

const data = pageData();

/** @param {import("leaflet").Map} map */
async function start(map) {
  const outbox = await openOutbox(data.user);
  const store = new Store();
  const time = zonedTime(data.time_zone, language());
  const matters = new Map(data.matters.map((/** @type {any} */ matter) => [matter.code, matter.name]));
  const words = {
    matter: (/** @type {string} */ code) => matters.get(code) ?? code,
    state: (/** @type {string} */ state) => data.states[state] ?? state,
    time: time.short,
  };

  lightBase(data.tiles).addTo(map);
  fitExtent(map, data.extent);

  const socket = new LiveSocket({
    path: "/ws/phone/",
    position: () => store.position,
    onMessage: receive,
    onChange: showLink,
    onRefused: (code) => notice(refusal(code), "bad"),
  });
  const sender = new Sender(outbox, (message) => socket.send(/** @type {any} */ (message)), draw);
  const form = new ReportForm(data.matters, new PinMap(map, gettext("Place of the incident")), icon, keep);

  /** @type {string | null} the refused report that the form holds; it stays in the outbox until its successor does */
  let corrected = null;

  /** @param {import("../live/messages.js").Report} report */
  async function keep(report) {
    await outbox.keep(report);
    if (corrected) await outbox.drop(corrected);
    corrected = null;
    show("home");
    await draw();
    await sender.flush();
  }

  /** @param {import("../phone/outbox.js").Waiting} waiting */
  function correct(waiting) {
    corrected = waiting.id;
    show("form-screen");
    form.open(waiting.report);
  }

  /** @param {import("../live/messages.js").ServerMessage} message */
  function receive(message) {
    if (message.kind === "ack") acknowledge(message);
    if (message.kind === "error") complain(message);
    if (message.kind === "welcome") sender.restart();
    if (message.kind === "snapshot" || message.kind === "events" || message.kind === "tick") follow(message);
  }

  /** @param {Parameters<Store["apply"]>[0]} message */
  function follow(message) {
    if (store.apply(message).gap) socket.hello();
    if (message.kind !== "tick") draw();
  }

  /** @param {import("../live/messages.js").Ack} ack */
  function acknowledge(ack) {
    sender.acknowledged(ack);
    const chain = ack.chain.map((unit) => unit.name).join(" › ");
    const where =
      ack.outside_m === null
        ? chain
        : fill(gettext("Outside every grid, %(metres)s m from %(chain)s"), {
            metres: Math.round(ack.outside_m),
            chain,
          });
    notice(fill(gettext("Arrived: %(number)s"), { number: ack.number }), "good", where);
  }

  /** @param {import("../live/messages.js").ErrorMessage} error */
  function complain(error) {
    if (error.id) sender.refused(error);
    notice(error.message, "bad");
  }

  async function draw() {
    const waiting = await outbox.all();
    showReports(byId("reports"), waiting, store.cards.values(), words, correct);
    byId("reports-empty").hidden = waiting.length + store.cards.size > 0;
  }

  function showLink() {
    const status = socket.link.status(Date.now());
    const label = {
      live: gettext("Live"),
      reconnecting: gettext("Reconnecting…"),
      stale: gettext("Offline: reports are kept"),
    };
    setText(byId("link-state"), label[status]);
    byId("link-state").dataset.status = status;
  }

  byId("start").addEventListener("click", () => {
    corrected = null;
    show("form-screen");
    form.open();
  });
  byId("cancel").addEventListener("click", () => {
    form.close();
    show("home");
  });
  await draw();
  socket.start();
}

/** @param {"home" | "form-screen"} screen */
function show(screen) {
  for (const id of ["home", "form-screen"]) byId(id).hidden = id !== screen;
  scrollTo(0, 0);
}

/** @param {string} sentence @param {"good" | "bad"} tone @param {string} [detail] */
function notice(sentence, tone, detail) {
  const box = element("div", `notice ${tone}`);
  box.append(element("strong", "", sentence));
  if (detail) box.append(element("span", "", detail));
  byId("notices").replaceChildren(box);
}

/** @param {number} code */
const refusal = (code) =>
  code === 4401
    ? gettext("Your log-in has ended. Log in again; your reports are kept on this phone.")
    : gettext("You hold no post that may report. Ask your street office.");

mapReady("map").then(start);
