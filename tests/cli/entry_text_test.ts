import assert from "node:assert/strict";
import { historyAnswer } from "../../cli/answers.ts";
import { entryActor, entryText } from "../../cli/entry_text.ts";
import { hexText } from "../../cli/hex_text.ts";
import type { EntryPayloads, LogEntry } from "../../src/wire/entry.ts";
import { entryFrame } from "../../src/wire/rooms_entry.ts";

/** An entry as the command line gets it. */
function answered(frame: unknown) {
  const body = JSON.parse(
    JSON.stringify({ entries: [frame], has_more: false }),
  );
  const [entry] = historyAnswer.parse(body).entries;
  assert(entry !== undefined);
  return entry;
}

/** One of ann's entries, through the server's own encoding. */
function entryOf(
  said: Pick<LogEntry, "kind" | "payload">,
  actor: string | null = "ann",
) {
  const head = { roomId: "r1", seq: 1, id: "i", at: 0, actor };
  return answered(entryFrame({ ...head, ...said } as LogEntry));
}

function textOf(said: Pick<LogEntry, "kind" | "payload">): string {
  return entryText(entryOf(said), (at) => `<${at}>`);
}

const MESSAGE = { nickname: "小安", content: "hi", isAdmin: false };

Deno.test("entryText says what each kind of entry is about", () => {
  const said = [
    textOf({ kind: "message", payload: MESSAGE }),
    textOf({
      kind: "message",
      payload: { ...MESSAGE, content: "", deleted: true },
    }),
    textOf({
      kind: "custom_event",
      payload: { eventType: "gift", payload: { n: 1 } },
    }),
    textOf({ kind: "system", payload: { message: "be kind" } }),
    textOf({ kind: "delete", payload: { seq: 7 } }),
    textOf({ kind: "ban", payload: { userId: "bob", until: 5 } }),
    textOf({ kind: "unban", payload: { userId: "bob" } }),
    textOf({ kind: "mute", payload: { userId: "bob", until: 5 } }),
    textOf({ kind: "mute", payload: { userId: "bob", until: null } }),
    textOf({ kind: "unmute", payload: { userId: "bob" } }),
    textOf({ kind: "admins", payload: { userIds: ["ann", "cy"] } }),
    textOf({ kind: "admins", payload: { userIds: [] } }),
    textOf({ kind: "settings", payload: { name: "New" } }),
  ];
  assert.deepEqual(said, [
    "hi",
    "(deleted)",
    'gift {"n":1}',
    "be kind",
    "message 7",
    "bob until <5>",
    "bob",
    "bob until <5>",
    "bob for good",
    "bob",
    "ann, cy",
    "(nobody)",
    '{"name":"New"}',
  ]);
});

Deno.test("entryText says that a user was put out and that a room ended", () => {
  assert.match(textOf({ kind: "kick", payload: { userId: "bob" } }), /bob/);
  assert.notEqual(textOf({ kind: "end", payload: { reason: "reaped" } }), "");
});

Deno.test("entryText shows a type of a newer server as its JSON", () => {
  const entry = answered({
    type: "Poll",
    payload: { question: "?" },
    seq: 1,
    at: 0,
  });
  assert.equal(entryText(entry, String), '{"question":"?"}');
});

Deno.test("entryActor names the person, with the id where it differs", () => {
  assert.equal(
    entryActor(entryOf({ kind: "message", payload: MESSAGE })),
    "小安 (ann)",
  );
  const same = { ...MESSAGE, nickname: "ann" };
  assert.equal(entryActor(entryOf({ kind: "message", payload: same })), "ann");
  assert.equal(
    entryActor(entryOf({ kind: "delete", payload: { seq: 1 } })),
    "ann",
  );
  const event = { eventType: "gift", payload: null };
  assert.equal(
    entryActor(entryOf({ kind: "custom_event", payload: event }, null)),
    "-",
  );
});

/** What device `d1` sent, as the command line shows it. */
function sent(said: Pick<EntryPayloads["relay"], "text" | "base64" | "to">) {
  const payload = { identity: "sensor", sessionId: "s1", ...said };
  return entryOf({ kind: "relay", payload }, "d1");
}

Deno.test("entryText shows what a device sent on one line, and to whom", () => {
  assert.equal(entryText(sent({ text: '{"a": 1.0}' }), String), '{"a": 1.0}');
  assert.equal(
    entryText(sent({ text: '{\r\n  "a": "x\\n",\n  "b": 1\n}' }), String),
    '{ "a": "x\\n", "b": 1 }',
  );
  assert.equal(entryText(sent({ text: "\n{}\n" }), String), "{}");
  assert.equal(
    entryText(sent({ text: "{}", to: "pump-1" }), String),
    "to pump-1: {}",
  );
});

Deno.test("entryText shows a device's bytes in hex", () => {
  const base64 = new Uint8Array([0, 10, 255]).toBase64();
  assert.equal(entryText(sent({ base64 }), String), hexText(base64));
  assert.equal(
    entryText(sent({ base64, to: "pump-1" }), String),
    `to pump-1: ${hexText(base64)}`,
  );
});

Deno.test("entryText shows a device's message of a newer server as its JSON", () => {
  const payload = { from: "d1", cbor: "a0" };
  const entry = answered({ type: "DeviceMessage", payload, seq: 1, at: 0 });
  assert.equal(entryText(entry, String), JSON.stringify(payload));
});

Deno.test("entryActor names a device with its identity", () => {
  assert.equal(entryActor(sent({ text: "{}" })), "sensor (d1)");
});

/** What a live room was fed, as the command line shows it. */
function fed(data: Record<string, unknown>) {
  const payload = {
    type: "gift",
    text: JSON.stringify(data),
    count: 3,
  } as const;
  return entryOf({ kind: "live", payload }, null);
}

Deno.test("entryText shows what a live room was fed, by its kind", () => {
  const gift = { "gift_name": "火箭", "gift_count": 3, "live_id": "77" };
  assert.equal(entryText(fed(gift), String), "gift 火箭 ×3");
});

Deno.test("entryActor names whom a live room's message is about", () => {
  assert.equal(
    entryActor(fed({ "user_name": "安", "user_id": "1" })),
    "安 (1)",
  );
  assert.equal(entryActor(fed({})), "-");
});
