import assert from "node:assert/strict";
import {
  claimNewFile,
  dropNewFile,
  lockDatabase,
  readAndDrop,
} from "../../src/store/file_lock.ts";
import { StoreError } from "../../src/store/store.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A process that holds the lock until its standard input ends. */
const HOLDER = `
const file = await Deno.open(Deno.args[0], { write: true, create: true });
await Deno.stdout.write(new Uint8Array([await file.tryLock(true) ? 1 : 0]));
await Deno.stdin.read(new Uint8Array(1));
`;

async function startHolder(
  folder: TempFolder,
  path: string,
): Promise<Deno.ChildProcess> {
  const program = folder.file("holder.ts");
  await Deno.writeTextFile(program, HOLDER);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-lock", "-A", program, `${path}.lock`],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.deepEqual(value, new Uint8Array([1]), "the child takes the lock");
  await reader.cancel();
  return child;
}

const HELD =
  /^Error: Cannot open the database: another process holds it: ".+"$/;

Deno.test("lockDatabase refuses a second holder until the first lets go", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  const first = await lockDatabase(path);
  await assert.rejects(lockDatabase(path), HELD);
  first[Symbol.dispose]();
  const second = await lockDatabase(path);
  second[Symbol.dispose]();
});

Deno.test("lockDatabase holds one database and not its neighbour", async () => {
  using folder = new TempFolder();
  using _first = await lockDatabase(folder.file("a.db"));
  using _second = await lockDatabase(folder.file("b.db"));
  assert.deepEqual(folder.names(), ["a.db.lock", "b.db.lock"]);
});

Deno.test("lockDatabase refuses while another process holds it, and not once that was killed", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.db");
  const child = await startHolder(folder, path);
  await assert.rejects(lockDatabase(path), HELD);
  child.kill("SIGKILL");
  await child.status;
  await child.stdin.close().catch(() => {});
  const lock = await lockDatabase(path);
  lock[Symbol.dispose]();
});

Deno.test("lockDatabase says that the folder does not exist, or is not one", async () => {
  using folder = new TempFolder();
  await assert.rejects(
    lockDatabase(folder.file("missing/a.db")),
    /Cannot open the database: its folder does not exist: ".+missing\/a\.db"/,
  );
  await Deno.writeTextFile(folder.file("file"), "");
  await assert.rejects(
    lockDatabase(folder.file("file/a.db")),
    /Cannot open the database: its folder cannot be written: /,
  );
});

Deno.test("claimNewFile makes a file once, and dropNewFile takes it away", async () => {
  using folder = new TempFolder();
  const path = folder.file("copy.db");
  await claimNewFile(path);
  await assert.rejects(claimNewFile(path), (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.message, "Cannot write the copy: the file exists");
    return true;
  });
  await dropNewFile(path);
  assert.deepEqual(folder.names(), []);
});

Deno.test("claimNewFile shows no path when the folder does not exist", async () => {
  using folder = new TempFolder();
  await assert.rejects(claimNewFile(folder.file("missing/copy.db")), {
    name: "StoreError",
    message: "Cannot write the copy: the file cannot be made",
  });
});

Deno.test("readAndDrop streams a file whose name is gone at once", async () => {
  using folder = new TempFolder();
  const path = folder.file("copy.db");
  await Deno.writeTextFile(path, "all of it");
  const stream = await readAndDrop(path);
  assert.deepEqual(folder.names(), []);
  assert.equal(await new Response(stream).text(), "all of it");
});
