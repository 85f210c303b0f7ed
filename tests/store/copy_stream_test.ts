import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { copyStream } from "../../src/store/copy_stream.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { created, said, testStore } from "./fixture.ts";

testStore(
  "copyStream answers a database and leaves no file",
  async ({ store }) => {
    using folder = new TempFolder();
    await store.apply([created(), said(1), said(2)]);
    const stream = await copyStream(store, folder.file("copy.db"));
    const bytes = await new Response(stream).bytes();
    assert.deepEqual(folder.names(), []);
    await Deno.writeFile(folder.file("read.db"), bytes);
    const copy = new DatabaseSync(folder.file("read.db"));
    const rows = copy.prepare("SELECT content FROM chat_history").all();
    copy.close();
    assert.deepEqual(rows.map(({ content }) => content), [
      "message 1",
      "message 2",
    ]);
  },
);

testStore(
  "copyStream leaves no file behind a reader that went away",
  async ({ store }) => {
    using folder = new TempFolder();
    const stream = await copyStream(store, folder.file("copy.db"));
    await stream.cancel();
    assert.deepEqual(folder.names(), []);
  },
);

testStore(
  "copyStream rejects when the database cannot be copied, and spares the file that is there",
  async ({ store }) => {
    using folder = new TempFolder();
    await Deno.writeTextFile(folder.file("precious"), "precious");
    await assert.rejects(copyStream(store, folder.file("precious")), {
      name: "StoreError",
    });
    assert.equal(await Deno.readTextFile(folder.file("precious")), "precious");
  },
);
