/** The queue as a file, for the office to import (docs/phone.md): what can't be sent is still not lost. */
import { downloadZip } from "client-zip";

/**
 * @param {string} user whose queue it is
 * @param {readonly import("../outbox.js").Item[]} items
 * @param {(id: string) => Promise<Blob | undefined>} blobOf the bytes of a file
 * @returns {Promise<File>}
 */
export async function exportQueue(user, items, blobOf) {
  const now = new Date();
  const list = { format: "linge-queue", version: 1, user, exported_at: now.toISOString(), items };
  const entries = [{ name: "queue.json", lastModified: now, input: JSON.stringify(list, null, 2) }];
  /** @type {{ name: string, lastModified: Date, input: Blob | string }[]} */
  const files = [];
  for (const { id } of items.flatMap((item) => item.files)) {
    const input = await blobOf(id);
    if (input) files.push({ name: `files/${id}`, lastModified: now, input });
  }
  const zip = await downloadZip([...entries, ...files]).blob();
  const name = `linge-queue-${user}-${now.toISOString().slice(0, 10)}.zip`;
  return new File([zip], name, { type: "application/zip" });
}

/** Hand a file to the phone: it lands among the downloads. @param {File} file */
export function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
