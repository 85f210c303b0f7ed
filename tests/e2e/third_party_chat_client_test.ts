import assert from "node:assert/strict";
import { ChatUser } from "../support/chat_user.ts";
import { hasWebsockets, PYTHON } from "../support/python.ts";
import { newTestApp } from "../support/test_app.ts";
import { within } from "../support/within.ts";

const SCRIPT = new URL("third_party_chat_client.py", import.meta.url).pathname;

Deno.test({
  name:
    "A chat client made of Python's websockets is matched and chats (needs Python's websockets)",
  ignore: !hasWebsockets(),
  async fn() {
    await using app = await newTestApp({}, { isRealTime: true });
    const ann = await ChatUser.logIn(app.url, "ann");
    await using line = await ann.attend();
    await ann.press();
    const [{ room_id }] = (await app.api("GET /management/rooms")).body;
    // She waits where Python will come, so that neither misses the other.
    await using annIn = await ann.enter(room_id);
    await annIn.expectFrame("user_joined");
    const python = new Deno.Command(PYTHON, {
      args: [SCRIPT, app.url],
      stdout: "piped",
      stderr: "piped",
    });
    const output = python.output();
    const link = await line.expectLink("matched");
    assert.equal(link.room_id, room_id);
    assert.equal(link.matched_user_name, "Python 🐍");
    assert.equal((await annIn.expectFrame("user_joined")).username, "py");
    annIn.say("hello Python");
    const read = await annIn.expectFrame("read_status_update");
    assert.equal(read.username, "py");
    assert.equal((await annIn.expectFrame("user_typing")).is_typing, true);
    const heard = await annIn.expectChat("héllo 👋");
    await ann.ask("POST heart_link/cleanup/", { room_id });
    const { stdout, stderr } = await within(output, { what: "Python's end" });
    assert.equal(new TextDecoder().decode(stderr), "");
    const seen = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(
      [seen.pressed.matched, seen.pressed.matched_user],
      [true, "ann"],
    );
    assert.equal(seen.welcome.user_profile.display_name, "Python 🐍");
    assert.equal(seen.joined.username, "py");
    assert.equal(seen.heard.message.content, "hello Python");
    assert.deepEqual(seen.read, read);
    const own = { ...heard, message: { ...heard.message, is_own: true } };
    assert.deepEqual(seen.own, own);
    assert.equal(seen.last.type, "room_ended");
    assert.deepEqual(seen.closed, [4504, "room_ended"]);
    assert.equal(seen.status.status, "expired");
  },
});
