import assert from "node:assert/strict";
import {
  journalLine,
  parseJournalLine,
} from "../../src/record/journal_line.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { messageRecord } from "../support/records.ts";

const encoder = new TextEncoder();

function parse(text: string) {
  return parseJournalLine(encoder.encode(text));
}

Deno.test("journalLine is read back as the record it was made of", () => {
  const record = messageRecord("a", 1, '你好 "quoted" \n\u2028 😀');
  const line = journalLine(record, 2);
  assert(line.endsWith("}\n"));
  assert.equal(line.indexOf("\n"), line.length - 1);
  assert.deepEqual(parse(line.slice(0, -1)), { record, more: 2 });
});

Deno.test("journalLine is JSON with the checksum first", () => {
  const line = journalLine(messageRecord("a", 1), 0);
  assert.match(line, /^\{"crc":"[0-9a-f]{8}","more":0,"record":\{/);
  assert.deepEqual(JSON.parse(line).record, messageRecord("a", 1));
});

Deno.test("journalLine keeps lone surrogates and odd keys", () => {
  const record: DurableRecord = {
    type: "entry",
    entry: {
      roomId: "a",
      seq: 1,
      id: "a1",
      at: 0,
      kind: "custom_event",
      actor: null,
      payload: {
        eventType: "odd",
        payload: JSON.parse('{"__proto__":{"x":1},"":[null,"\\ud800"]}'),
      },
    },
  };
  const parsed = parse(journalLine(record, 0).trimEnd());
  assert("record" in parsed);
  assert.equal(JSON.stringify(parsed.record), JSON.stringify(record));
});

Deno.test("parseJournalLine refuses a line with any byte changed", () => {
  const bytes = encoder.encode(journalLine(messageRecord("a", 1), 0).trimEnd());
  for (let index = 0; index < bytes.length; index++) {
    const damaged = bytes.slice();
    damaged[index] = (damaged[index] ?? 0) ^ 1;
    const parsed = parseJournalLine(damaged);
    assert("problem" in parsed, `byte ${index}`);
  }
});

Deno.test("parseJournalLine refuses a line that was cut anywhere", () => {
  const line = journalLine(messageRecord("a", 1), 0).trimEnd();
  for (let length = 0; length < line.length; length++) {
    assert("problem" in parse(line.slice(0, length)), `${length} characters`);
  }
});

Deno.test("parseJournalLine says what is wrong", () => {
  const line = journalLine(messageRecord("a", 1), 0).trimEnd();
  const unknown = { type: "poll" } as unknown as DurableRecord;
  const cases: [string, string][] = [
    ["", "it is not a JSON object"],
    ["[]x", "it is not a JSON object"],
    ["7", "it is not a JSON object"],
    ['{"crc":"00000001"}', "its checksum does not fit"],
    [line.replace("hello", "hallo"), "its checksum does not fit"],
    [
      journalLine(unknown, 0).trimEnd(),
      "it is not a record that this version knows",
    ],
    [
      journalLine(messageRecord("a", 1), -1).trimEnd(),
      "it is not a record that this version knows",
    ],
  ];
  for (const [text, problem] of cases) {
    assert.deepEqual(parse(text), { problem }, text);
  }
});

Deno.test("parseJournalLine refuses bytes that are not UTF-8", () => {
  assert.deepEqual(parseJournalLine(new Uint8Array([0x22, 0xff, 0x22])), {
    problem: "it is not a JSON object",
  });
});
