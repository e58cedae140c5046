/** The phone page: one button, a form, my reports, live, and my tasks. */
import { HttpCommands } from "../cases/http.js";
import { sendPieces } from "../cases/upload.js";
import { caseWords } from "../cases/words.js";
import { ServerClock } from "../live/clock.js";
import { LiveSocket } from "../live/socket.js";
import { Store } from "../live/store.js";
import { lightBase } from "../map/base.js";
import { fitExtent } from "../map/extent.js";
import { PinMap } from "../map/pin.js";
import { mapReady } from "../map/ready.js";
import { EntryCheck } from "../phone/entry.js";
import { ReportForm } from "../phone/form.js";
import { openOutbox } from "../phone/outbox.js";
import { showReports } from "../phone/reports.js";
import { chooseList, notice, onLeave, show } from "../phone/screens.js";
import { Sender } from "../phone/sender.js";
import { CaseSheet } from "../phone/sheet.js";
import { Tasks } from "../phone/tasks.js";
import { Uploads } from "../phone/uploads.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";
import { icon } from "../ui/icons.js";
import { zonedTime } from "../ui/time.js";

const data = pageData();
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
const door = { api: data.api, token };

/** @param {import("leaflet").Map} map */
async function start(map) {
  const outbox = await openOutbox(data.user, () =>
    notice(gettext("Close the other tabs of this page first."), "bad"),
  );
  const store = new Store();
  const clock = new ServerClock();
  const time = zonedTime(data.time_zone, language());
  const words = caseWords(data);

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
  const uploads = new Uploads(outbox, ({ id, blob }) => sendPieces(door, id, blob, { tries: 1 }), draw);
  const check = new EntryCheck(byId("entry"), { ...door, state: words.state, time: time.short });
  const pins = new PinMap(map, gettext("Place of the incident"));
  const form = new ReportForm(data.matters, pins, icon, { keep, check });
  const tasks = new Tasks(byId("tasks"), byId("tasks-empty"), {
    api: data.api,
    words,
    time,
    now: () => clock.now(),
    onSelect: open,
    onCount: (count) => setText(byId("tasks-count"), count > 0 ? String(count) : ""),
  });
  const sheet = new CaseSheet(byId("case"), {
    ...door,
    words,
    time,
    commands: new HttpCommands(`${data.api}incidents/`, token),
    onDone: () => tasks.look(),
  });

  /** @type {string | null} the refused report that the form holds; it stays in the outbox until its successor does */
  let corrected = null;

  /** @param {import("../live/messages.js").Report} report @param {{ id: string, blob: Blob }[]} files */
  async function keep(report, files) {
    await outbox.keep(report, files);
    if (corrected) await outbox.drop(corrected);
    corrected = null;
    show("home");
    chooseList("reports");
    await draw();
    await sender.flush();
  }

  /** @param {import("../phone/outbox.js").Waiting} waiting */
  function correct(waiting) {
    corrected = waiting.id;
    show("form-screen");
    form.open(waiting);
  }

  /** Go without the files that the server can't take. @param {import("../phone/outbox.js").Waiting} waiting */
  async function leaveOut(waiting) {
    for (const file of waiting.files) if (file.refusal) await outbox.fileDone(waiting.id, file.id);
    await draw();
  }

  /** @param {number} id */
  function open(id) {
    show("case-screen");
    sheet.open(id);
  }

  /** @param {import("../live/messages.js").ServerMessage} message */
  function receive(message) {
    if (message.kind === "ack") acknowledge(message);
    if (message.kind === "error") complain(message);
    if (message.kind === "welcome" || message.kind === "tick") clock.sync(message.now);
    if (message.kind === "welcome") {
      sender.restart();
      uploads.flush();
    }
    if (message.kind === "snapshot" || message.kind === "events" || message.kind === "tick") follow(message);
  }

  /** @param {Parameters<Store["apply"]>[0]} message */
  function follow(message) {
    const { gap, events } = store.apply(message);
    if (gap) socket.hello();
    if (message.kind !== "tick") draw();
    if (events.some(({ incident }) => incident === sheet.id)) sheet.refresh();
  }

  /** @param {import("../live/messages.js").Ack} ack */
  async function acknowledge(ack) {
    const chain = ack.chain.map((unit) => unit.name).join(" › ");
    const where =
      ack.outside_m === null
        ? chain
        : fill(gettext("Outside every grid, %(metres)s m from %(chain)s"), {
            metres: Math.round(ack.outside_m),
            chain,
          });
    notice(fill(gettext("Arrived: %(number)s"), { number: ack.number }), "good", where);
    await sender.acknowledged(ack);
    await uploads.flush();
  }

  /** @param {import("../live/messages.js").ErrorMessage} error */
  function complain(error) {
    if (error.id) sender.refused(error);
    notice(error.message, "bad");
  }

  async function draw() {
    const waiting = await outbox.all();
    const tools = { words, time: time.short, edit: correct, leaveOut, open };
    showReports(byId("reports"), waiting, store.cards.values(), tools);
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
  onLeave("cancel", () => form.close());
  onLeave("case-back", () => sheet.close());
  await draw();
  socket.start();
  await tasks.look();
}

/** @param {number} code */
const refusal = (code) =>
  code === 4401
    ? gettext("Your log-in has ended. Log in again; your reports are kept on this phone.")
    : gettext("You hold no post that may report. Ask your street office.");

mapReady("map").then(start);
