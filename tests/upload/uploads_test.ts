import assert from "node:assert/strict";
import { systemIds } from "../../src/base/ids.ts";
import { DiskUploadFolder } from "../../src/upload/disk_upload_folder.ts";
import { FILE_BYTES_MAX } from "../../src/upload/file_format.ts";
import { FolderError } from "../../src/upload/upload_folder.ts";
import { FORM_BYTES_MAX, Uploads } from "../../src/upload/uploads.ts";
import { TempFolder } from "../support/temp_folder.ts";

const GIF = new TextEncoder().encode("GIF89a-and-more");

class World implements Disposable {
  readonly temp = new TempFolder();
  readonly uploads: Uploads;

  constructor({ totalBytesMax = 1000, openBytesMax = 20_000_000 } = {}) {
    this.uploads = new Uploads({
      folder: new DiskUploadFolder(this.temp.path),
      totalBytesMax,
      openBytesMax,
      ids: systemIds,
    });
  }

  [Symbol.dispose](): void {
    this.temp[Symbol.dispose]();
  }
}

async function contentOf(
  { uploads }: World,
  name: string,
  range?: { from: number; to: number },
): Promise<string> {
  const file = await uploads.open("room", name, range);
  return await new Response(file.body).text();
}

Deno.test("Uploads serve a picture as what its bytes are", async () => {
  using world = new World();
  const name = await world.uploads.keep("room", "image", GIF);
  assert.match(name, /^[0-9a-f-]{36}-image\.gif$/);
  const { body, ...facts } = await world.uploads.open("room", name);
  await body.cancel();
  assert.deepEqual(facts, {
    bytes: GIF.length,
    contentType: "image/gif",
    isShown: true,
  });
  assert.equal(await contentOf(world, name), "GIF89a-and-more");
});

Deno.test("Uploads serve a part, and tell how much there is", async () => {
  using world = new World();
  const name = await world.uploads.keep("room", "image", GIF);
  assert.equal(await world.uploads.size("room", name), GIF.length);
  const range = { from: 3, to: 5 };
  assert.equal(await contentOf(world, name, range), "89a");
  const file = await world.uploads.open("room", name, range);
  await file.body.cancel();
  assert.deepEqual(file.range, range);
  assert.equal(file.bytes, GIF.length);
});

Deno.test("Uploads never show what was uploaded as a file", async () => {
  using world = new World();
  const page = new TextEncoder().encode("<script>alert(1)</script>");
  const name = await world.uploads.keep("room", "file", page);
  const { body, contentType, isShown } = await world.uploads.open("room", name);
  await body.cancel();
  assert.equal(contentType, "application/octet-stream");
  assert.equal(isShown, false);
});

Deno.test("Uploads refuse what is too large, no such format, or empty", async () => {
  using world = new World({ totalBytesMax: 2 ** 30 });
  const large = new Uint8Array(FILE_BYTES_MAX.image + 1);
  large.set(GIF);
  const { uploads } = world;
  const fits = await uploads.keep("room", "image", large.subarray(0, -1));
  assert.match(fits, /gif$/);
  await assert.rejects(uploads.keep("room", "image", large), {
    code: "file_too_large",
  });
  const page = new TextEncoder().encode("<svg>");
  await assert.rejects(uploads.keep("room", "image", page), {
    code: "file_refused",
  });
  await assert.rejects(uploads.keep("room", "file", new Uint8Array()), {
    code: "file_refused",
  });
});

Deno.test("Uploads refuse a file when all of them would be too many bytes", async () => {
  using world = new World({ totalBytesMax: 2 * GIF.length });
  const { uploads } = world;
  const first = await uploads.keep("room", "image", GIF);
  await uploads.keep("other", "image", GIF);
  const full = { code: "uploads_full" };
  await assert.rejects(uploads.keep("room", "image", GIF), full);
  await uploads.discard("room", first, "");
  await uploads.keep("room", "image", GIF);
  await assert.rejects(uploads.keep("room", "image", GIF), full);
  await uploads.removeRoom("other");
  await uploads.keep("room", "image", GIF);
});

Deno.test("Uploads count what two senders bring at once", async () => {
  using world = new World({ totalBytesMax: GIF.length });
  const both = [1, 2].map(() => world.uploads.keep("room", "image", GIF));
  const outcomes = await Promise.allSettled(both);
  const statuses = outcomes.map(({ status }) => status).sort();
  assert.deepEqual(statuses, ["fulfilled", "rejected"]);
});

Deno.test("Uploads count what is there from before", async () => {
  using world = new World();
  await world.uploads.keep("room", "image", GIF);
  const later = new Uploads({
    folder: new DiskUploadFolder(world.temp.path),
    totalBytesMax: GIF.length,
    ids: systemIds,
  });
  await assert.rejects(later.keep("room", "image", GIF), {
    code: "uploads_full",
  });
});

Deno.test("Uploads admit as many bytes at a time as they may hold", () => {
  using world = new World({ openBytesMax: 100 });
  const { uploads } = world;
  using _first = uploads.admit("image", 60, "u1");
  assert.throws(() => uploads.admit("image", 41, "u2"), { code: "busy" });
  assert.throws(() => uploads.admit("image", 1, "u1"), { code: "busy" });
  using _second = uploads.admit("image", 40, "u2");
});

Deno.test("Uploads discard a file for whoever brought it, and nobody else", async () => {
  using world = new World();
  const { uploads } = world;
  const name = await uploads.keep("room", "image", GIF, { userId: "u1" });
  Deno.writeTextFileSync(world.temp.file("secret"), "secret");
  for (const one of [name, "../secret", ""]) {
    await uploads.discard("room", one, "u2");
  }
  await uploads.discard("room", "../secret", "u1");
  assert.equal(await uploads.size("room", name), GIF.length);
  assert(world.temp.names().includes("secret"));
  await uploads.discard("room", name, "u1");
  await assert.rejects(uploads.size("room", name), { code: "file_not_found" });
  assert.equal(uploads.totalBytes, 0);
});

Deno.test("Uploads refuse by the announced size before anything is read", () => {
  using world = new World();
  const most = FILE_BYTES_MAX.image + FORM_BYTES_MAX;
  using _fits = world.uploads.admit("image", most, "u1");
  assert.throws(() => world.uploads.admit("image", most + 1, "u1"), {
    code: "file_too_large",
  });
});

Deno.test("Uploads find no file by a name that they never gave", async () => {
  using world = new World();
  Deno.writeTextFileSync(world.temp.file("secret"), "secret");
  const names = ["../secret", "", "x.gif", `${crypto.randomUUID()}-image.gif`];
  for (const name of names) {
    await assert.rejects(world.uploads.open("room", name), {
      code: "file_not_found",
    });
  }
});

Deno.test("Uploads without a folder take and have nothing", async () => {
  const uploads = new Uploads({ totalBytesMax: 1, ids: systemIds });
  const refused = { code: "storage_unavailable" };
  assert.throws(() => uploads.admit("image", 1, "u1"), refused);
  await assert.rejects(uploads.keep("room", "image", GIF), refused);
  await assert.rejects(uploads.open("room", "x"), { code: "file_not_found" });
  await uploads.removeRoom("room");
});

Deno.test("Uploads say that the disk failed, and count nothing for it", async () => {
  using world = new World({ totalBytesMax: GIF.length });
  Deno.writeTextFileSync(world.temp.file("room"), "in the way");
  await assert.rejects(world.uploads.keep("room", "image", GIF), FolderError);
  await world.uploads.keep("other", "image", GIF);
});
