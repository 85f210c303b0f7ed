import assert from "node:assert/strict";
import { WAITING_FRAMES_MAX } from "../../src/edge/early_frames.ts";
import { StoreError } from "../../src/store/store.ts";
import { settle } from "../support/fake_clock.ts";
import { LIVE_ID, LiveWorld } from "./live_world.ts";

/** The numbers of a snapshot's messages. */
function seqsOf(messages: unknown): number[] {
  assert(Array.isArray(messages));
  return messages.map(({ seq }) => seq);
}

/** So many numbers from one on. */
function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

Deno.test("LiveAttendance shows a guest how the room stands, then what follows", async () => {
  using live = new LiveWorld();
  await live.notices(2);
  const link = await live.watch();
  const [snapshot, ...more] = link.heard();
  assert(snapshot);
  const { messages, session_id: sessionId, stats, status, ...rest } = snapshot;
  assert.deepEqual(seqsOf(messages), [1, 2]);
  assert.equal(sessionId, live.edge.connections.sessions()[0]?.id);
  assert.equal(Object(status).state, "live");
  assert.equal(Object(stats).messages, 0);
  assert.deepEqual(rest, {
    type: "snapshot",
    "live_id": LIVE_ID,
    "room_id": "r",
    user: { "user_id": "viewer-id1", nickname: "viewer-id1" },
    epoch: "epoch-1",
    "last_seq": 2,
    recovered: false,
  });
  assert.deepEqual(more, []);
  await live.notices(1);
  assert.deepEqual(link.words(), ["system 3"]);
});

Deno.test("LiveAttendance shows the last 50 messages of many", async () => {
  using live = new LiveWorld({ start: { lastSeq: 51 } });
  const link = await live.watch();
  const [snapshot] = link.heard();
  assert.deepEqual(seqsOf(snapshot?.["messages"]), numbers(2, 50));
});

Deno.test("LiveAttendance gives nothing twice and leaves nothing out while the log is read", async () => {
  using live = new LiveWorld({ start: { lastSeq: 2 } });
  const { reader } = live.edge.world;
  reader.hold();
  const link = await live.upgrade();
  link.open();
  await live.notices(2);
  reader.release();
  await settle();
  await live.notices(1);
  const [snapshot, ...more] = link.heard();
  const seqs = [
    ...seqsOf(snapshot?.["messages"]),
    ...more.map(({ seq }) => seq),
  ];
  assert.deepEqual(seqs, [1, 2, 3, 4, 5]);
});

Deno.test("LiveAttendance resumes where a viewer's knowledge ends", async () => {
  using live = new LiveWorld();
  await live.notices(3);
  const query = { since: "1", epoch: "epoch-1" };
  const link = await live.watch({ query });
  const [snapshot, ...more] = link.heard();
  assert.deepEqual([snapshot?.["messages"], snapshot?.recovered], [[], true]);
  assert.deepEqual(more.map(({ seq }) => seq), [2, 3]);
});

Deno.test("LiveAttendance begins anew for who knows another log, or more than there is", async () => {
  using live = new LiveWorld();
  await live.notices(2);
  const points = [
    { since: "1", epoch: "other" },
    { since: "3", epoch: "epoch-1" },
    { since: "1" },
  ];
  for (const query of points) {
    const link = await live.watch({ query });
    const [snapshot, ...more] = link.heard();
    assert.deepEqual(seqsOf(snapshot?.["messages"]), [1, 2]);
    assert.equal(snapshot?.recovered, false);
    assert.deepEqual(more, []);
    link.drop();
  }
});

Deno.test("LiveAttendance tells of a gap who missed more than is sent", async () => {
  using live = new LiveWorld({ options: { resumeEntriesMax: 2 } });
  await live.notices(4);
  const query = { since: "1", epoch: "epoch-1" };
  const link = await live.watch({ query });
  const [snapshot, ...more] = link.heard();
  assert.equal(snapshot?.recovered, false);
  assert.deepEqual(more, [{ type: "gap", from: 2, to: 4 }]);
});

Deno.test("LiveAttendance lets a user write, and no guest", async () => {
  using live = new LiveWorld();
  const guest = await live.watch();
  const user = await live.watch({ query: { "user_id": "ann" } });
  guest.heard();
  user.heard();
  guest.say({ type: "chat", content: "hi", "client_msg_id": "m1" });
  await live.settle();
  const [refusal, ...more] = guest.heard();
  assert.deepEqual(
    [refusal?.type, refusal?.code, refusal?.["client_msg_id"], more],
    ["error", "login_required", "m1", []],
  );
  assert.deepEqual(guest.closes, []);
  assert.equal(live.edge.world.actor.state.lastSeq, 0);
  user.say({ type: "chat", content: "hello" });
  await live.settle();
  assert.deepEqual(guest.words(), ["live_message 1"]);
});

Deno.test("LiveAttendance answers what a viewer says at once after the snapshot", async () => {
  using live = new LiveWorld({ start: { lastSeq: 2 } });
  const { reader } = live.edge.world;
  reader.hold();
  const link = await live.upgrade({ query: { "user_id": "ann" } });
  link.open();
  link.say({ type: "ping", timestamp: 7 });
  link.say({ type: "chat", content: "first words" });
  await live.settle();
  assert.deepEqual(link.heard(), []);
  reader.release();
  await settle();
  await live.settle();
  assert.deepEqual(link.heard().map(({ type }) => type), [
    "snapshot",
    "pong",
    "live_message",
  ]);
});

Deno.test("LiveAttendance keeps so much of what a viewer says too early, and no more", async () => {
  using live = new LiveWorld({ start: { lastSeq: 2 } });
  const { reader } = live.edge.world;
  reader.hold();
  const link = await live.upgrade();
  link.open();
  for (let count = 0; count <= WAITING_FRAMES_MAX; count++) {
    link.say({ type: "ping", timestamp: count });
  }
  const [refusal, ...more] = link.heard();
  assert.deepEqual([refusal?.type, refusal?.code, more], ["error", "busy", []]);
  reader.release();
  await settle();
  await live.settle();
  const [, ...pongs] = link.heard();
  assert.equal(pongs.length, WAITING_FRAMES_MAX);
});

Deno.test("LiveAttendance answers a guest's ping and look into the log", async () => {
  using live = new LiveWorld();
  await live.notices(3);
  const link = await live.watch();
  link.heard();
  link.say({ type: "ping", timestamp: 7 });
  link.say({ type: "history", "before_seq": 3, limit: 1 });
  await live.settle();
  const [pong, history] = link.heard();
  assert.deepEqual(pong, { type: "pong", timestamp: 7 });
  assert.deepEqual(seqsOf(history?.["messages"]), [2]);
});

Deno.test("LiveAttendance refuses while the log cannot be read", async () => {
  using live = new LiveWorld({ start: { lastSeq: 2 } });
  const { actor, reader } = live.edge.world;
  reader.failure = new StoreError("busy", "/secret/path");
  const link = await live.watch();
  const [refusal] = link.heard();
  assert.deepEqual([refusal?.type, refusal?.code, refusal?.retry_after_ms], [
    "error",
    "storage_unavailable",
    5000,
  ]);
  assert.deepEqual(link.closes, ["4012 storage_unavailable"]);
  // The room never heard of it.
  assert.equal(actor.depth, 0);
  assert.equal(live.disconnectCount, 1);
});

Deno.test("LiveAttendance logs a bug, and says no more of it", async () => {
  using live = new LiveWorld({ start: { lastSeq: 2 } });
  const { log, reader } = live.edge.world;
  reader.failure = new Error("at /secret/path");
  const link = await live.watch();
  const [refusal] = link.heard();
  assert.equal(refusal?.code, "internal");
  assert.equal(log.lines.at(-1)?.fields["event"], "live_attendance_failed");
});

Deno.test("LiveAttendance joins no room for who is gone before the log is read", async () => {
  using live = new LiveWorld({ start: { lastSeq: 2 } });
  const { actor, reader, recorder } = live.edge.world;
  reader.hold();
  const link = await live.upgrade();
  link.open();
  link.drop();
  reader.release();
  await live.settle();
  assert.equal(actor.state.totalJoins, 0);
  assert.deepEqual(recorder.records, []);
  assert.equal(live.disconnectCount, 1);
});

Deno.test("LiveAttendance breaks off who joins a room whose mailbox is full", async () => {
  using live = new LiveWorld({ world: { laneMax: 1 } });
  const { actor } = live.edge.world;
  const link = await live.upgrade();
  link.open();
  const ending = actor.operate({ type: "system", message: "first" });
  await settle();
  assert.deepEqual(link.words(), ["error busy"]);
  assert.deepEqual(link.closes, ["4013 busy"]);
  assert.equal(actor.depth, 1);
  await live.settle();
  await ending;
  assert.equal(actor.state.presence.sessionCount, 0);
});

Deno.test("LiveAttendance says why the room refused, and sends on to another room", async () => {
  using live = new LiveWorld();
  const { actor, recorder } = live.edge.world;
  recorder.isStorable = false;
  const stored = await live.watch();
  assert.deepEqual(stored.words(), ["error storage_unavailable"]);
  assert.deepEqual(stored.closes, ["4012 storage_unavailable"]);
  recorder.isStorable = true;
  const ended = await live.upgrade();
  const ending = actor.operate({ type: "end", reason: "closed" });
  await live.settle();
  await ending;
  ended.open();
  await live.settle();
  assert.deepEqual(ended.words(), ["error room_followed"]);
  assert.deepEqual(ended.closes, ["4003 room_followed"]);
  assert.equal(actor.depth, 0);
});

Deno.test("LiveAttendance refuses who comes in when the link is not known any more", async () => {
  using live = new LiveWorld();
  const link = await live.upgrade();
  live.view = undefined;
  link.open();
  await live.settle();
  assert.deepEqual(link.words(), ["error live_not_found"]);
  assert.deepEqual(link.closes, ["1008 live_not_found"]);
  assert.equal(live.edge.world.actor.state.presence.sessionCount, 0);
});

Deno.test("LiveAttendance has the room hear of an end, once, with its code", async () => {
  using live = new LiveWorld();
  const { actor, recorder } = live.edge.world;
  const link = await live.watch();
  assert.equal(actor.state.presence.sessionCount, 1);
  link.drop();
  await live.settle();
  assert.equal(actor.state.presence.sessionCount, 0);
  const closed = recorder.records.at(-1);
  assert(closed?.type === "session_closed");
  assert.equal(closed.session.closeCode, 1006);
  assert.equal(live.disconnectCount, 1);
});

Deno.test("LiveAttendance tells a room nothing that the room did itself", async () => {
  using live = new LiveWorld();
  const { actor } = live.edge.world;
  const link = await live.watch();
  const ending = actor.operate({ type: "end", reason: "closed" });
  await live.settle();
  await ending;
  assert.deepEqual(link.closes, ["4003 room_followed"]);
  assert.equal(actor.depth, 0);
});
