// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CALLBACK_PATHS } from "../support/callback_receiver.ts";
import { Inbox } from "../support/inbox.ts";
import { hasPython, PYTHON } from "../support/python.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import { eventually, within } from "../support/within.ts";

const SCRIPT = new URL("third_party_receiver.py", import.meta.url).pathname;
const SECRET = `whsec_${btoa("as-both-sides-have-agreed")}`;

/** Whether Python is here, and not too old. */
const IS_NEW_ENOUGH =
  "import http.server, sys; sys.exit(sys.version_info < (3, 9))";

/** The lines of a child process as they come. */
async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  lines: Inbox<string>,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) lines.put(line);
  }
  lines.end("Python ended");
}

/** Waits until a snapshot was acknowledged. */
async function snapshotTaken(app: TestApp): Promise<void> {
  await eventually(async () => {
    const { body } = await app.api("GET /management/callbacks");
    return body.endpoints.some((
      row: { endpoint: string; last_success_at: number | null },
    ) => row.endpoint === "periodic-sync" && row.last_success_at !== null);
  }, { what: "a snapshot" });
}

Deno.test({
  name:
    "A receiver made of Python's http.server and hmac reads all callbacks (needs Python 3.9)",
  ignore: !hasPython(IS_NEW_ENOUGH),
  async fn() {
    await using python = new Deno.Command(PYTHON, {
      args: [SCRIPT, SECRET],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const [lines, errors] = [new Inbox<string>(), new Inbox<string>()];
    const reading = Promise.all([
      readLines(python.stdout, lines),
      readLines(python.stderr, errors),
    ]);
    const port = await lines.take(() => true, "Python's port");
    const urls = Object.entries(CALLBACK_PATHS)
      .map(([name, path]) => [name, `http://127.0.0.1:${port}${path}`]);
    const settings = {
      ...Object.fromEntries(urls),
      CALLBACK_SECRET: SECRET,
      CHAT_HISTORY_BATCH_SIZE: "2",
    };
    await using app = await newTestApp(settings, { isRealTime: true });
    const room_id = await app.createRoom();
    const ann = await app.joinRoom(room_id, "ann", { nickname: "张三" });
    for (const content of ["hello", "你好 👋", "bye"]) {
      ann.sendChat(content, content);
      await ann.expectAck(content);
    }
    await app.api("POST /management/sync");
    await snapshotTaken(app);
    await app.api(`DELETE /management/rooms/${room_id}`);
    const seen = JSON.parse(await lines.take(() => true, "what Python saw"));
    await within(python.status, { what: "Python's end" });
    await reading;
    assert.deepEqual(errors.all, []);
    assert.deepEqual(seen.faults, []);
    assert.deepEqual(seen.paths, Object.values(CALLBACK_PATHS).sort());
    const room = seen.rooms[room_id];
    assert.deepEqual([room.name, room.admins], ["Lounge", ["admin"]]);
    assert.deepEqual([room.joined, room.left[0]], ["ann", "ann"]);
    assert.deepEqual(room.messages, [
      ["ann", "张三", "hello"],
      ["ann", "张三", "你好 👋"],
      ["ann", "张三", "bye"],
    ]);
    assert.deepEqual(room.sessions, [["ann", "张三"]]);
    assert.deepEqual(room.chat_batches, [
      [`chat_${room_id}_1`, false],
      [`chat_${room_id}_2`, true],
    ]);
    assert.deepEqual(room.stay_batches, [[`session_${room_id}_1`, true]]);
    assert.deepEqual(room.final_stats, {
      current_users: 1,
      peak_users: 1,
      total_joins: 1,
    });
    assert.deepEqual(room.info.slice(0, 2), ["Lounge", ["admin"]]);
  },
});
