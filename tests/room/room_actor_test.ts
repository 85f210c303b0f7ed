import assert from "node:assert/strict";
import fc from "fast-check";
import { LANE_WEIGHT_MAX } from "../../src/room/mailbox.ts";
import type { JoinReply } from "../../src/room/room_input.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { START_AT } from "../support/fake_clock.ts";
import { FakeSession } from "../support/fake_session.ts";
import { PERSONAL } from "../support/personal_dialect.ts";
import { ActorWorld, chat, customEvent } from "./actor_world.ts";
import { chatStart, deviceStart, newPenalty, person } from "./fixture.ts";

/** The numbers from one to another. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function isRefused(code: string, retryAfterMs?: number) {
  return (error: unknown) =>
    error instanceof ChatError && error.code === code &&
    error.retryAfterMs === retryAfterMs;
}

/** A world with Ann, and an admin whose id is proven. */
function newWorld(options: ConstructorParameters<typeof ActorWorld>[0] = {}) {
  const world = new ActorWorld(options);
  const [ann, admin] = world.joined("ann", "adm");
  assert(ann && admin);
  return { admin, ann, world };
}

Deno.test("RoomActor takes its inputs in a later turn of the loop", () => {
  using world = new ActorWorld();
  const ann = world.join("ann");
  world.say(ann);
  assert.deepEqual(ann.heard, []);
  assert.equal(world.actor.depth, 2);
  world.slice();
  assert.deepEqual(ann.heard, ["WelcomeInfo", "Message 1"]);
  assert.equal(world.actor.depth, 0);
});

Deno.test("RoomActor sends what one turn says in one packet", () => {
  const { ann, admin, world } = newWorld();
  using _ = world;
  for (const session of [ann, admin, ann]) world.say(session);
  world.slice();
  assert.deepEqual(ann.packets.map((packet) => packet.length), [3]);
  assert.deepEqual(admin.seqs, [1, 2, 3]);
});

Deno.test("RoomActor takes what is high before what is low", () => {
  const { ann, admin, world } = newWorld();
  using _ = world;
  world.say(ann);
  world.actor.offer(customEvent(admin));
  world.say(ann);
  world.actor.offer(customEvent(admin));
  world.slice();
  assert.deepEqual(world.recorder.words(), [
    "custom_event 1",
    "custom_event 2",
    "message 3",
    "message 4",
  ]);
});

Deno.test("RoomActor keeps a leave behind what its user said", () => {
  const { ann, world } = newWorld();
  using _ = world;
  world.say(ann);
  world.actor.offer({ kind: "leave", session: ann, closeCode: 1000 });
  world.say(ann);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["message 1"]);
  const last = world.recorder.records.at(-1);
  assert.equal(last?.type, "session_closed");
});

Deno.test("RoomActor takes no more low inputs a turn than its bound", () => {
  const { ann, world } = newWorld({ lowRunMax: 3 });
  using _ = world;
  for (let count = 0; count < 7; count++) world.say(ann);
  const depths = [1, 2, 3].map(() => {
    world.slice();
    return world.actor.depth;
  });
  assert.deepEqual(depths, [4, 1, 0]);
  assert.deepEqual(ann.packets.map((packet) => packet.length), [3, 3, 1]);
  assert.deepEqual(ann.seqs, range(1, 7));
});

Deno.test("RoomActor ends a turn when its time is up", () => {
  const { ann, world } = newWorld();
  using _ = world;
  world.recorder.onAccept = () => {
    world.clock.workedMs += 1;
  };
  for (let count = 0; count < 6; count++) world.say(ann);
  world.slice();
  assert.equal(world.recorder.entries("r").length, 4);
  world.slice();
  assert.equal(world.recorder.entries("r").length, 6);
});

Deno.test("RoomActor gives each lane a time of its own", () => {
  const { ann, admin, world } = newWorld();
  using _ = world;
  world.recorder.onAccept = () => {
    world.clock.workedMs += 1;
  };
  for (let count = 0; count < 6; count++) {
    world.say(ann);
    world.actor.offer(customEvent(admin));
  }
  world.slice();
  const kinds = world.recorder.entries("r").map(({ kind }) => kind);
  assert.deepEqual(kinds, [
    ...Array(4).fill("custom_event"),
    ...Array(4).fill("message"),
  ]);
});

Deno.test("RoomActor ends a turn when what it said will take its time", () => {
  const { ann, world } = newWorld();
  using _ = world;
  // With two more, 400 listeners: two messages to each are 800 frames, 4 ms.
  world.joined(...range(1, 398).map((number) => `u${number}`));
  for (let count = 0; count < 5; count++) world.say(ann);
  world.slice();
  assert.equal(world.recorder.entries("r").length, 2);
});

Deno.test("RoomActor ends a turn when it said much", () => {
  const { ann, world } = newWorld();
  using _ = world;
  const content = "x".repeat(4000);
  for (let count = 0; count < 20; count++) world.say(ann, content);
  world.slice();
  assert.equal(world.recorder.entries("r").length, 16);
});

Deno.test("RoomActor takes an admin's event next, whatever chat waits", () => {
  const { ann, admin, world } = newWorld({ lowRunMax: 10 });
  using _ = world;
  for (let count = 0; count < 5000; count++) world.say(ann);
  world.slice();
  world.actor.offer(customEvent(admin));
  world.slice();
  assert.equal(world.recorder.words()[10], "custom_event 11");
});

Deno.test("RoomActor lets chat through a flood of high inputs", () => {
  const { ann, admin, world } = newWorld({ laneMax: 5000 });
  using _ = world;
  for (let count = 0; count < 3; count++) world.say(ann);
  function flood(): void {
    while (world.actor.offer(customEvent(admin)));
  }
  for (let turn = 1; turn <= 3; turn++) {
    flood();
    world.slice();
    const messages = world.recorder.words()
      .filter((word) => word.startsWith("message"));
    assert.equal(messages.length, turn);
  }
});

Deno.test("RoomActor bounds a run of high inputs that take no time", () => {
  const { ann, world } = newWorld();
  using _ = world;
  world.say(ann);
  for (let count = 0; count < 1500; count++) {
    world.actor.offer({ kind: "wake" });
  }
  world.slice();
  assert.deepEqual(world.recorder.words(), ["message 1"]);
  assert.equal(world.actor.depth, 500);
});

Deno.test("RoomActor refuses an input past its lane, and counts it", async () => {
  const { ann, admin, world } = newWorld({ laneMax: 3 });
  using _ = world;
  const offered = range(1, 4).map(() => world.say(ann));
  assert.deepEqual(offered, [true, true, true, false]);
  assert.throws(
    () => world.actor.submit(ann, { type: "chat", content: "hi" }),
    isRefused("busy", 1000),
  );
  assert(world.actor.offer(customEvent(admin)));
  assert(world.actor.offer({ kind: "leave", session: ann, closeCode: 1000 }));
  const { body } = await world.metrics.text();
  assert.match(body, /^parlor_mailbox_refused_total\{lane="low"\} 2$/m);
  await world.settle();
  assert.equal(world.actor.depth, 0);
  assert.equal(world.recorder.entries("r").length, 4);
});

Deno.test("RoomActor refuses what makes a lane too heavy, and counts it", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const body = "x".repeat(LANE_WEIGHT_MAX / 2);
  const relay = { type: "relay", body } as const;
  world.actor.submit(ann, relay);
  world.actor.submit(ann, relay);
  assert.throws(
    () => world.actor.submit(ann, { type: "chat", content: "x" }),
    isRefused("busy", 1000),
  );
  assert(world.actor.offer({ kind: "leave", session: ann, closeCode: 1000 }));
  const { body: metrics } = await world.metrics.text();
  assert.match(metrics, /^parlor_mailbox_refused_total\{lane="low"\} 1$/m);
  await world.settle();
  assert.equal(world.actor.depth, 0);
});

Deno.test("RoomActor says what is relayed to all others in one turn", async () => {
  using world = new ActorWorld({ start: deviceStart() });
  const [a, b, c] = world.joined("dev-a", "dev-b", "dev-c");
  assert(a && b && c);
  world.actor.submit(a, { type: "relay", body: "1" });
  world.actor.submit(b, { type: "relay", body: "2", targetId: "dev-a" });
  world.slice();
  assert.deepEqual(world.recorder.words(), ["relay 1", "relay 2"]);
  assert.deepEqual([a.seqs, b.seqs, c.seqs], [[2], [1], [1]]);
  const { body } = await world.metrics.text();
  assert.match(body, /^parlor_relay_messages_total\{form="text"\} 2$/m);
  assert.match(body, /^parlor_relay_recipients_total 3$/m);
});

Deno.test("RoomActor ends a turn that has told one session much", () => {
  const options = { deviceSessionsPerUserMax: 9 };
  using world = new ActorWorld({ start: deviceStart(), options });
  const [a] = world.joined("dev-a", "dev-b");
  assert(a);
  const text = JSON.stringify("x".repeat(100_000));
  const relay = { type: "relay", body: text, targetId: "dev-b" } as const;
  for (let count = 0; count < 4; count++) world.actor.submit(a, relay);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["relay 1", "relay 2", "relay 3"]);
  world.slice();
  assert.equal(world.actor.depth, 0);
});

Deno.test("RoomActor sends a device once what it is sent while it catches up", async () => {
  using world = new ActorWorld({ start: { ...deviceStart(), lastSeq: 9 } });
  const [a] = world.joined("dev-a");
  assert(a);
  world.reader.hold();
  const b = world.join("dev-b", { sinceSeq: 3 });
  world.slice();
  world.actor.submit(a, { type: "relay", body: "1", targetId: "dev-b" });
  await world.settle();
  assert.deepEqual(b.seqs, []);
  world.reader.release();
  await world.settle();
  assert.deepEqual(b.seqs, [4, 5, 6, 7, 8, 9, 10]);
});

Deno.test("RoomActor reads the log for a device that comes back to an empty room", async () => {
  using world = new ActorWorld({ start: deviceStart() });
  const [a] = world.joined("dev-a");
  assert(a);
  for (const body of ["1", "2", "3"]) {
    world.actor.submit(a, { type: "relay", body });
  }
  world.actor.offer({ kind: "leave", session: a, closeCode: 1000 });
  await world.settle();
  assert.deepEqual(world.reader.reads, []);
  const b = world.join("dev-b", { sinceSeq: 1 });
  await world.settle();
  assert.deepEqual(world.reader.reads.map(({ afterSeq }) => afterSeq), [1]);
  const c = world.join("dev-c");
  await world.settle();
  world.actor.submit(c, { type: "relay", body: "4" });
  await world.settle();
  assert.deepEqual(b.seqs, [2, 3, 4]);
  const page = await world.actor.log.page({ limit: 9 });
  assert.deepEqual(page.entries.map(({ seq }) => seq), [1, 2, 3, 4]);
});

/** A reply that keeps what it is told. */
function replyWith(words: string[], joined = () => {}): JoinReply {
  return {
    joined: () => {
      words.push("joined");
      joined();
    },
    refused: (code) => void words.push(`refused ${code}`),
  };
}

Deno.test("RoomActor tells a reply of a join that met a bug of ours", () => {
  const { world } = newWorld();
  using _ = world;
  world.recorder.onAccept = () => {
    throw new TypeError("Broken");
  };
  const words: string[] = [];
  const session = new FakeSession("bob");
  const reply = replyWith(words);
  world.actor.offer({ kind: "join", session, resume: null, reply });
  while (world.slice());
  assert.deepEqual(words, ["refused internal"]);
  assert.deepEqual(session.heard, []);
  assert.equal(session.closedWith, undefined);
});

Deno.test("RoomActor goes on when a reply fails to hear of a refusal", async () => {
  const { ann, world } = newWorld({
    start: { bans: [newPenalty("bob", null)] },
  });
  using _ = world;
  function refused(): never {
    throw new TypeError("Broken");
  }
  const reply = { joined: () => {}, refused };
  const session = new FakeSession("bob");
  world.actor.offer({ kind: "join", session, resume: null, reply });
  world.say(ann);
  await world.settle();
  assert.deepEqual(world.recorder.words(), ["message 1"]);
});

Deno.test("RoomActor closes a session whose reply met a bug of ours", () => {
  const { world } = newWorld();
  using _ = world;
  const words: string[] = [];
  const session = new FakeSession("bob");
  const reply = replyWith(words, () => {
    throw new TypeError("Broken");
  });
  world.actor.offer({ kind: "join", session, resume: null, reply });
  while (world.slice());
  assert.deepEqual(words, ["joined"]);
  assert.equal(session.closedWith, "internal");
});

Deno.test("RoomActor closes a session whose join met a bug of ours", () => {
  const { world } = newWorld();
  using _ = world;
  world.recorder.onAccept = () => {
    throw new TypeError("Broken");
  };
  const bob = world.join("bob");
  while (world.slice());
  assert.deepEqual(bob.heard, ["Error"]);
  assert.equal(bob.closedWith, "internal");
});

Deno.test("RoomActor goes on after a delivery that met a bug of ours", async () => {
  const { admin, ann, world } = newWorld();
  using _ = world;
  ann.onDeliver = () => {
    ann.onDeliver = () => {};
    throw new TypeError("Broken");
  };
  world.say(admin, "lost");
  await world.settle();
  assert.deepEqual(world.log.texts, [
    "error A room failed to say what its turn said",
  ]);
  world.say(admin, "heard");
  await world.settle();
  assert.deepEqual(ann.heard.slice(-1), ["Message 2"]);
  assert.match(
    (await world.metrics.text()).body,
    /^parlor_turns_failed_total 1$/m,
  );
});

Deno.test("RoomActor refuses an operator past its lane", async () => {
  const { admin, world } = newWorld({ laneMax: 1 });
  using _ = world;
  world.actor.offer(customEvent(admin));
  await assert.rejects(
    world.actor.operate({ type: "system", message: "m" }),
    isRefused("busy", 1000),
  );
});

Deno.test("RoomActor loses only the input that met a bug", async () => {
  const { ann, admin, world } = newWorld();
  using _ = world;
  const bug = new TypeError("Broken");
  world.recorder.onAccept = ([record]) => {
    if (record?.type === "entry" && record.entry.actor === "ann") throw bug;
  };
  world.actor.offer(customEvent(admin));
  world.say(ann);
  world.say(admin);
  await world.settle();
  assert.deepEqual(world.recorder.words(), ["custom_event 1", "message 2"]);
  assert.deepEqual(ann.heard, ["CustomEvent 1", "Error", "Message 2"]);
  assert.equal(ann.frames[1]?.["code"], "internal");
  assert.deepEqual(admin.seqs, [1, 2]);
  assert.deepEqual(world.log.texts, [
    "error A room failed to handle an input",
  ]);
  assert.deepEqual(world.log.lines[0]?.fields, {
    event: "turn_failed",
    room: "r",
    input: "command",
    error: bug,
  });
  assert.match(
    (await world.metrics.text()).body,
    /^parlor_turns_failed_total 1$/m,
  );
});

Deno.test("RoomActor tells an operator of a bug without a word of what it was", async () => {
  using world = new ActorWorld();
  world.recorder.onAccept = () => {
    throw new TypeError("Secret path");
  };
  const said = world.actor.operate({ type: "system", message: "m" });
  world.slice();
  await assert.rejects(said, isRefused("internal"));
  await assert.rejects(said, (error: Error) => !/Secret/.test(error.message));
});

Deno.test("RoomActor wakes its room when it wants to be woken", async () => {
  const { ann, admin, world } = newWorld();
  using _ = world;
  await world.clock.advance(1000);
  world.slice();
  assert.deepEqual(ann.heard, ["RoomStats"]);
  assert.equal(world.clock.armed, 0);
  void world.actor.submit(admin, {
    type: "mute",
    userId: "ann",
    durationSecs: 60,
  });
  world.slice();
  assert.equal(world.clock.armed, 1);
  await world.clock.advance(59_999);
  assert(!world.slice());
  await world.clock.advance(1);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["mute 1", "unmute 2"]);
  assert.equal(world.clock.armed, 0);
});

Deno.test("RoomActor moves its wake when something earlier comes up", async () => {
  const { world } = newWorld({
    start: { bans: [newPenalty("bob", START_AT + 60_000)] },
  });
  using _ = world;
  assert.equal(world.clock.armed, 1);
  await world.clock.advance(1000);
  assert.equal(world.actor.depth, 1);
  world.slice();
  assert.equal(world.clock.armed, 1);
  await world.clock.advance(59_000);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["unban 1"]);
});

Deno.test("RoomActor wakes a room that was recovered with what is overdue", async () => {
  using world = new ActorWorld({
    start: { bans: [newPenalty("bob", START_AT - 5000)] },
  });
  await world.clock.advance(49);
  assert(!world.slice());
  await world.clock.advance(1);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["unban 1"]);
});

Deno.test("RoomActor does not spin while the end of a ban cannot be stored", async () => {
  using world = new ActorWorld({
    start: { bans: [newPenalty("bob", START_AT)] },
  });
  world.recorder.isStorable = false;
  let wakes = 0;
  for (let ms = 0; ms < 1000; ms += 10) {
    await world.clock.advance(10);
    wakes += world.actor.depth;
    while (world.slice());
  }
  assert(wakes >= 10 && wakes <= 20, `${wakes} wakes in a second`);
  world.recorder.isStorable = true;
  await world.clock.advance(50);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["unban 1"]);
});

Deno.test("RoomActor leaves no timer behind", () => {
  const { world } = newWorld();
  assert.equal(world.clock.armed, 1);
  world.actor[Symbol.dispose]();
  assert.equal(world.clock.armed, 0);
});

Deno.test("RoomActor of one room does not keep that of another from its turn", () => {
  const { ann, world } = newWorld({ lowRunMax: 10 });
  using _ = world;
  const other = world.newActor({ id: "quiet" });
  for (let count = 0; count < 1000; count++) world.say(ann);
  world.slice();
  const bob = world.join("bob", { actor: other });
  world.say(bob, "hi", other);
  world.slice();
  assert.deepEqual(bob.heard, ["WelcomeInfo", "Message 1"]);
  assert.equal(world.recorder.entries("r").length, 20);
});

Deno.test("RoomActor acknowledges at once what the journal keeps", () => {
  const { ann, world } = newWorld();
  using _ = world;
  void world.actor.submit(ann, {
    type: "chat",
    content: "hi",
    clientMsgId: "m1",
  });
  world.slice();
  assert.deepEqual(ann.heard, ["Message 1", "Ack"]);
});

Deno.test("RoomActor acknowledges after the sync where that was promised", () => {
  const { ann, world } = newWorld({ options: { durability: "fsync" } });
  using _ = world;
  world.recorder.isSynced = true;
  const named = { type: "chat", content: "hi", clientMsgId: "m1" } as const;
  void world.actor.submit(ann, named);
  world.slice();
  assert.deepEqual(ann.heard, ["Message 1"]);
  world.recorder.sync(true);
  assert.deepEqual(ann.frames.at(-1), {
    type: "Ack",
    payload: { client_msg_id: "m1", id: "id1", seq: 1, durability: "fsync" },
  });
});

Deno.test("RoomActor tells a sender that the sync failed", () => {
  const { ann, world } = newWorld({ options: { durability: "fsync" } });
  using _ = world;
  world.recorder.isSynced = true;
  const named = { type: "chat", content: "hi", clientMsgId: "m1" } as const;
  void world.actor.submit(ann, named);
  world.slice();
  world.recorder.sync(false);
  const refusal = ann.frames.at(-1);
  assert.deepEqual(
    [refusal?.type, refusal?.["code"], refusal?.["client_msg_id"]],
    ["Error", "storage_unavailable", "m1"],
  );
});

Deno.test("RoomActor answers an operator with what was made", async () => {
  using world = new ActorWorld();
  const said = world.actor.operate({ type: "system", message: "m" });
  await world.settle();
  const made = { seq: 1, id: "id1", at: START_AT, isRepeated: false };
  assert.deepEqual(await said, made);
});

Deno.test("RoomActor answers an operator whose command says nothing", async () => {
  using world = new ActorWorld();
  const lifted = world.actor.operate({ type: "unban", userId: "bob" });
  await world.settle();
  const nothing = { seq: null, id: null, at: null, isRepeated: false };
  assert.deepEqual(await lifted, nothing);
});

Deno.test("RoomActor answers an operator once it is as safe as promised", async () => {
  using world = new ActorWorld();
  world.recorder.isSynced = true;
  const outcomes: string[] = [];
  for (const ok of [true, false]) {
    const said = world.actor.operate({ type: "system", message: "m" });
    said.then(
      () => outcomes.push("done"),
      (error) => outcomes.push(error.code),
    );
    await world.settle();
    assert.equal(outcomes.length, ok ? 0 : 1);
    world.recorder.sync(ok);
    await world.settle();
  }
  assert.deepEqual(outcomes, ["done", "storage_unavailable"]);
});

Deno.test("RoomActor tells an operator why a command cannot be done", async () => {
  using world = new ActorWorld();
  world.recorder.isStorable = false;
  const said = world.actor.operate({ type: "system", message: "m" });
  world.slice();
  await assert.rejects(said, isRefused("storage_unavailable", 5000));
});

Deno.test("RoomActor looks an older message up before it is deleted", async () => {
  const { admin, world } = newWorld({ start: { lastSeq: 5 } });
  using _ = world;
  const remove = { type: "delete_message", seq: 3 } as const;
  await world.actor.submit(admin, remove);
  const again = world.actor.operate({ ...remove, seq: 4 });
  await world.settle();
  assert.equal((await again).seq, 7);
  assert.deepEqual(world.recorder.words(), ["delete 6", "delete 7"]);
});

Deno.test("RoomActor looks nothing up for anyone but an admin", async () => {
  const { ann, world } = newWorld({ start: { lastSeq: 5 } });
  using _ = world;
  world.reader.message = () => {
    throw new Error("Looked up");
  };
  world.actor.submit(ann, { type: "delete_message", seq: 3 });
  await world.settle();
  assert.equal(ann.frames[0]?.["code"], "not_admin");
});

Deno.test("RoomActor deletes no message that is not in the log", async () => {
  const { admin, world } = newWorld({ start: { lastSeq: 5 } });
  using _ = world;
  world.reader.message = () => Promise.resolve(undefined);
  for (const seq of [3, 6]) {
    const remove = { type: "delete_message", seq } as const;
    await assert.rejects(
      async () => await world.actor.submit(admin, remove),
      isRefused("message_not_found"),
    );
    await assert.rejects(
      world.actor.operate(remove),
      isRefused("message_not_found"),
    );
  }
  assert.equal(world.actor.depth, 0);
});

Deno.test("RoomActor tells what its room is", async () => {
  using world = new ActorWorld({
    start: {
      bans: [newPenalty("bob", START_AT + 5000)],
      mutes: [newPenalty("ann", null)],
    },
  });
  world.joined("ann");
  assert.equal(world.actor.facts().currentUsers, 1);
  assert.equal(world.actor.state.presence.userCount, 1);
  assert.deepEqual(world.actor.members().map(({ isMuted }) => isMuted), [true]);
  assert.deepEqual(world.actor.bans(), [newPenalty("bob", START_AT + 5000)]);
  assert.deepEqual(world.actor.mutes(), [newPenalty("ann", null)]);
  await world.clock.advance(5000);
  assert.deepEqual(world.actor.bans(), []);
});

Deno.test("RoomActor ends: all hear it and are closed, what waits is refused", async () => {
  const { ann, admin, world } = newWorld();
  using _ = world;
  const ending = world.actor.operate({ type: "end", reason: "closed" });
  const late = world.actor.operate({ type: "system", message: "m" });
  const bob = world.join("bob");
  world.say(ann);
  await Promise.all([
    world.settle(),
    assert.rejects(late, isRefused("room_ended")),
  ]);
  assert.equal((await ending).seq, 1);
  for (const session of [ann, admin]) {
    assert.deepEqual(session.heard, ["Error 1"]);
    assert.equal(session.closedWith, "room_ended");
  }
  assert.deepEqual(bob.heard, ["Error"]);
  assert.equal(bob.closedWith, "room_ended");
  const cid = world.join("cid");
  await world.settle();
  assert.equal(cid.closedWith, "room_ended");
  assert.deepEqual(world.ended, ["r"]);
  assert.equal(world.clock.armed, 0);
});

Deno.test("RoomActor counts what its room did", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const named = { type: "chat", content: "hi", clientMsgId: "m1" } as const;
  void world.actor.submit(ann, named);
  void world.actor.submit(ann, named);
  world.slice();
  const { body } = await world.metrics.text();
  assert.match(body, /^parlor_joins_total 2$/m);
  assert.match(body, /^parlor_messages_accepted_total 1$/m);
  assert.match(body, /^parlor_sends_repeated_total 1$/m);
  assert.match(body, /^parlor_turn_seconds_count 2$/m);
});

Deno.test("RoomActor takes no turn before all that the last one said is out", () => {
  const { ann, world } = newWorld();
  using _ = world;
  const crowd = world.joined(...range(1, 150).map((number) => `u${number}`));
  let delivered = 0;
  for (const session of crowd) {
    session.onDeliver = () => {
      delivered += 1;
      world.clock.workedMs += 1;
    };
  }
  world.say(ann, "one");
  world.slice();
  const first = delivered;
  assert(first > 0 && first < 150);
  const late = world.join("late");
  world.say(ann, "two");
  while (delivered < 150) {
    assert.equal(world.recorder.entries("r").length, 1);
    world.slice();
  }
  for (const session of crowd) assert.deepEqual(session.seqs, [1]);
  while (world.slice());
  for (const session of crowd) assert.deepEqual(session.seqs, [1, 2]);
  assert.deepEqual(late.seqs, [2]);
});

Deno.test("RoomActor welcomes a session before any page of its replay", async () => {
  using world = new ActorWorld({ start: { lastSeq: 60 } });
  const sessions = range(1, 130).map((number) => {
    const session = new FakeSession(`u${number}`);
    session.onDeliver = () => {
      world.clock.workedMs += 1;
    };
    return world.join(session, { sinceSeq: 0 });
  });
  await world.settle();
  for (const session of sessions) {
    assert.equal(session.heard[0], "WelcomeInfo");
    assert.deepEqual(session.seqs, range(1, 60));
  }
});

Deno.test("RoomActor opens no stay for who left while the join still waited", () => {
  using world = new ActorWorld();
  for (let count = 0; count < 1500; count++) {
    world.actor.offer({ kind: "wake" });
  }
  const ann = world.join("ann");
  world.actor.offer({ kind: "leave", session: ann, closeCode: 1006 });
  while (world.slice());
  assert.equal(world.actor.state.presence.sessionCount, 0);
  assert.deepEqual(world.recorder.records, []);
});

Deno.test("RoomActor closes a session whose replay failed", async () => {
  using world = new ActorWorld({ start: { lastSeq: 60 } });
  world.reader.failure = new Error("Cannot read");
  const ann = world.join("ann", { sinceSeq: 0 });
  await world.settle();
  assert.deepEqual(ann.heard, ["WelcomeInfo", "Error"]);
  assert.equal(ann.closedWith, "storage_unavailable");
  assert.equal(world.actor.state.presence.userCount, 0);
});

Deno.test("RoomActor replays nothing more to a session that was kicked meanwhile", async () => {
  const { admin, world } = newWorld({ start: { lastSeq: 60 } });
  using _ = world;
  world.reader.hold();
  const bob = world.join("bob", { sinceSeq: 0 });
  world.slice();
  void world.actor.submit(admin, { type: "kick", userId: "bob" });
  world.slice();
  world.reader.release();
  await world.settle();
  assert.deepEqual(bob.heard, ["WelcomeInfo", "YouAreKicked"]);
  assert.equal(bob.closedWith, "user_kicked");
});

/** What happens in a room while a session resumes. */
const traffic = fc.array(
  fc.constantFrom("chat", "event", "slice", "stall", "read", "hold", "release"),
  { maxLength: 120, size: "max" },
);

Deno.test("RoomActor sends who resumes each entry once, in order, live ones too", async () => {
  const scene = fc.record({
    stored: fc.nat(150),
    recent: fc.nat(150),
    memory: fc.integer({ min: 1, max: 150 }),
    sinceShare: fc.double({ min: 0, max: 1, noNaN: true }),
    steps: traffic,
  });
  await fc.assert(
    fc.asyncProperty(scene, async ({ stored, recent, memory, ...play }) => {
      const { ann, admin, world } = newWorld({
        start: { lastSeq: stored },
        options: { recentEntriesMax: memory },
        lowRunMax: 5,
      });
      using _ = world;
      for (let count = 0; count < recent; count++) world.say(ann);
      await world.settle();
      const sinceSeq = Math.floor((stored + recent) * play.sinceShare);
      const bob = world.join("bob", { sinceSeq });
      for (const step of play.steps) {
        if (step === "chat") world.actor.offer(chat(ann));
        if (step === "event") world.actor.offer(customEvent(admin));
        if (step === "slice") world.slice();
        if (step === "stall") bob.stall();
        if (step === "read") bob.read();
        if (step === "hold") world.reader.hold();
        if (step === "release") world.reader.release();
        await Promise.resolve();
      }
      bob.read();
      world.reader.release();
      await world.settle();
      world.say(ann);
      await world.settle();
      const { lastSeq } = world.actor.state;
      assert.equal(bob.heard[0], "WelcomeInfo");
      assert.deepEqual(bob.seqs, range(sinceSeq + 1, lastSeq));
      assert.equal(bob.closedWith, undefined);
    }),
    { numRuns: 60 },
  );
});

Deno.test("RoomActor answers a post once it is as safe as promised", async () => {
  using world = new ActorWorld();
  world.recorder.isSynced = true;
  let outcome: unknown;
  const chat = { type: "chat", content: "hi" } as const;
  world.actor.post(person("ann"), chat).then((told) => outcome = told);
  await world.settle();
  assert.equal(outcome, undefined);
  world.recorder.sync(true);
  await world.settle();
  const first = { seq: 1, id: "id1", at: START_AT, isRepeated: false };
  assert.deepEqual(outcome, first);
});

Deno.test("RoomActor tells a poster why it cannot be done", async () => {
  using world = new ActorWorld({ start: chatStart() });
  const post = { type: "chat", content: "hi" } as const;
  const posted = world.actor.post(person("eve"), post);
  await Promise.all([
    world.settle(),
    assert.rejects(posted, isRefused("not_participant")),
  ]);
  assert.deepEqual(world.recorder.records, []);
});

Deno.test("RoomActor refuses posts when the low lane is full", async () => {
  using world = new ActorWorld({ laneMax: 2 });
  const post = { type: "chat", content: "hi" } as const;
  const posts = [1, 2, 3].map(() => world.actor.post(person("ann"), post));
  const [one, two, three] = posts;
  assert(three);
  await assert.rejects(three, isRefused("busy", 1000));
  await world.settle();
  const seqs = await Promise.all(
    [one, two].map(async (each) => (await each)?.seq),
  );
  assert.deepEqual(seqs, [1, 2]);
});

Deno.test("RoomActor tells a poster of a bug without a word of what it was", async () => {
  using world = new ActorWorld();
  world.recorder.onAccept = () => {
    throw new TypeError("Broken");
  };
  const posted = world.actor.post(person("ann"), {
    type: "chat",
    content: "hi",
  });
  await Promise.all([
    world.settle(),
    assert.rejects(posted, isRefused("internal")),
  ]);
});

Deno.test("RoomActor marks what memory holds within the turn, without a look-up", () => {
  const { admin, ann, world } = newWorld({ start: { kind: "chat" } });
  using _ = world;
  world.say(ann);
  world.slice();
  assert.equal(
    world.actor.submit(admin, { type: "read", seqs: [1] }),
    undefined,
  );
  world.slice();
  assert.deepEqual(world.recorder.words(), ["message 1", "read 2"]);
  assert.deepEqual(world.reader.lookUps, []);
});

Deno.test("RoomActor looks older messages up before it marks them", async () => {
  const { admin, ann, world } = newWorld({
    start: { kind: "chat", lastSeq: 40 },
  });
  using _ = world;
  const seqs = [7, 8, 41];
  await world.actor.submit(ann, { type: "read", seqs });
  assert.equal(world.actor.depth, 0);
  const marking = world.actor.submit(admin, { type: "read", seqs });
  assert(marking instanceof Promise);
  await marking;
  world.slice();
  assert.deepEqual(world.reader.lookUps, [[7, 8], [7, 8]]);
  const mark = world.recorder.entries("r")[0];
  assert(mark?.kind === "read");
  assert.deepEqual(mark.payload.seqs, [7, 8]);
});

Deno.test("RoomActor marks an older message once, however often it is looked up", async () => {
  const { admin, world } = newWorld({
    start: { kind: "chat", lastSeq: 40 },
  });
  using _ = world;
  world.reader.hold();
  const marks = [1, 2].map(() =>
    world.actor.submit(admin, { type: "read", seqs: [7] })
  );
  world.reader.release();
  await Promise.all(marks);
  world.slice();
  assert.deepEqual(world.recorder.words(), ["read 41"]);
});

Deno.test("RoomActor passes on that older messages cannot be looked up", async () => {
  const { admin, world } = newWorld({
    start: { kind: "chat", lastSeq: 40 },
  });
  using _ = world;
  const failure = new Error("Cannot read");
  world.reader.failure = failure;
  await assert.rejects(
    async () => await world.actor.submit(admin, { type: "read", seqs: [7] }),
    failure,
  );
  const read = { type: "read", seqs: [7] } as const;
  await assert.rejects(world.actor.post(person("bob"), read), failure);
});

Deno.test("RoomActor has no read marks in a room that users do not make", async () => {
  const { admin, ann, world } = newWorld({ start: { lastSeq: 40 } });
  using _ = world;
  world.say(ann);
  await world.settle();
  ann.clear();
  const read = { type: "read", seqs: [7, 41] } as const;
  assert.equal(world.actor.submit(admin, read), undefined);
  assert.equal(world.actor.depth, 0);
  const posted = world.actor.post(person("adm"), read);
  await world.settle();
  assert.equal((await posted).seq, null);
  assert.deepEqual(world.recorder.words(), ["message 41"]);
  assert.deepEqual(world.reader.lookUps, []);
  assert.deepEqual([ann.heard, admin.heard.slice(1)], [[], []]);
});

Deno.test("RoomActor times what happens in it by the clock that no one sets", async () => {
  using world = new ActorWorld();
  const [ann] = world.joined("ann");
  assert(ann);
  assert.equal(world.actor.quiet(), null);
  await world.clock.advance(5000);
  world.say(ann);
  await world.settle();
  await world.clock.advance(2000);
  world.actor.offer({ kind: "leave", session: ann, closeCode: 1000 });
  await world.settle();
  world.clock.setBack(-3_600_000);
  await world.clock.advance(60_000);
  const quiet = { ageMs: 67_000, emptyMs: 60_000, silentMs: 62_000 };
  assert.deepEqual(world.actor.quiet(), quiet);
});

Deno.test("RoomActor says who may have no part in the room", async () => {
  using world = new ActorWorld({ start: chatStart() });
  assert.equal(world.actor.exclusionOf({ userId: "ann" }), undefined);
  const eve = { userId: "eve" };
  assert.equal(world.actor.exclusionOf(eve), "not_participant");
  void world.actor.operate({ type: "ban", userId: "ann", durationSecs: 5 });
  await world.settle();
  assert.equal(world.actor.exclusionOf({ userId: "ann" }), "user_banned");
});

Deno.test("RoomActor acknowledges in a personal dialect once it is synced", async () => {
  using world = new ActorWorld({ options: { durability: "fsync" } });
  world.recorder.isSynced = true;
  const ann = world.join("ann", { dialect: PERSONAL });
  const named = { type: "chat", content: "hi", clientMsgId: "m1" } as const;
  void world.actor.submit(ann, named);
  world.slice();
  world.recorder.sync(true);
  await world.settle();
  assert.deepEqual(ann.frames.map(({ type }) => type), [
    "WelcomeInfo",
    "arrived",
    "Message",
    "Ack",
  ]);
});

Deno.test("RoomActor goes on when those who are told of its people fail", async () => {
  using world = new ActorWorld();
  world.onPeopleChanged = () => {
    throw new TypeError("Broken");
  };
  const ann = world.join("ann");
  await world.settle();
  assert.deepEqual(world.changed, ["r"]);
  assert.deepEqual(ann.heard, ["WelcomeInfo"]);
  assert.deepEqual(world.log.texts, [
    "error A room failed to tell what it became",
  ]);
  world.say(ann);
  await world.settle();
  assert.deepEqual(ann.seqs, [1]);
});
