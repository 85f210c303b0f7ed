import assert from "node:assert/strict";
import { historyAnswer } from "../../cli/answers.ts";
import { entryActor, entryText } from "../../cli/entry_text.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
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
