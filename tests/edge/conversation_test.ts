import assert from "node:assert/strict";
import {
  Conversation,
  type TokenRefresher,
} from "../../src/edge/conversation.ts";
import { SocketSession } from "../../src/edge/socket_session.ts";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { chatDialect } from "../../src/wire/chat_dialect.ts";
import { READ_SEQS_MAX } from "../../src/wire/limits.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { ActorWorld, type WorldOptions } from "../room/actor_world.ts";
import { FakePresence } from "../support/fake_presence.ts";
import { settle, START_AT } from "../support/fake_clock.ts";
import { FakeSocket } from "../support/fake_socket.ts";
import type { Frame } from "../support/ws_client.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

const NO_PROOF = { isProven: false, isTokenAdmin: false, expiresAt: null };
const NO_TOKENS: TokenRefresher = {
  refresh: () => Promise.resolve(NO_PROOF),
};

/** One connection of someone in the room, and what they hear. */
class Talk implements Disposable {
  readonly world: ActorWorld;
  readonly presence = new FakePresence();
  readonly socket = new FakeSocket();
  readonly session: SocketSession;
  readonly conversation: Conversation;

  constructor(
    options?: WorldOptions,
    {
      tokens = NO_TOKENS,
      dialect = roomsDialect(CLIENT_LIMITS),
      userId = "ann",
    } = {},
  ) {
    this.world = new ActorWorld(options);
    const { actor, clock, log, metrics } = this.world;
    this.session = new SocketSession({
      identity: {
        id: "s",
        userId,
        nickname: userId,
        ip: "10.0.0.1",
        isProven: true,
        isTokenAdmin: true,
        expiresAt: null,
      },
      socket: this.socket,
      dialect,
      isBatched: false,
      limits: { softBytesMax: 1000, hardBytesMax: 2000 },
      clock,
      metrics,
      onGone: () => {},
    });
    this.conversation = new Conversation({
      actor,
      session: this.session,
      tokens,
      presence: this.presence,
      clock,
      log,
    });
    actor.offer({ kind: "join", session: this.session, resume: null });
    while (this.world.slice());
    this.heard();
  }

  say(type: string, payload?: unknown): void {
    this.conversation.onText(JSON.stringify({ type, payload }));
  }

  /** What was sent since the last call. */
  heard(): Frame[] {
    return this.socket.texts.splice(0).map((text) => JSON.parse(text));
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
  }
}

Deno.test("Conversation puts a room's command into its mailbox", () => {
  using talk = new Talk();
  talk.say("SendMessage", { content: "hi" });
  assert.deepEqual(talk.heard(), []);
  assert.equal(talk.world.actor.depth, 1);
  while (talk.world.slice());
  const [said] = talk.heard();
  assert.equal(said?.payload?.["content"], "hi");
});

Deno.test("Conversation answers a Ping without a turn of the room", () => {
  using talk = new Talk();
  talk.say("Ping", { timestamp: 5 });
  assert.deepEqual(talk.heard(), [
    { type: "Pong", payload: { timestamp: 5 } },
  ]);
  assert.equal(talk.world.actor.depth, 0);
});

Deno.test("Conversation says busy when the lane is full, and which send it was", () => {
  using talk = new Talk({ laneMax: 1 });
  talk.say("SendMessage", { content: "one", "client_msg_id": "m-1" });
  talk.say("SendMessage", { content: "two", "client_msg_id": "m-2" });
  assert.deepEqual(talk.heard(), [{
    type: "Error",
    payload: { message: "The room is busy" },
    code: "busy",
    "retry_after_ms": 1000,
    "client_msg_id": "m-2",
  }]);
});

Deno.test("Conversation reads one page of history at a time", async () => {
  using talk = new Talk({
    start: { lastSeq: 3 },
    options: { recentEntriesMax: 0 },
  });
  talk.world.reader.hold();
  talk.say("History", { limit: 2 });
  talk.say("History");
  talk.say("DeleteMessage", { seq: 1 });
  talk.say("RefreshToken", { token: "t" });
  assert.deepEqual(talk.heard().map(({ code }) => code), [
    "busy",
    "busy",
    "busy",
  ]);
  talk.say("Ping");
  assert.equal(talk.heard()[0]?.type, "Pong");
  talk.world.reader.release();
  await settle();
  const [page] = talk.heard();
  assert.equal(page?.payload?.["has_more"], true);
  talk.say("History");
  await settle();
  assert.equal(talk.heard()[0]?.payload?.["has_more"], false);
});

Deno.test("Conversation reads no next page before the last one has gone out", async () => {
  using talk = new Talk({
    start: { lastSeq: 3 },
    options: { recentEntriesMax: 0 },
  });
  talk.say("History");
  talk.socket.bufferedAmount = 1001;
  await settle();
  assert.equal(talk.heard()[0]?.type, "History");
  talk.say("History");
  assert.equal(talk.heard()[0]?.code, "busy");
  talk.socket.bufferedAmount = 0;
  await talk.world.clock.advance(100);
  talk.say("History");
  await settle();
  assert.equal(talk.heard()[0]?.type, "History");
});

Deno.test("Conversation says what a look-up was refused with, and shows no bug", async () => {
  const failures = [
    [new StoreError("busy", "The database is busy"), "storage_unavailable"],
    [new ChatError("storage_unavailable"), "storage_unavailable"],
    [new Error("secret path /var/lib"), "internal"],
  ] as const;
  for (const [failure, code] of failures) {
    using talk = new Talk({
      start: { lastSeq: 3 },
      options: { recentEntriesMax: 0 },
    });
    talk.world.reader.failure = failure;
    talk.say("History");
    await settle();
    const [answer] = talk.heard();
    assert.equal(answer?.code, code);
    assert(!JSON.stringify(answer).includes("secret"));
    const isLogged = talk.world.log.texts.length > 0;
    assert.equal(isLogged, code === "internal");
  }
});

Deno.test("Conversation looks a message up before the room deletes it", async () => {
  using talk = new Talk({
    start: { lastSeq: 3 },
    options: { recentEntriesMax: 0 },
  });
  talk.say("DeleteMessage", { seq: 4 });
  await settle();
  assert.equal(talk.heard()[0]?.code, "message_not_found");
  talk.say("DeleteMessage", { seq: 3 });
  await talk.world.settle();
  assert.deepEqual(talk.heard().map(({ type }) => type), ["MessageDeleted"]);
});

Deno.test("Conversation renews the session's end by a new token", async () => {
  const tokens: TokenRefresher = {
    refresh: (session, roomId, token) => {
      assert.deepEqual([session.userId, roomId], ["ann", "r"]);
      if (token === "bad") {
        return Promise.reject(new ChatError("token_invalid"));
      }
      return Promise.resolve({
        isProven: true,
        isTokenAdmin: true,
        expiresAt: START_AT + 1000,
      });
    },
  };
  using talk = new Talk({}, { tokens });
  talk.say("RefreshToken", { token: "bad" });
  await settle();
  assert.equal(talk.heard()[0]?.code, "token_invalid");
  talk.say("RefreshToken", { token: "good" });
  await settle();
  assert.deepEqual(talk.heard(), [
    { type: "TokenRefreshed", payload: { "expires_at": START_AT + 1000 } },
  ]);
  assert.equal(talk.session.isTokenAdmin, true);
  assert.equal(talk.session.isProven, true);
  await talk.world.clock.advance(1000);
  assert.deepEqual(talk.socket.closes, [
    { code: 4401, reason: "token_expired" },
  ]);
});

Deno.test("Conversation has what is said count as activity, and no Ping", () => {
  using talk = new Talk();
  talk.say("SendMessage", { content: "hi" });
  talk.say("Ping");
  talk.say("Nonsense");
  assert.deepEqual(talk.presence.take(), ["touch s"]);
});

/** Bob in a chat room of ann's, with three messages in the database only. */
function newReader(dialect = chatDialect(CLIENT_LIMITS)) {
  const talk = new Talk({
    start: { kind: "chat", lastSeq: 3 },
    options: { recentEntriesMax: 1 },
  }, { dialect, userId: "bob" });
  const say = (type: string, more: Record<string, unknown> = {}) =>
    talk.conversation.onText(JSON.stringify({ type, ...more }));
  return {
    talk,
    say,
    read: (...seqs: number[]) => say("read_status", { "message_ids": seqs }),
  };
}

Deno.test("Conversation marks what is in memory, however fast, beside a look-up", async () => {
  const { talk, say, read } = newReader();
  using _ = talk;
  const ann = talk.world.join("ann");
  talk.world.say(ann);
  while (talk.world.slice());
  talk.heard();
  talk.world.reader.hold();
  say("history");
  read(4);
  read(4);
  while (talk.world.slice());
  const [mark, ...rest] = talk.heard();
  assert.deepEqual(Object(mark)["message_ids"], [4]);
  assert.deepEqual(rest, []);
  talk.world.reader.release();
  await talk.world.settle();
});

Deno.test("Conversation gathers what is read while it looks up, and looks that up at once", async () => {
  const { talk, say, read } = newReader();
  using _ = talk;
  talk.world.reader.hold();
  say("history");
  for (const seq of [2, 1, 2]) read(seq);
  assert.deepEqual(talk.heard(), []);
  assert.deepEqual(talk.world.reader.lookUps, []);
  talk.world.reader.release();
  await talk.world.settle();
  assert.deepEqual(talk.world.reader.lookUps, [[2, 1]]);
  const [page, mark, ...rest] = talk.heard();
  assert.equal(page?.type, "history");
  assert.deepEqual(Object(mark)["message_ids"], [1, 2]);
  assert.deepEqual(rest, []);
});

Deno.test("Conversation gathers as much as one command may name, and refuses more", async () => {
  const { talk, say, read } = newReader();
  using _ = talk;
  talk.world.reader.hold();
  say("history");
  // Each names some that must be looked up.
  for (let seq = 4; seq <= READ_SEQS_MAX; seq++) read(1, 2, 3, seq);
  assert.deepEqual(talk.heard(), []);
  read(1, READ_SEQS_MAX + 1);
  assert.deepEqual(talk.heard().map(({ code }) => code), ["busy"]);
  talk.world.reader.release();
  await talk.world.settle();
  const marks = talk.heard().slice(1);
  assert.deepEqual(marks.map((one) => Object(one)["message_ids"]), [[1, 2, 3]]);
});

Deno.test("Conversation looks nothing up for a session that is gone", async () => {
  const { talk, say, read } = newReader();
  using _ = talk;
  talk.world.reader.hold();
  say("history");
  read(1);
  talk.session.lost(1006);
  talk.world.reader.release();
  await talk.world.settle();
  assert.deepEqual(talk.world.reader.lookUps, []);
});

Deno.test("Conversation looks up, before the room's turn, which messages are unread", async () => {
  const dialect = chatDialect(CLIENT_LIMITS);
  using talk = new Talk({
    start: { kind: "chat", lastSeq: 3 },
    options: { recentEntriesMax: 0 },
  }, { dialect, userId: "bob" });
  const { conversation, world } = talk;
  const say = (seqs: number[]) =>
    conversation.onText(
      JSON.stringify({ type: "read_status", "message_ids": seqs }),
    );
  world.reader.failure = new StoreError("busy", "The database is busy");
  say([1, 2]);
  await settle();
  assert.equal(talk.heard()[0]?.code, "storage_unavailable");
  world.reader.failure = undefined;
  say([1, 2, 9]);
  await world.settle();
  const read = talk.heard().filter(({ type }) => type === "read_status_update");
  assert.deepEqual(read.map((one) => Object(one)["message_ids"]), [[1, 2]]);
});
