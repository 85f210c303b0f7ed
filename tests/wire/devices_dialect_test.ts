import assert from "node:assert/strict";
import fc from "fast-check";
import { errorFrame } from "../../src/wire/device_frames.ts";
import { devicesDialect } from "../../src/wire/devices_dialect.ts";
import type { EntryPayloads, LogEntry } from "../../src/wire/entry.ts";
import { type ErrorCode, ERRORS } from "../../src/wire/errors.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { LIVE_EVENTS } from "./live_events.ts";

const OFF = { isStamped: false, hasEnvelope: false, hasAcks: false };

const plain = devicesDialect(OFF);
const stamping = devicesDialect({ ...OFF, isStamped: true });
const envelope = devicesDialect({ ...OFF, hasEnvelope: true });
const acking = devicesDialect({ ...OFF, hasAcks: true });

type Body = Pick<EntryPayloads["relay"], "text" | "base64" | "to">;

/** What device `d1` sent. */
function relay(body: Body): RoomEvent & { readonly entry: LogEntry } {
  const payload = { identity: "sensor", sessionId: "s1", ...body };
  const place = { roomId: "r1", seq: 7, id: "id7", at: 0 };
  return {
    type: "entry",
    entry: { ...place, kind: "relay", actor: "d1", payload },
  };
}

/** The types of the frames for events; `null` where there is no word. */
function typesOf(
  events: readonly RoomEvent[],
  dialect = plain,
): (string | null)[] {
  return events.map((event) => {
    const frame = dialect.encode(event, "d2");
    if (frame === null) return null;
    assert(typeof frame === "string");
    return JSON.parse(frame).type;
  });
}

Deno.test("devicesDialect has the name of its endpoint and one text for all", () => {
  assert.equal(plain.name, "devices");
  assert.equal(plain.isPersonal, false);
});

Deno.test("devicesDialect speaks the seed's frames", () => {
  const events: RoomEvent[] = [
    { type: "connected" },
    { type: "assigned", roomId: "r", status: "created_new" },
    { type: "room_info", roomId: "r", totalClients: 1, clients: [] },
    { type: "error", code: "bad_json" },
    { type: "you_are_muted", until: null },
  ];
  assert.deepEqual(typesOf(events), [
    "connection",
    "room",
    "room_info",
    "error",
    "error",
  ]);
});

Deno.test("devicesDialect tells of a gap only where numbers are seen", () => {
  const gap = { type: "gap", from: 3, to: 9 } as const;
  assert.equal(plain.encode(gap), null);
  assert.equal(envelope.encode(gap), '{"type":"gap","from":3,"to":9}');
});

Deno.test("devicesDialect asks for receipts only where it was told to", () => {
  const text = '{"client_msg_id":"m1"}';
  assert.deepEqual(plain.decode(text), {
    ok: true,
    command: { type: "relay", body: text },
  });
  assert.deepEqual(acking.decode(text), {
    ok: true,
    command: { type: "relay", body: text, clientMsgId: "m1" },
  });
  const ack = {
    type: "ack",
    clientMsgId: "m1",
    id: "i",
    seq: 1,
    durability: "memory",
  } as const;
  assert.deepEqual(typesOf([ack], acking), ["ack"]);
});

Deno.test("devicesDialect says nothing of others, nor what a device never asks", () => {
  const user = { userId: "d1", nickname: "sensor" };
  const silent: RoomEvent[] = [
    {
      type: "welcome",
      roomId: "r",
      user,
      isMuted: false,
      sessionId: "s",
      epoch: "e",
      lastSeq: 0,
      recovered: false,
    },
    { type: "user_joined", user },
    { type: "user_left", user },
    { type: "arrived", user },
    { type: "departed", user },
    { type: "room_stats", currentUsers: 1, peakUsers: 1 },
    { type: "notice", user, notice: { type: "typing", isTyping: true } },
    { type: "pong", timestamp: 1 },
    { type: "heartbeat", at: 0 },
    { type: "heartbeat_ack", at: 0 },
    { type: "history", entries: [], hasMore: false },
    { type: "token_refreshed", expiresAt: null },
  ];
  for (const event of silent) {
    assert.equal(envelope.encode(event, "d1"), null, event.type);
  }
});

Deno.test("devicesDialect says why a device is put out", () => {
  const event = { type: "you_are_kicked", code: "user_banned" } as const;
  for (const dialect of [plain, envelope]) {
    assert.deepEqual(JSON.parse(String(dialect.encode(event, "d1"))), {
      type: "error",
      message: "You are banned from this room",
      code: "user_banned",
    });
  }
});

Deno.test("devicesDialect gives as it happens what it gives nobody later", () => {
  const broadcast = relay({ text: "[1]" });
  assert.equal(plain.encode(broadcast), "[1]");
  assert.equal(plain.encode(broadcast, "d2"), "[1]");
  assert.equal(plain.encode(broadcast, "d1"), null);
  const direct = relay({ text: "{}", to: "d2" });
  assert.equal(typeof plain.encode(direct), "string");
  assert.equal(plain.encode(direct, "d2"), plain.encode(direct));
  assert.equal(plain.encode(direct, "d3"), null);
  assert.equal(plain.encode(direct, "d1"), null);
});

Deno.test("devicesDialect gives bytes as bytes", () => {
  const bytes = new Uint8Array([0, 1, 255]);
  const decoded = plain.decodeBinary?.(bytes);
  assert.deepEqual(decoded, {
    ok: true,
    command: { type: "relay", body: bytes },
  });
  const event = relay({ base64: bytes.toBase64() });
  for (const dialect of [plain, stamping]) {
    assert.deepEqual(dialect.encode(event), bytes);
  }
  assert.deepEqual(typesOf([event], envelope), ["message"]);
});

Deno.test("devicesDialect has words for every error", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const refusal = { type: "error", code } as const;
    const { message } = errorFrame(refusal);
    assert.equal(
      plain.encode(refusal),
      JSON.stringify({ type: "error", message, code }),
    );
  }
});

Deno.test("devicesDialect passes on any JSON as the identical text", () => {
  const space = fc.constantFrom("", " ", "\n\t");
  const texts = fc.tuple(space, fc.json(), space).map((all) => all.join(""));
  fc.assert(fc.property(texts, (text) => {
    const decoded = plain.decode(text);
    assert(decoded.ok && decoded.command?.type === "relay");
    assert.equal(plain.encode(relay({ text })), text);
    const frame = envelope.encode(relay({ text }));
    assert(typeof frame === "string" && frame.endsWith(`"data":${text}}`));
    assert.deepEqual(JSON.parse(frame).data, JSON.parse(text));
  }));
});

Deno.test("devicesDialect stamps any JSON without a failure", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    const frame = stamping.encode(relay({ text }));
    assert(typeof frame === "string");
    const value = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    if (!isObject) return assert.equal(frame, text);
    assert.equal(JSON.parse(frame)["from_device_id"], "d1");
    assert.equal(JSON.parse(frame)["message_type"], "broadcast");
  }));
});

Deno.test("devicesDialect has no word for what only live rooms say", () => {
  for (const event of LIVE_EVENTS) {
    assert.equal(envelope.encode(event, "u1"), null, event.type);
  }
});
