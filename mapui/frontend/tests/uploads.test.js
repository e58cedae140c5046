import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { RefusedFileError } from "../src/cases/upload.js";
import { Uploads } from "../src/phone/uploads.js";

/** @type {any[]} */
let waiting;
/** An outbox in memory, with the part of the interface that the uploads use. @type {any} */
const outbox = {
  all: () => Promise.resolve(structuredClone(waiting)),
  /** @param {string} id @param {string} file */
  fileDone: (id, file) => {
    for (const each of waiting) {
      if (each.id === id) each.files = each.files.filter((/** @type {any} */ one) => one.id !== file);
    }
  },
  /** @param {string} id @param {string} file @param {string} refusal */
  refuseFile: (id, file, refusal) => {
    for (const each of waiting) {
      for (const one of each.files) if (each.id === id && one.id === file) one.refusal = refusal;
    }
  },
};
/** @type {string[]} */
let sent;

/** @param {(id: string) => void} answer */
const uploadsWith = (answer) =>
  new Uploads(
    outbox,
    ({ id }) =>
      new Promise((done) => {
        sent.push(id);
        done(answer(id));
      }),
    () => {},
  );

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  sent = [];
  waiting = [
    { id: "a", incident: 1, files: ["a1", "a2"].map((id) => ({ id, refusal: "" })) },
    { id: "b", incident: null, files: [{ id: "b1", refusal: "" }] },
  ];
});

test("files go one after the other, and only those of reports that have arrived", async () => {
  await uploadsWith(() => {}).flush();
  assert.deepEqual(sent, ["a1", "a2"]);
  assert.deepEqual(waiting[0].files, []);
  assert.equal(waiting[1].files.length, 1);
});

test("without a network all is kept and tried again by itself", async () => {
  let isOnline = false;
  const uploads = uploadsWith(() => {
    if (!isOnline) throw new TypeError("cut off");
  });
  await uploads.flush();
  assert.deepEqual(sent, ["a1"]);
  assert.equal(waiting[0].files.length, 2);
  isOnline = true;
  mock.timers.tick(10_000);
  await uploads.flush();
  for (let n = 0; n < 20; n++) await Promise.resolve();
  assert.deepEqual(waiting[0].files, []);
});

test("a file that is never taken is kept with the server's sentence, and keeps no other from going", async () => {
  const uploads = uploadsWith((id) => {
    if (id === "a1") throw new RefusedFileError("No picture.");
  });
  await uploads.flush();
  await uploads.flush();
  assert.deepEqual(sent, ["a1", "a2"]);
  assert.deepEqual(waiting[0].files, [{ id: "a1", refusal: "No picture." }]);
});

test("what arrives while files are sent is sent after them", async () => {
  const uploads = uploadsWith((id) => {
    if (id !== "a2") return;
    waiting[1].incident = 2;
    uploads.flush();
  });
  await uploads.flush();
  assert.deepEqual(sent, ["a1", "a2", "b1"]);
});
