import assert from "node:assert/strict";
import {
  linkBody,
  linksBody,
  LIVE_PAGE_QUERY,
  messagesBody,
  requireLiveId,
} from "../../src/http/live_body.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeLiveRoom, newLinkView } from "../support/fake_live_desk.ts";

Deno.test("requireLiveId takes text and whole numbers", () => {
  for (const [said, liveId] of [["a-B_9", "a-B_9"], [7, "7"], [-0, "0"]]) {
    assert.equal(requireLiveId(said), liveId);
  }
  const { MAX_SAFE_INTEGER } = Number;
  assert.equal(requireLiveId(MAX_SAFE_INTEGER), `${MAX_SAFE_INTEGER}`);
});

Deno.test("requireLiveId tells what is missing from what is wrong", () => {
  for (const said of [undefined, null, ""]) {
    const missing = new ChatError("live_id_missing");
    assert.throws(() => requireLiveId(said), missing);
  }
  for (const said of [Number.MAX_SAFE_INTEGER + 1, -1, 0.5, true, {}, "a b"]) {
    const invalid = new ChatError("live_id_invalid");
    assert.throws(() => requireLiveId(said), invalid);
  }
});

Deno.test("LIVE_PAGE_QUERY reads the newest 50 unless asked otherwise", () => {
  assert.deepEqual(LIVE_PAGE_QUERY.parse({}), { limit: 50 });
  assert.deepEqual(
    LIVE_PAGE_QUERY.parse({ after_seq: "0", limit: "1" }),
    { afterSeq: 0, limit: 1 },
  );
  assert.deepEqual(
    LIVE_PAGE_QUERY.parse({ before_seq: "1", limit: "200" }),
    { beforeSeq: 1, limit: 200 },
  );
});

Deno.test("linksBody has a field for any live id", () => {
  const names = ["__proto__", "constructor", "7"];
  const views = names.map((liveId) => newLinkView(liveId));
  const body = linksBody(views.map((view) => ({ view, room: undefined })));
  const read = JSON.parse(JSON.stringify(body));
  assert.deepEqual(read.active_rooms, names);
  assert.deepEqual(Object.keys(read.connections).sort(), names.toSorted());
});

Deno.test("linkBody names the room that there is now, before one that was", () => {
  const view = { ...newLinkView("1"), roomId: "earlier", failingSinceAt: 5 };
  const room = new FakeLiveRoom("now");
  assert.equal(linkBody({ view, room }).room_id, "now");
  const alone = linkBody({ view, room: undefined });
  assert.equal(alone.room_id, "earlier");
  assert.equal(alone.failing_since, 5);
});

Deno.test("messagesBody goes on from the end of a log that has nothing to read", async () => {
  const room = new FakeLiveRoom("r");
  const { last_seq, messages } = await messagesBody("1", room, { limit: 1 });
  assert.deepEqual([last_seq, messages], [9, []]);
});
