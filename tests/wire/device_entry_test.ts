import assert from "node:assert/strict";
import { deviceEntryFrame, isOwedTo } from "../../src/wire/device_entry.ts";
import type {
  EntryKind,
  EntryPayloads,
  LogEntry,
} from "../../src/wire/entry.ts";

const PLACE = { seq: 7, id: "id7", at: 1_700_000_000_000 };

const PLAIN = { isStamped: false, hasEnvelope: false };
const STAMPED = { isStamped: true, hasEnvelope: false };
const ENVELOPE = { isStamped: false, hasEnvelope: true };

function entryOf<Kind extends EntryKind>(
  kind: Kind,
  payload: EntryPayloads[Kind],
  actor: string | null = null,
): LogEntry {
  return { roomId: "r", ...PLACE, kind, actor, payload } as LogEntry;
}

/** What device `d1` sent from its session `s1`. */
function relay(
  said: Pick<EntryPayloads["relay"], "text" | "base64" | "to">,
): LogEntry {
  const payload = { identity: "sensor", sessionId: "s1", ...said };
  return entryOf("relay", payload, "d1");
}

const TEXT = ' {"a": 1.0}\n';

Deno.test("deviceEntryFrame gives a broadcast as the very text that came", () => {
  assert.equal(deviceEntryFrame(relay({ text: TEXT }), PLAIN), TEXT);
});

Deno.test("deviceEntryFrame stamps a broadcast only where that is set", () => {
  assert.equal(
    deviceEntryFrame(relay({ text: TEXT }), STAMPED),
    ' {"a": 1.0,"from_device_id":"d1","message_type":"broadcast"}\n',
  );
  assert.equal(deviceEntryFrame(relay({ text: "[1]" }), STAMPED), "[1]");
});

Deno.test("deviceEntryFrame stamps a direct message always", () => {
  for (const options of [PLAIN, STAMPED]) {
    assert.equal(
      deviceEntryFrame(relay({ text: TEXT, to: "d2" }), options),
      ' {"a": 1.0,"from_device_id":"d1","message_type":"direct"}\n',
    );
  }
});

Deno.test("deviceEntryFrame gives bytes as bytes, stamped or not", () => {
  const bytes = new Uint8Array(256).map((_, index) => index);
  for (const options of [PLAIN, STAMPED]) {
    const entry = relay({ base64: bytes.toBase64() });
    assert.deepEqual(deviceEntryFrame(entry, options), bytes);
    const empty = deviceEntryFrame(relay({ base64: "" }), options);
    assert.deepEqual(empty, new Uint8Array());
  }
});

Deno.test("deviceEntryFrame puts the very text into the envelope", () => {
  for (const options of [ENVELOPE, { isStamped: true, hasEnvelope: true }]) {
    assert.equal(
      deviceEntryFrame(relay({ text: TEXT }), options),
      '{"type":"message","seq":7,"id":"id7","at":1700000000000,' +
        '"from_device_id":"d1","message_type":"broadcast",' +
        `"data":${TEXT}}`,
    );
    assert.equal(
      deviceEntryFrame(relay({ text: "[1]", to: "d2" }), options),
      '{"type":"message","seq":7,"id":"id7","at":1700000000000,' +
        '"from_device_id":"d1","message_type":"direct","data":[1]}',
    );
  }
});

Deno.test("deviceEntryFrame writes bytes into the envelope in base64", () => {
  assert.equal(
    deviceEntryFrame(relay({ base64: "AP8=" }), ENVELOPE),
    '{"type":"message","seq":7,"id":"id7","at":1700000000000,' +
      '"from_device_id":"d1","message_type":"broadcast",' +
      '"data_base64":"AP8="}',
  );
});

/** A frame that is text, as a client parses it. */
function heard(entry: LogEntry, options = PLAIN): unknown {
  const frame = deviceEntryFrame(entry, options);
  assert(typeof frame === "string");
  return JSON.parse(frame);
}

Deno.test("deviceEntryFrame tells what the operator says and does", () => {
  const payload = { a: [1, null] };
  const cases: [LogEntry, object][] = [
    [
      entryOf("system", { message: "维护" }),
      { type: "system", message: "维护" },
    ],
    [
      entryOf("custom_event", { eventType: "reboot", payload }),
      { type: "custom_event", "event_type": "reboot", payload },
    ],
    [
      entryOf("end", { reason: "reaped" }),
      {
        type: "error",
        message: "This room has ended: connect again for another",
        code: "room_followed",
      },
    ],
  ];
  for (const [entry, frame] of cases) {
    assert.deepEqual(heard(entry), frame);
    assert.deepEqual(heard(entry, ENVELOPE), { ...frame, ...PLACE });
  }
});

Deno.test("deviceEntryFrame tells nothing of users and of other devices", () => {
  const user = { userId: "d2" };
  const silent = [
    entryOf("message", { nickname: "A", content: "hi", isAdmin: false }),
    entryOf("delete", { seq: 3 }),
    entryOf("read", { seqs: [3] }),
    entryOf("open", { participants: [] }),
    entryOf("kick", user),
    entryOf("ban", { ...user, until: null }),
    entryOf("unban", user),
    entryOf("mute", { ...user, until: null }),
    entryOf("unmute", user),
    entryOf("admins", { userIds: [] }),
    entryOf("settings", { name: "New" }),
    entryOf("live", { type: "chat", text: "{}", count: 1 }),
  ];
  for (const entry of silent) {
    assert.equal(deviceEntryFrame(entry, PLAIN), null, entry.kind);
    assert.equal(deviceEntryFrame(entry, ENVELOPE), null, entry.kind);
  }
});

Deno.test("isOwedTo gives a broadcast to all but its sender", () => {
  const entry = relay({ text: TEXT });
  assert.equal(isOwedTo(entry, "d1"), false);
  assert.equal(isOwedTo(entry, "d2"), true);
});

Deno.test("isOwedTo gives a direct message to its target alone", () => {
  const entry = relay({ text: TEXT, to: "d2" });
  assert.equal(isOwedTo(entry, "d2"), true);
  assert.equal(isOwedTo(entry, "d1"), false);
  assert.equal(isOwedTo(entry, "d3"), false);
  assert.equal(isOwedTo(relay({ text: TEXT, to: "d1" }), "d1"), true);
});

Deno.test("isOwedTo gives what the operator says to everyone", () => {
  assert.equal(isOwedTo(entryOf("system", { message: "x" }), "d1"), true);
});
