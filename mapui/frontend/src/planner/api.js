/** The plan's interface over HTTP. */
import { ask, writing } from "../ui/asking.js";

export class PlanApi {
  /**
   * @param {string} root such as /api/plans/7
   * @param {() => string} token against forged requests
   */
  constructor(root, token) {
    this.root = root;
    this.token = token;
  }

  /** @param {string} address below the plan @returns {Promise<any>} */
  get(address) {
    return ask(`${this.root}${address}`);
  }

  /** @param {string} address @param {object} content @param {"POST" | "PUT" | "DELETE"} [method] @returns {Promise<any>} */
  send(address, content, method = "POST") {
    return ask(`${this.root}${address}`, writing(method, this.token(), content));
  }

  /** @param {string} address @param {FormData} content a file takes its time @returns {Promise<any>} */
  upload(address, content) {
    const request = { method: "POST", headers: { "X-CSRFToken": this.token() }, body: content };
    return ask(`${this.root}${address}`, { ...request, patienceMs: 600_000 });
  }
}
