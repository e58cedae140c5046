/** The phone page: the shell finds out who holds the phone, and puts his tabs together. */
import { HttpCommands } from "../cases/http.js";
import { caseWords } from "../cases/words.js";
import { ServerClock } from "../live/clock.js";
import { LiveSocket } from "../live/socket.js";
import { Store } from "../live/store.js";
import { caseOf, ReadAhead } from "../phone/ahead.js";
import { showBanner, showLink, showOutgoing } from "../phone/bar.js";
import { boot, logOut } from "../phone/boot.js";
import { tellLanguage } from "../phone/language.js";
import { MapTab } from "../phone/map/tab.js";
import { MeTab } from "../phone/me/tab.js";
import { download, exportQueue } from "../phone/queue/export.js";
import { QueueScreen } from "../phone/queue/screen.js";
import { Replies } from "../phone/replies.js";
import { ReportTab } from "../phone/report/tab.js";
import { notice, Screens } from "../phone/screens.js";
import { askForSync, startSending } from "../phone/sending.js";
import { CaseSheet } from "../phone/sheet.js";
import { askToPersist, roomInWords } from "../phone/storage.js";
import { followUp } from "../phone/today/deeds.js";
import { TodayTab } from "../phone/today/tab.js";
import { installWorker } from "../phone/update.js";
import { VisitsTab } from "../phone/visits/tab.js";
import { csrfToken } from "../ui/csrf.js";
import { byId } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";
import { coalesced } from "../ui/painter.js";
import { zonedTime } from "../ui/time.js";

/** Out of sight for so long, the phone is in a pocket. */
const POCKET_MS = 30_000;
const LOG_IN = "/accounts/login/?next=/phone/";
const MY_REPORTS = "my-reports";

/** @param {Extract<import("../phone/boot.js").Holder, { is: "known" }>} holder */
async function start({ profile, data, door, mustLogIn }) {
  const store = new Store();
  store.cards = new Map(
    ((await data.get(MY_REPORTS)) ?? []).map((/** @type {any} */ card) => [card.id, card]),
  );
  const clock = new ServerClock();
  const time = zonedTime(profile.time_zone, language());
  const words = caseWords(profile.words);
  let mustStay = false;
  /** @type {Set<(events: readonly import("../live/messages.js").FeedEvent[]) => void>} */
  const listeners = new Set();

  const socket = new LiveSocket({
    path: "/ws/phone/",
    holder: profile.user,
    position: () => store.position,
    onMessage: receive,
    onChange: () => showLink(socket.link.status(Date.now())),
    onClose: () => replies.cut(),
    onRefused: refused,
  });
  const replies = new Replies((message) => socket.send(message));
  const isLive = () => ["live", "catching"].includes(socket.link.status(Date.now()));
  const { outbox, sender } = await startSending(profile.user, door, {
    bySocket: (item) => (isLive() ? replies.ask(item) : Promise.resolve(null)),
    accepted: (item, answer) => {
      mustLogIn = false; // he has logged in meanwhile, in another tab
      if (item.kind === "report") tellArrival(answer);
      else followUp(outbox, item, answer);
    },
    changed: coalesced(draw),
    onBlocked: () => notice(gettext("Close the other tabs of this page first."), "bad"),
  });

  /** @type {import("../phone/context.js").Context} */
  const context = {
    profile,
    data,
    outbox: { ...outbox, keep },
    store,
    clock,
    words,
    time,
    door,
    online: isLive,
    sendNow: () => sender.wake({ byHand: true }),
    open: (incident) => screens.go("case", incident),
    report: (prefill) => {
      reportTab.prefill(prefill);
      screens.go("report");
    },
    notice,
    onEvent: (listener) => void listeners.add(listener),
    logOut: async () => {
      await logOut(door, data);
      location.assign(LOG_IN);
    },
  };

  /** @type {typeof outbox.keep} */
  async function keep(what, earlier) {
    await outbox.keep(what, earlier);
    await draw(); // at once: who sends sees that it waits
    sender.wake();
    askForSync(profile.user);
  }

  const ahead = new ReadAhead(context);
  const sheet = new CaseSheet(byId("case"), {
    ...door,
    read: (id) => data.fresh(...caseOf(id)),
    words,
    time,
    commands: new HttpCommands({ ...door, api: `${door.api}incidents/` }),
    onDone: () => tell([]),
  });
  const queue = new QueueScreen(byId("screen-queue"), {
    words,
    time: time.short,
    outbox,
    sendNow: context.sendNow,
    correct: (item) => context.report({ draft: item.id }),
    exportItems: async (items) => download(await exportQueue(profile.user, items, outbox.blob)),
    room: () => roomInWords(outbox.isKept),
  });
  const reportTab = new ReportTab(byId("screen-report"), context, () => {
    notice(gettext("Kept on this phone; it is sent by itself."), "good");
    screens.go("today");
  });
  const today = new TodayTab(byId("screen-today"), context);
  const screens = new Screens({
    today,
    map: new MapTab(byId("screen-map"), context),
    report: reportTab,
    visits: new VisitsTab(byId("screen-visits"), context),
    me: new MeTab(byId("screen-me"), context),
    case: { show: (id) => sheet.open(Number(id)), hide: () => sheet.close() },
    queue,
  });
  addEventListener("beforeunload", (event) => {
    if (mustStay) event.preventDefault();
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pocket;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(pocket);
    if (document.hidden) pocket = setTimeout(() => socket.rest(), POCKET_MS);
  });
  byId("case-back").addEventListener("click", () => history.back());

  /** @param {import("../live/messages.js").ServerMessage} message */
  function receive(message) {
    switch (message.kind) {
      case "ack":
      case "error":
        replies.take(message);
        break;
      case "welcome":
        clock.sync(message.now);
        sender.wake({ isNews: true });
        ahead.read();
        tell([]); // what was hinted at while there was no line
        today.hear();
        break;
      case "tick":
        clock.sync(message.now);
        follow(message);
        break;
      case "snapshot":
      case "events":
        follow(message);
        break;
      case "look":
        if (message.at === "announcements") today.hear();
        else {
          tell([]);
          sheet.refresh();
        }
    }
  }

  /** @param {Parameters<Store["apply"]>[0]} message */
  function follow(message) {
    const { gap, events } = store.apply(message);
    if (gap) socket.hello();
    if (message.kind !== "tick") {
      // For when the phone starts without a network; after a log-out there is nowhere left to keep it.
      data.put(MY_REPORTS, [...store.cards.values()]).catch(() => undefined);
      tell(events);
    }
    if (events.some(({ incident }) => incident === sheet.id)) sheet.refresh();
  }

  /** @param {readonly import("../live/messages.js").FeedEvent[]} events */
  function tell(events) {
    for (const listener of listeners) listener(events);
  }

  async function draw() {
    const items = await outbox.all();
    showOutgoing(items);
    const hasEnded = mustLogIn || sender.status === "log-in";
    showBanner({ mustLogIn: hasEnded, isKept: outbox.isKept, waiting: items.length });
    mustStay = !outbox.isKept && items.length > 0;
    if (screens.name === "queue") queue.show();
    tell([]);
  }

  /** @param {number} code */
  function refused(code) {
    if (code === 4401) {
      mustLogIn = true;
      draw();
    } else notice(gettext("You hold no post that may report. Ask your street office."), "bad");
  }

  tellLanguage();
  askToPersist();
  screens.start();
  await draw();
  installWorker(language(), () => screens.name === "report" && reportTab.isBusy);
  if (!mustLogIn) socket.start();
  await sender.wake();
}

/** @param {import("../live/messages.js").Ack} ack */
function tellArrival(ack) {
  const chain = ack.chain.map((unit) => unit.name).join(" › ");
  const outside = gettext("Outside every grid, %(metres)s m from %(chain)s");
  const where = ack.outside_m === null ? chain : fill(outside, { metres: Math.round(ack.outside_m), chain });
  notice(fill(gettext("Arrived: %(number)s"), { number: ack.number }), "good", where);
}

const holder = await boot({ api: "/api/", token: csrfToken });
if (holder.is === "known") await start(holder);
else if (holder.is === "nobody") location.replace(LOG_IN);
else if (holder.is === "refused") notice(holder.sentence, "bad");
else notice(gettext("Nobody is logged in on this phone. Log in once there is a network."), "bad");
