// For the phone's page of `tests.bench.phone`: fills the queue as the phone does, and tells what is left in it.
(() => {
  const asked = (request) =>
    new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });

  /** The page makes its database a moment after it is there. */
  async function open() {
    for (;;) {
      const found = (await indexedDB.databases()).find(({ name }) => name.startsWith("linge-outbox-"));
      if (found) return asked(indexedDB.open(found.name));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /** Noise doesn't shrink, so the sizes are those of pictures; a few have several pieces. */
  async function picture(chance, name) {
    const side = chance() < 0.03 ? 1100 : 60 + Math.floor(chance() * 160);
    const pen = new OffscreenCanvas(side, side).getContext("2d");
    const pixels = pen.createImageData(side, side);
    for (let at = 0; at < pixels.data.length; at += 1) pixels.data[at] = at % 4 === 3 ? 255 : chance() * 256;
    pen.putImageData(pixels, 0, 0);
    const blob = await pen.canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    return { id: crypto.randomUUID(), name, blob, sha256: hex(digest) };
  }

  function itemOf(number, [lon, lat], pictures) {
    const id = crypto.randomUUID();
    const body = {
      id,
      matter: "rubbish",
      text: `路灯不亮 ${number}`,
      lon,
      lat,
      accuracy_m: 9,
      position_source: "device",
      observed_at: new Date().toISOString(),
      priority: "normal",
      attachments: pictures.map(({ id, name, blob, sha256 }) => ({
        id,
        name,
        media_type: "image/jpeg",
        size: blob.size,
        sha256,
      })),
    };
    const files = pictures.map(({ id, name, blob }) => ({
      id,
      name,
      size: blob.size,
      sent: 0,
      starts: 0,
      isDone: false,
      refusal: "",
    }));
    return {
      id,
      kind: "report",
      path: `reports/${id}`,
      method: "PUT",
      body,
      files,
      label: "",
      saved: Date.now() + number,
      state: "queued",
      tries: 0,
      nextAt: 0,
      refusal: "",
      incident: null,
    };
  }

  /** Returns of each report its id, the bytes of its text, and of its files id, bytes and hash. */
  async function fill({ count, files, spots, seed }) {
    let state = seed;
    const chance = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    const database = await open();
    const told = [];
    for (let number = 0; number < count; number += 1) {
      const pictures = [];
      for (let file = 0; file < files; file += 1) pictures.push(await picture(chance, `${number}-${file}.jpg`));
      const item = itemOf(number, spots[number % spots.length], pictures);
      const transaction = database.transaction(["items", "blobs"], "readwrite");
      transaction.objectStore("items").put(item);
      for (const { id, blob } of pictures) transaction.objectStore("blobs").put({ id, blob });
      await new Promise((done, fail) => {
        transaction.oncomplete = done;
        transaction.onerror = () => fail(transaction.error);
      });
      const sizes = pictures.map(({ id, blob, sha256 }) => [id, blob.size, sha256]);
      told.push({ id: item.id, bytes: JSON.stringify(item.body).length, files: sizes });
    }
    database.close();
    return told;
  }

  /** Returns of each item that is left its state and why it waits. */
  async function left() {
    const database = await open();
    const items = await asked(database.transaction("items").objectStore("items").getAll());
    database.close();
    return items.map(({ state, refusal, files }) => [state, refusal, ...files.map((file) => file.refusal)].join(" "));
  }

  globalThis.queueOfTheBench = { fill, left };
})();
