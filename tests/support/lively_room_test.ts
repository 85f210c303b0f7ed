import assert from "node:assert/strict";
import { readMessage } from "../../src/live/sources/websocket/passed_message.ts";
import { LivelyRoom } from "./lively_room.ts";

Deno.test("LivelyRoom says messages that a source passes, each with its own id", () => {
  const room = new LivelyRoom("r", { seed: 7, now: () => 1700000000000 });
  const types = new Map<string, number>();
  const ids = new Set<string>();
  for (let index = 0; index < 500; index++) {
    const read = readMessage(room.next());
    assert(typeof read === "object");
    types.set(read.type, (types.get(read.type) ?? 0) + 1);
    ids.add(read.id ?? "");
    assert.equal(read.sentAt, 1700000000000);
  }
  assert.equal(ids.size, 500);
  assert.equal(types.get("stats"), 25);
  for (const type of ["chat", "like", "member", "gift", "follow"]) {
    assert((types.get(type) ?? 0) > 0, type);
  }
});

Deno.test("LivelyRoom counts a combo up by what is new", () => {
  const room = new LivelyRoom("r", { seed: 7, now: () => 0 });
  const gifts = Array.from({ length: 2000 }, () => room.next())
    .filter(({ type }) => type === "gift");
  const combos = gifts.filter((gift) => Number(gift["gift_count"]) > 1);
  assert(combos.length > 0);
  for (const gift of gifts) assert.equal(gift["gift_delta"], 1);
});
