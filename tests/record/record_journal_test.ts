import assert from "node:assert/strict";
import { noHolder, noJournal } from "../../src/record/record_journal.ts";

Deno.test("noJournal takes everything and keeps nothing", async () => {
  const lines = { bytes: new Uint8Array(3), sizes: [3] };
  assert.equal(noJournal.append(lines), noHolder);
  noHolder.release(1);
  assert.equal(noJournal.facts, null);
  await noJournal.close();
});

Deno.test("noJournal says at once that all is as safe as it gets", () => {
  const told: boolean[] = [];
  noJournal.afterDurable((ok) => told.push(ok));
  assert.deepEqual(told, [true]);
});
