import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import {
  SocketSession,
  type SocketSessionOptions,
} from "../../src/edge/socket_session.ts";
import type { Dialect } from "../../src/wire/dialect.ts";
import { Packet } from "../../src/wire/packet.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeSocket } from "../support/fake_socket.ts";

const DAY_MS = 86_400_000;

function newSession(
  expiresInMs: number | null = null,
  { userId = "u1", ...more }: Partial<SocketSessionOptions> & {
    userId?: string;
  } = {},
) {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  const metrics = new Metrics();
  const gone: [number, "room" | "edge"][] = [];
  const expiresAt = expiresInMs === null ? null : clock.now() + expiresInMs;
  const session = new SocketSession({
    identity: {
      id: "session-1",
      userId,
      nickname: "Ann",
      ip: "127.0.0.1",
      isProven: false,
      isTokenAdmin: false,
      expiresAt,
    },
    socket,
    dialect: roomsDialect({ contentCharsMax: 100, userIdCharsMax: 100 }),
    isBatched: false,
    limits: { softBytesMax: 100, hardBytesMax: 1000 },
    clock,
    metrics,
    onGone: (code, cause) => gone.push([code, cause]),
    ...more,
  });
  return { clock, gone, metrics, session, socket };
}

Deno.test("SocketSession delivers until it is closed", () => {
  const { gone, session, socket } = newSession();
  assert.equal(session.deliver(Packet.of("one")), 1);
  session.close("user_kicked");
  assert.equal(session.deliver(Packet.of("two")), 0);
  assert.deepEqual(socket.texts, ["one"]);
  assert.deepEqual(socket.closes, [{ code: 4502, reason: "user_kicked" }]);
  assert.deepEqual(gone, [[4502, "room"]]);
});

Deno.test("SocketSession is gone once, whoever tells of it and how often", async () => {
  const { gone, metrics, session } = newSession();
  session.lost(1001);
  session.lost(1006);
  session.close("room_ended");
  session.breakOff("shutting_down");
  assert.deepEqual(gone, [[1001, "edge"]]);
  const { body } = await metrics.text();
  assert.match(body, /parlor_sessions_closed_total\{code="1001"\} 1/);
});

Deno.test("SocketSession never sends a code that only names what happened", () => {
  for (const [code, sent] of [[1006, 1000], [1005, 1000], [4999, 4999]]) {
    const { session, socket } = newSession();
    session.lost(code ?? 0);
    assert.deepEqual(socket.closes, [{ code: sent, reason: "" }]);
  }
});

Deno.test("SocketSession counts a client's own codes together", async () => {
  const { metrics, session } = newSession();
  session.lost(4999);
  const { body } = await metrics.text();
  assert.match(body, /parlor_sessions_closed_total\{code="other"\} 1/);
});

Deno.test("SocketSession gives a hint with the reason, within 123 bytes", () => {
  const { session, socket } = newSession();
  session.breakOff("shutting_down", "; retry_after_ms=4999");
  const [close] = socket.closes;
  assert.equal(close?.reason, "shutting_down; retry_after_ms=4999");
  assert.ok((close?.reason.length ?? 0) <= 123);
});

Deno.test("SocketSession ends when its token does, and says so first", async () => {
  const { clock, gone, session, socket } = newSession(60_000);
  await clock.advance(59_999);
  assert.equal(session.isGone, false);
  await clock.advance(1);
  assert.equal(session.isGone, true);
  assert.equal(JSON.parse(socket.texts[0] ?? "").code, "token_expired");
  assert.deepEqual(gone, [[4401, "edge"]]);
  assert.equal(clock.armed, 0);
});

Deno.test("SocketSession.renew() takes the place of the earlier proof", async () => {
  const { clock, session } = newSession(60_000);
  session.renew({
    isProven: true,
    isTokenAdmin: true,
    expiresAt: clock.now() + 120_000,
  });
  assert.equal(session.isTokenAdmin, true);
  await clock.advance(119_999);
  assert.equal(session.isGone, false);
  await clock.advance(1);
  assert.equal(session.isGone, true);
});

Deno.test("SocketSession keeps a token that ends after a timer's longest wait", async () => {
  const { clock, session } = newSession(60 * DAY_MS);
  await clock.advance(60 * DAY_MS - 1);
  assert.equal(session.isGone, false);
  await clock.advance(1);
  assert.equal(session.isGone, true);
});

Deno.test("SocketSession leaves no timer behind when it is gone", () => {
  const { clock, session } = newSession(60_000);
  assert.equal(clock.armed, 1);
  session.lost(1000);
  assert.equal(clock.armed, 0);
  session.renew({
    isProven: true,
    isTokenAdmin: false,
    expiresAt: clock.now() + 1000,
  });
  assert.equal(clock.armed, 0);
});

Deno.test("SocketSession counts the refusals that it tells", async () => {
  const { metrics, session } = newSession();
  session.tell({ type: "error", code: "bad_json" });
  const { body } = await metrics.text();
  assert.match(body, /parlor_refusals_total\{code="bad_json"\} 1/);
});

Deno.test("SocketSession ends with what its proof says, and a newer one's after it", async () => {
  const proof = { isProven: true, isTokenAdmin: false };
  for (const isRenewed of [false, true]) {
    const { clock, gone, session, socket } = newSession();
    const expiresAt = clock.now() + 1000;
    session.renew({ ...proof, expiresAt, endCode: "login_required" });
    if (isRenewed) session.renew({ ...proof, expiresAt });
    await clock.advance(1000);
    const code = isRenewed ? "token_expired" : "login_required";
    assert.equal(JSON.parse(socket.texts[0] ?? "").code, code);
    assert.deepEqual(gone, [[isRenewed ? 4401 : 4501, "edge"]]);
  }
});

Deno.test("SocketSession says an event as its own user reads it, or not at all", () => {
  const dialect: Dialect = {
    name: "own",
    isPersonal: true,
    decode: () => ({ ok: true, command: null }),
    encode: ({ type }, readerId) =>
      type === "pong" ? null : `${type} for ${readerId}`,
  };
  const { session, socket } = newSession(null, { dialect });
  session.tell({ type: "gap", from: 1, to: 2 });
  session.tell({ type: "pong", timestamp: 1 });
  assert.deepEqual(socket.texts, ["gap for u1"]);
});

Deno.test("SocketSession.identify() settles who it is, once, and until when", async () => {
  const { clock, gone, session } = newSession(null, { userId: "" });
  assert.equal(session.userId, "");
  const identity = {
    userId: "d1",
    nickname: "sensor",
    isProven: true,
    isTokenAdmin: false,
    expiresAt: clock.now() + 1000,
  };
  session.identify(identity);
  assert.equal(session.userId, "d1");
  assert.equal(session.nickname, "sensor");
  assert.equal(session.isProven, true);
  assert.throws(
    () => session.identify({ ...identity, userId: "d2" }),
    /^Error: Cannot identify a session twice: it is d1's$/,
  );
  assert.equal(session.userId, "d1");
  await clock.advance(1000);
  assert.deepEqual(gone, [[4401, "edge"]]);
});

Deno.test("SocketSession.identify() refuses who was known from the upgrade", () => {
  const { session } = newSession();
  const proof = { isProven: true, isTokenAdmin: true, expiresAt: null };
  assert.throws(() =>
    session.identify({ userId: "u2", nickname: "Bob", ...proof })
  );
  assert.equal(session.isTokenAdmin, false);
});
