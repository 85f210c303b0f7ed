import assert from "node:assert/strict";
import {
  messagePage,
  MESSAGES_WEIGHT_MAX,
} from "../../../src/http/tools/message_page.ts";
import { newMessage } from "../../support/fake_messages.ts";
import { newTestTools } from "../../support/test_tools.ts";

/** A room with messages, numbered from 1, of a length each. */
function newTalk(count: number, chars: number) {
  const tools = newTestTools();
  const payload = { content: "x".repeat(chars) };
  tools.messages.entries = Array.from(
    { length: count },
    (_, at) => newMessage({ roomId: "r1", seq: at + 1, actor: "u1", payload }),
  );
  async function page(limit: number, beforeSeq?: number) {
    const query = { beforeSeq, limit };
    const found = await messagePage("r1", query, tools.deps);
    return { ...found, seqs: found.messages.map(({ seq }) => seq) };
  }
  return { ...tools, page };
}

Deno.test("messagePage shows the newest, ascending, and whether there are more", async () => {
  const { page } = newTalk(600, 1);
  const all = Array.from({ length: 600 }, (_, at) => at + 1);
  for (const limit of [1, 249, 250, 251, 599, 600, 601]) {
    const { hasMore, seqs } = await page(limit);
    assert.deepEqual(seqs, all.slice(-limit), `${limit}`);
    assert.equal(hasMore, limit < 600, `${limit}`);
  }
  const { hasMore, seqs } = await page(300, 301);
  assert.deepEqual([seqs, hasMore], [all.slice(0, 300), false]);
});

Deno.test("messagePage cuts by weight, and reads little of the rest", async () => {
  const { messages, page } = newTalk(3000, 5000);
  const limits: number[] = [];
  const read = messages.messages.bind(messages);
  messages.messages = (roomId, query) => {
    limits.push(query.limit);
    return read(roomId, query);
  };
  const { hasMore, seqs } = await page(3000);
  const fitting = Math.floor(MESSAGES_WEIGHT_MAX / 5200);
  assert.equal(seqs.length, fitting);
  assert.equal(seqs.at(-1), 3000);
  assert.equal(hasMore, true);
  assert.deepEqual(limits, [250, 250]);
});

Deno.test("messagePage shows one message however much it weighs", async () => {
  const { page } = newTalk(2, MESSAGES_WEIGHT_MAX);
  const { hasMore, seqs } = await page(10);
  assert.deepEqual([seqs, hasMore], [[2], true]);
});

Deno.test("messagePage shows nothing of a room where nobody spoke", async () => {
  const { page, recorder } = newTalk(0, 0);
  const { hasMore, seqs } = await page(10);
  assert.deepEqual([seqs, hasMore], [[], false]);
  assert.deepEqual(recorder.flushes, ["r1"]);
});
