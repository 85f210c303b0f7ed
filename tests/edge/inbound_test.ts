import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { Inbound, type InboundCommand } from "../../src/edge/inbound.ts";
import { SocketSession } from "../../src/edge/socket_session.ts";
import { chatDialect } from "../../src/wire/chat_dialect.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { FakePresence } from "../support/fake_presence.ts";
import { FakeSocket } from "../support/fake_socket.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

/** The way in from one connection of `ann`. */
function newInbound() {
  const clock = new FakeClock();
  const metrics = new Metrics();
  const presence = new FakePresence();
  const socket = new FakeSocket();
  const session = new SocketSession({
    identity: {
      id: "s",
      userId: "ann",
      nickname: "Ann",
      ip: "10.0.0.1",
      isProven: true,
      isTokenAdmin: false,
      expiresAt: null,
    },
    socket,
    dialect: chatDialect(CLIENT_LIMITS),
    isBatched: false,
    limits: { softBytesMax: 10_000, hardBytesMax: 20_000 },
    clock,
    metrics,
    onGone: () => {},
  });
  const commands: InboundCommand[] = [];
  const inbound = new Inbound(
    { session, presence, clock },
    (command) => void commands.push(command),
  );
  return {
    commands,
    metrics,
    presence,
    session,
    socket,
    inbound,
    say: (frame: unknown) => inbound.onText(JSON.stringify(frame)),
    heard: () => socket.texts.splice(0).map((text) => JSON.parse(text)),
  };
}

Deno.test("Inbound hands on what the room is asked, as activity", () => {
  const { commands, heard, presence, say } = newInbound();
  say({ type: "typing", "is_typing": true });
  assert.deepEqual(commands, [
    { type: "notice", notice: { type: "typing", isTyping: true } },
  ]);
  assert.deepEqual(presence.take(), ["touch s"]);
  assert.deepEqual(heard(), []);
});

Deno.test("Inbound answers signs of life, which are no activity", () => {
  const { commands, heard, presence, say } = newInbound();
  say({ type: "ping", timestamp: 5 });
  say({ type: "heartbeat" });
  say({ type: "heartbeat_ack" });
  const timestamp = START_AT / 1000;
  assert.deepEqual(heard(), [
    { type: "pong", timestamp: 5 },
    { type: "heartbeat_ack", timestamp },
    { type: "heartbeat_ack", timestamp },
  ]);
  assert.deepEqual(presence.take(), []);
  assert.deepEqual(commands, []);
});

Deno.test("Inbound passes a chosen status on, and says nothing", () => {
  const { commands, heard, presence, say } = newInbound();
  say({ type: "online_status", status: "busy" });
  say({ type: "online_status" });
  assert.deepEqual(presence.take(), ["choose ann busy", "choose ann online"]);
  assert.deepEqual(heard(), []);
  assert.deepEqual(commands, []);
});

Deno.test("Inbound passes over what asks for nothing", () => {
  const { commands, heard, presence, say } = newInbound();
  say({ type: "message", content: "  " });
  say({ type: "read_status", "message_ids": [] });
  assert.deepEqual(heard(), []);
  assert.deepEqual(presence.take(), []);
  assert.deepEqual(commands, []);
});

Deno.test("Inbound answers what it does not understand, and counts it", async () => {
  const { commands, heard, inbound, metrics, presence, say } = newInbound();
  inbound.onText("{");
  say({ type: "nonsense" });
  say({ type: "message", content: 5, "client_msg_id": "m" });
  inbound.onBinary(new Uint8Array(0));
  assert.deepEqual(
    heard().map(({ code, client_msg_id: name }) => [code, name]),
    [
      ["bad_json", undefined],
      ["unknown_type", undefined],
      ["bad_request", "m"],
      ["binary_refused", undefined],
    ],
  );
  assert.deepEqual(presence.take(), []);
  assert.deepEqual(commands, []);
  const { body } = await metrics.text();
  assert.match(body, /parlor_refusals_total\{code="bad_json"\} 1/);
});

Deno.test("Inbound takes nothing from a session that is gone", () => {
  const { commands, inbound, presence, session, say } = newInbound();
  session.lost(1006);
  say({ type: "typing", "is_typing": true });
  inbound.onBinary(new Uint8Array(1));
  assert.deepEqual(presence.take(), []);
  assert.deepEqual(commands, []);
});
