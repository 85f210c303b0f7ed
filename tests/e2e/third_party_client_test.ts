// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { hasWebsockets, PYTHON } from "../support/python.ts";
import { newTestApp } from "../support/test_app.ts";
import { within } from "../support/within.ts";
import { roomUrl } from "../support/ws_client.ts";

const SCRIPT = new URL("third_party_client.py", import.meta.url).pathname;

Deno.test({
  name:
    "A client made of Python's websockets chats (needs Python's websockets)",
  ignore: !hasWebsockets(),
  async fn() {
    await using app = await newTestApp({}, { isRealTime: true });
    const roomId = await app.createRoom();
    const bob = await app.joinRoom(roomId, "bob");
    const names = { user_id: "py", nickname: "Python 🐍" };
    const python = new Deno.Command(PYTHON, {
      args: [SCRIPT, roomUrl(app.url, roomId, names)],
      stdout: "piped",
      stderr: "piped",
    });
    const output = python.output();
    const heard = await bob.expectChat("héllo 👋");
    await app.api(`POST /management/rooms/${roomId}/bans`, {
      body: { user_id: "py" },
    });
    const { stdout, stderr } = await within(output, { what: "Python's end" });
    assert.equal(new TextDecoder().decode(stderr), "");
    const seen = JSON.parse(new TextDecoder().decode(stdout));
    assert.equal(seen.subprotocol, "parlor.v1.batch");
    assert.equal(seen.welcome.payload.nickname, "Python 🐍");
    assert.deepEqual(seen.said.Message, heard);
    assert.equal(seen.said.Ack.payload.id, heard.id);
    assert.deepEqual(seen.closed, [4503, "user_banned"]);
  },
});
