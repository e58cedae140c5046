/**
 * The door to the server's interface, and what each request says at it.
 *
 * @typedef {object} Door
 * @property {string} api the address of the interface, such as "/api/"
 * @property {() => string} token against forged requests
 * @property {string} [holder] the log-in name of whose page this is: the server answers nobody else (401)
 */
import { writing as tokenWriting } from "../ui/asking.js";

/** @param {Door} door @returns {Record<string, string>} header names are ASCII, log-in names need not be */
export const holderOf = ({ holder }) => (holder ? { "X-Linge-Holder": encodeURIComponent(holder) } : {});

/** @param {Door} door @returns {Record<string, string>} the headers of a write */
export const signed = (door) => ({ "X-CSRFToken": door.token(), ...holderOf(door) });

/**
 * @param {Door} door
 * @param {string} method
 * @param {object} content becomes JSON
 * @returns {RequestInit} of a write
 */
export function writing(door, method, content) {
  const request = tokenWriting(method, door.token(), content);
  return { ...request, headers: { ...request.headers, ...holderOf(door) } };
}
