import assert from "node:assert/strict";
import {
  Conversation,
  type TokenRefresher,
} from "../../src/edge/conversation.ts";
import { SocketSession } from "../../src/edge/socket_session.ts";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { ActorWorld, type WorldOptions } from "../room/actor_world.ts";
import { settle, START_AT } from "../support/fake_clock.ts";
import { FakeSocket } from "../support/fake_socket.ts";
import type { Frame } from "../support/ws_client.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

const NO_PROOF = { isProven: false, isTokenAdmin: false, expiresAt: null };
const NO_TOKENS: TokenRefresher = {
  refresh: () => Promise.resolve(NO_PROOF),
};

/** One connection of `ann`, who is in the room, and what she hears. */
class Talk implements Disposable {
  readonly world: ActorWorld;
  readonly socket = new FakeSocket();
  readonly session: SocketSession;
  readonly conversation: Conversation;

  constructor(options?: WorldOptions, tokens: TokenRefresher = NO_TOKENS) {
    this.world = new ActorWorld(options);
    const { actor, clock, log, metrics } = this.world;
    this.session = new SocketSession({
      identity: {
        id: "s",
        userId: "ann",
        nickname: "Ann",
        ip: "10.0.0.1",
        isProven: true,
        isTokenAdmin: true,
        expiresAt: null,
      },
      socket: this.socket,
      dialect: roomsDialect(CLIENT_LIMITS),
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
      frameBytesMax: CLIENT_LIMITS.frameBytesMax,
      metrics,
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

/** A frame of chat of so many bytes. */
function frameOf(byteCount: number): string {
  const frame = '{"type":"Ping","x":""}';
  return frame.replace('""', `"${"x".repeat(byteCount - frame.length)}"`);
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

Deno.test("Conversation answers what it does not understand, and counts it", async () => {
  using talk = new Talk();
  talk.conversation.onText("{");
  talk.say("Nonsense");
  talk.say("SendMessage", { content: "", "client_msg_id": "m" });
  talk.conversation.onBinary(0);
  assert.deepEqual(
    talk.heard().map(({ code, client_msg_id: name }) => [code, name]),
    [
      ["bad_json", undefined],
      ["unknown_type", undefined],
      ["bad_request", "m"],
      ["binary_refused", undefined],
    ],
  );
  const { body } = await talk.world.metrics.text();
  assert.match(body, /parlor_refusals_total\{code="bad_json"\} 1/);
  assert.match(body, /^parlor_frames_received_total 4$/m);
});

Deno.test("Conversation takes frames up to the bound and breaks off past it", () => {
  const { frameBytesMax } = CLIENT_LIMITS;
  for (const byteCount of [frameBytesMax - 1, frameBytesMax]) {
    using talk = new Talk();
    talk.conversation.onText(frameOf(byteCount));
    assert.deepEqual(talk.heard(), [{ type: "Pong" }]);
    talk.conversation.onBinary(byteCount);
    assert.equal(talk.heard()[0]?.code, "binary_refused");
  }
  const tooLarge = [
    (talk: Talk) => talk.conversation.onText(frameOf(frameBytesMax + 1)),
    (talk: Talk) =>
      talk.conversation.onText(`"${"安".repeat(frameBytesMax / 3)}"`),
    (talk: Talk) => talk.conversation.onBinary(frameBytesMax + 1),
  ];
  for (const say of tooLarge) {
    using talk = new Talk();
    say(talk);
    assert.equal(talk.heard()[0]?.code, "frame_too_large");
    assert.deepEqual(talk.socket.closes, [
      { code: 1009, reason: "frame_too_large" },
    ]);
    // Nothing that follows is heard or answered.
    talk.say("Ping");
    talk.conversation.onBinary(1);
    assert.deepEqual(talk.heard(), []);
  }
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
  using talk = new Talk({}, tokens);
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
