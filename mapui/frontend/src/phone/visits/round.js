/**
 * The households that the worker visits: as they are with what still waits on this phone, by building, searched.
 *
 * @typedef {import("../outbox.js").Item} Item
 *
 * @typedef {object} Household as `GET /api/phone/households` gives it; the name is masked
 * @property {number} id
 * @property {string} householder
 * @property {string} address
 * @property {number} size
 * @property {number} unit
 * @property {number | null} building
 * @property {number | null} entrance
 * @property {number | null} floor
 * @property {string} room
 * @property {number | null} lon degrees
 * @property {number | null} lat degrees
 * @property {string} place_source
 * @property {number | null} accuracy_m
 * @property {string | null} last_at
 * @property {string} last_result
 * @property {string | null} met_at
 * @property {boolean} is_due
 * @property {boolean} [isWaiting] a visit or a pin of it is on its way
 *
 * @typedef {{ id: number, name: string, address: string, lon: number, lat: number }} Building
 * @typedef {{ households: Household[], buildings: Building[], left_out: number }} Round
 * @typedef {{ building: Building | null, households: Household[], due: number }} Group
 */

const VISIT = "phone/visits/";
const PLACE = "phone/places/";

/**
 * @param {Round} round
 * @param {readonly Item[]} items of the outbox, oldest first
 * @returns {Household[]} with the visits and pins that the server doesn't have yet
 */
export function withWaiting({ households }, items) {
  /** @type {Map<number, Item[]>} */
  const waiting = new Map();
  for (const item of items) {
    if (item.state === "needs_attention" || !(item.path.startsWith(VISIT) || item.path.startsWith(PLACE)))
      continue;
    waiting.set(item.body.household, [...(waiting.get(item.body.household) ?? []), item]);
  }
  return households.map((household) =>
    (waiting.get(household.id) ?? []).reduce((each, item) => changed(each, item), household),
  );
}

/** @param {Household} household @param {Item} item @returns {Household} */
function changed(household, { path, body }) {
  if (path.startsWith(PLACE)) {
    const { lon, lat, accuracy_m: accuracy } = body;
    return { ...household, lon, lat, accuracy_m: accuracy, place_source: "phone", isWaiting: true };
  }
  const isMet = body.result !== "not_at_home";
  return {
    ...household,
    last_at: body.at,
    last_result: body.result,
    met_at: isMet ? body.at : household.met_at,
    is_due: household.is_due && !isMet,
    isWaiting: true,
  };
}

/** What a household is called at its door: entrance, room. @param {Household} household */
export const doorOf = ({ entrance, room }) =>
  [entrance, room].filter((part) => part !== null && part !== "").join("-");

/**
 * @param {readonly Household[]} households
 * @param {string} words all of them in its address, door or name
 */
export function found(households, words) {
  const parts = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [...households];
  return households.filter((each) => {
    const text = `${each.address} ${doorOf(each)} ${each.householder}`.toLowerCase();
    return parts.every((part) => text.includes(part));
  });
}

/**
 * By building, those with most to visit first; within one the due come first, then door by door.
 *
 * @param {readonly Household[]} households
 * @param {readonly Building[]} buildings
 * @returns {Group[]}
 */
export function grouped(households, buildings) {
  const known = new Map(buildings.map((building) => [building.id, building]));
  /** @type {Map<number | null, Household[]>} */
  const groups = new Map();
  for (const each of households) {
    const key = each.building;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups]
    .map(([id, inside]) => ({
      building: (id !== null && known.get(id)) || null,
      households: inside.toSorted(byNeed),
      due: inside.filter(({ is_due: isDue }) => isDue).length,
    }))
    .toSorted((a, b) => b.due - a.due || nameOf(a).localeCompare(nameOf(b), "zh"));
}

/** @param {Group} group */
const nameOf = ({ building }) => building?.address || building?.name || "";

/** @param {Household} a @param {Household} b */
const byNeed = (a, b) =>
  Number(b.is_due) - Number(a.is_due) || doorOf(a).localeCompare(doorOf(b), "zh", { numeric: true });

/**
 * How many households each building has, for the map.
 *
 * @param {Round | undefined} round
 * @returns {import("../../map/worker.js").House[]}
 */
export function byBuilding(round) {
  if (!round) return [];
  return grouped(round.households, round.buildings).flatMap(({ building, households, due }) =>
    building
      ? [{ id: building.id, lon: building.lon, lat: building.lat, count: households.length, due }]
      : [],
  );
}
