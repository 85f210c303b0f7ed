import assert from "node:assert/strict";
import { DiskJournalDirectory } from "../../src/record/disk_journal_directory.ts";

/** A folder that is gone when disposed. */
function newFolder() {
  const path = Deno.makeTempDirSync({ prefix: "parlor-disk-" });
  const inner = `${path}/deep/journal`;
  return {
    path: inner,
    directory: new DiskJournalDirectory(inner),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function readText(directory: DiskJournalDirectory, name: string) {
  let text = "";
  for await (const chunk of directory.read(name)) {
    text += new TextDecoder().decode(chunk);
  }
  return text;
}

Deno.test("DiskJournalDirectory writes on where a file was cut", async () => {
  using folder = newFolder();
  const file = folder.directory.create("one");
  assert.equal(file.write(bytes("first second")), 12);
  file.truncate(5);
  file.write(bytes(" third"));
  await file.sync();
  file.syncNow();
  file.close();
  assert.equal(await readText(folder.directory, "one"), "first third");
});

Deno.test("DiskJournalDirectory reads a large file in pieces", async () => {
  using folder = newFolder();
  Deno.writeTextFileSync(`${folder.path}/one`, "x".repeat(200_000));
  const sizes: number[] = [];
  for await (const chunk of folder.directory.read("one")) {
    sizes.push(chunk.length);
  }
  assert(Math.max(...sizes) <= 64 * 1024);
  assert.equal(sizes.reduce((sum, size) => sum + size), 200_000);
});

Deno.test("DiskJournalDirectory lists, renames and removes files, not folders", async () => {
  using folder = newFolder();
  folder.directory.create("one").close();
  folder.directory.create("two").close();
  Deno.mkdirSync(`${folder.path}/three`);
  folder.directory.rename("two", "two.damaged");
  await folder.directory.sync();
  assert.deepEqual(folder.directory.list().sort(), ["one", "two.damaged"]);
  folder.directory.remove("one");
  assert.deepEqual(folder.directory.list(), ["two.damaged"]);
});

Deno.test("DiskJournalDirectory makes no file that is there", () => {
  using folder = newFolder();
  folder.directory.create("one").close();
  assert.throws(
    () => folder.directory.create("one"),
    Deno.errors.AlreadyExists,
  );
});

Deno.test("DiskJournalDirectory takes a folder that is there", () => {
  using folder = newFolder();
  folder.directory.create("one").close();
  assert.deepEqual(new DiskJournalDirectory(folder.path).list(), ["one"]);
});

Deno.test({
  name: "DiskJournalDirectory lets nobody else read (needs POSIX modes)",
  ignore: Deno.build.os === "windows",
  fn: () => {
    using folder = newFolder();
    folder.directory.create("one").close();
    const modes = [folder.path, `${folder.path}/one`].map((path) =>
      (Deno.statSync(path).mode ?? 0) & 0o077
    );
    assert.deepEqual(modes, [0, 0]);
  },
});
