import { byId } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { Alarm } from "./alarm.js";
import { Idle } from "./idle.js";
import { keepView } from "./kept.js";
import { Kiosk } from "./kiosk.js";
import { Pilot } from "./pilot.js";
import { Renewal } from "./renewal.js";
import { Sound } from "./sound.js";

/**
 * What the wall does by itself, day and night: it sounds, calls, flies, turns, and begins anew.
 *
 * @typedef {import("../../live/messages.js").Card} Card
 *
 * @typedef {object} Tools
 * @property {import("../focus.js").Focus} focus
 * @property {import("../keys.js").Keys} keys
 * @property {(card: Card) => string} say what a case is, in a line
 * @property {() => string} time hh:mm:ss in the district's zone
 * @property {(id: number) => void} open
 * @property {(lon: number, lat: number) => void} fly
 * @property {() => void} back to the unit in focus
 * @property {() => void} turn to the next of what shares a place
 * @property {() => import("./kept.js").View} view
 * @property {() => boolean} isBusy whether something is open that nobody may be led away from
 */

export class Watch {
  /** @param {Tools} tools */
  constructor(tools) {
    const { focus, keys } = tools;
    this.tools = tools;
    this.idle = new Idle(document);
    this.pilot = new Pilot(this.idle, focus, tools);
    this.renewal = new Renewal(this.idle, tools.time, () => keepView(tools.view()));
    this.kiosk = new Kiosk(byId("kiosk"), this.idle, tools.time, (isOn) => {
      this.pilot.isRotating = isOn;
    });
    this.sound = new Sound(byId("sound"), this.kiosk.isOn);
    this.alarm = new Alarm(this.sound, tools.open);
    keys.on("m", gettext("Sound or mute"), () => this.sound.toggle());
    keys.on("k", gettext("Kiosk mode"), () => this.kiosk.toggle());
    keys.on("a", gettext("Take the call"), () => this.alarm.take());
  }

  /** A case is new, or late and up to a higher level. @param {Card} card @param {boolean} isHigher */
  news(card, isHigher) {
    this.sound.play(isHigher || card.priority === "urgent" ? "urgent" : "normal");
    if (!isHigher) this.press(card);
  }

  /** A case is new, or of another priority: it may be one that must not be overlooked. @param {Card} card */
  press(card) {
    if (card.priority !== "critical") return;
    this.alarm.raise({ id: card.id, what: this.tools.say(card) });
    if (!this.tools.isBusy()) this.pilot.visit(card);
  }

  /** The live picture has changed. @param {(id: number) => boolean} isOver what nobody need be called for any more */
  settle(isOver) {
    this.alarm.drop(isOver);
  }

  /** Call it each second. */
  tick() {
    this.alarm.tick();
    this.kiosk.tick();
    if (this.tools.isBusy()) return;
    this.pilot.tick();
    this.renewal.tick();
  }
}
