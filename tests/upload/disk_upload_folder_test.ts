import assert from "node:assert/strict";
import { DiskUploadFolder } from "../../src/upload/disk_upload_folder.ts";
import { FolderError } from "../../src/upload/upload_folder.ts";
import { canMountDisk, SmallDisk } from "../support/small_disk.ts";
import { TempFolder } from "../support/temp_folder.ts";

async function bytesOf(
  folder: DiskUploadFolder,
  name: string,
  range?: { from: number; to: number },
): Promise<number[]> {
  const file = await folder.open("room", name, range);
  assert(file !== undefined);
  return [...await new Response(file.body).bytes()];
}

Deno.test("DiskUploadFolder gives back what was written, and its part", async () => {
  using temp = new TempFolder();
  const folder = new DiskUploadFolder(temp.file("uploads"));
  await folder.write("room", "a.png", new Uint8Array([1, 2, 3, 4, 5]));
  assert.equal(await folder.size("room", "a.png"), 5);
  assert.deepEqual(await bytesOf(folder, "a.png"), [1, 2, 3, 4, 5]);
  assert.deepEqual(await bytesOf(folder, "a.png", { from: 1, to: 3 }), [
    2,
    3,
    4,
  ]);
  assert.deepEqual(await bytesOf(folder, "a.png", { from: 4, to: 4 }), [5]);
});

Deno.test("DiskUploadFolder reads a part that is longer than one chunk", async () => {
  using temp = new TempFolder();
  const folder = new DiskUploadFolder(temp.path);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
  await folder.write("room", "a.mp4", bytes);
  const part = await bytesOf(folder, "a.mp4", { from: 10, to: 199_998 });
  assert.deepEqual(part, [...bytes.subarray(10, 199_999)]);
});

Deno.test("DiskUploadFolder closes a file whose reader goes away", async () => {
  using temp = new TempFolder();
  const folder = new DiskUploadFolder(temp.path);
  await folder.write("room", "a.mp4", new Uint8Array(200_000));
  for (const range of [undefined, { from: 1, to: 199_999 }]) {
    const file = await folder.open("room", "a.mp4", range);
    await file?.body.cancel();
  }
});

Deno.test("DiskUploadFolder keeps files from others on the machine", async () => {
  using temp = new TempFolder();
  const folder = new DiskUploadFolder(temp.file("uploads"));
  await folder.write("room", "a.png", new Uint8Array(1));
  const file = Deno.statSync(temp.file("uploads/room/a.png"));
  const room = Deno.statSync(temp.file("uploads/room"));
  assert.equal((file.mode ?? 0) & 0o777, 0o600);
  assert.equal((room.mode ?? 0) & 0o777, 0o700);
});

Deno.test("DiskUploadFolder has nothing of a file that could not be written", async () => {
  using temp = new TempFolder();
  Deno.mkdirSync(temp.file("room/a.png"), { recursive: true });
  Deno.writeTextFileSync(temp.file("room/a.png/in_the_way"), "");
  const folder = new DiskUploadFolder(temp.path);
  const writing = folder.write("room", "a.png", new Uint8Array(3));
  await assert.rejects(writing);
  assert.equal(await folder.totalBytes(), 0);
});

Deno.test("DiskUploadFolder counts and removes files", async () => {
  using temp = new TempFolder();
  const folder = new DiskUploadFolder(temp.file("uploads"));
  assert.equal(await folder.totalBytes(), 0);
  await folder.write("room", "a.png", new Uint8Array(3));
  await folder.write("room", "b.png", new Uint8Array(4));
  await folder.write("../other", "c.png", new Uint8Array(5));
  assert.equal(await folder.totalBytes(), 12);
  assert.deepEqual(temp.names(), ["uploads"]);
  await folder.remove("room", "a.png");
  await folder.remove("room", "a.png");
  assert.equal(await folder.size("room", "a.png"), undefined);
  assert.equal(await folder.removeRoom("room"), 4);
  assert.equal(await folder.removeRoom("room"), 0);
  assert.equal(await folder.totalBytes(), 5);
});

Deno.test("DiskUploadFolder has no file that was never written", async () => {
  using temp = new TempFolder();
  const folder = new DiskUploadFolder(temp.path);
  assert.equal(await folder.size("room", "a.png"), undefined);
  assert.equal(await folder.open("room", "a.png"), undefined);
});

Deno.test({
  name: "DiskUploadFolder says when the disk is full, and leaves nothing",
  ignore: !canMountDisk(),
  fn: async () => {
    using disk = new SmallDisk(1);
    const folder = new DiskUploadFolder(`${disk.path}/uploads`);
    await folder.write("room", "a.png", new Uint8Array(1));
    disk.fill();
    const large = new Uint8Array(200_000);
    await assert.rejects(
      folder.write("room", "b.png", large),
      (error) => error instanceof FolderError && error.isFull,
    );
    const names = Array.from(Deno.readDirSync(`${disk.path}/uploads/room`));
    assert.deepEqual(names.map(({ name }) => name), ["a.png"]);
  },
});

Deno.test("DiskUploadFolder says that the disk failed, in each of its calls", async () => {
  using temp = new TempFolder();
  Deno.writeTextFileSync(temp.file("room"), "in the way");
  const folder = new DiskUploadFolder(temp.path);
  const calls: (() => Promise<unknown>)[] = [
    () => folder.write("room", "a.png", new Uint8Array(1)),
    () => folder.size("room", "a.png"),
    () => folder.open("room", "a.png"),
    () => folder.remove("room", "a.png"),
    () => folder.removeRoom("room"),
  ];
  for (const call of calls) {
    await assert.rejects(
      call,
      (error) => error instanceof FolderError && !error.isFull,
    );
  }
});
