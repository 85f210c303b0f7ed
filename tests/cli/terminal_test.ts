import assert from "node:assert/strict";
import { knownSize, terminalContext } from "../../cli/terminal.ts";

const { files, timeZone, version } = terminalContext({
  version: "1.2.3",
  openOffline: () => Promise.reject(new Error("Nothing may be opened here")),
});

async function inTempDir(
  test: (path: (name: string) => string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test((name) => `${folder}/${name}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function bytesOf(...texts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return ReadableStream.from(texts.map((text) => encoder.encode(text)));
}

Deno.test("terminalContext has the host's zone and what it was given", () => {
  assert.equal(version, "1.2.3");
  assert.doesNotThrow(() => new Intl.DateTimeFormat("en", { timeZone }));
});

Deno.test("knownSize takes a terminal without cells for one that does not say", () => {
  assert.deepEqual(knownSize({ columns: 80, rows: 24 }), {
    columns: 80,
    rows: 24,
  });
  for (const size of [[0, 0], [0, 24], [80, 0]] as const) {
    const [columns, rows] = size;
    assert.equal(knownSize({ columns, rows }), undefined);
  }
});

Deno.test("terminalContext writes a file that only its owner may read", async () => {
  await inTempDir(async (path) => {
    assert.equal(await files.exists(path("a")), false);
    await files.create(path("a"), bytesOf("one", "two"));
    assert.equal(await files.exists(path("a")), true);
    assert.equal(await files.readText(path("a")), "onetwo");
    const { mode } = await Deno.stat(path("a"));
    assert.equal((mode ?? 0) & 0o777, 0o600);
    assert.equal(await files.exists(path("a.partial")), false);
  });
});

Deno.test("terminalContext leaves no file of a stream that breaks", async () => {
  await inTempDir(async (path) => {
    const broken = new ReadableStream<Uint8Array>({
      start: (control) => control.enqueue(new Uint8Array(9)),
      pull: (control) => control.error(new Error("broken")),
    });
    await assert.rejects(files.create(path("a"), broken), /broken/);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(path("."))), []);
  });
});

Deno.test("terminalContext lets the stream go when the folder is not there", async () => {
  await inTempDir(async (path) => {
    let isCancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      cancel: () => void (isCancelled = true),
    });
    await assert.rejects(files.create(path("no/a"), stream), /No such file/);
    assert.equal(isCancelled, true);
  });
});
