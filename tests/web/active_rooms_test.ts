// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { onlineCount, othersIn } from "../../src/web/active_rooms.ts";

const ANN = { id: "ann", display_name: "Ann" };
const BO = { id: "bo", display_name: "Bo" };

function room(participants: readonly (typeof ANN)[]) {
  return {
    room_id: "r",
    created_at: "2026-01-01T00:00:00.000Z",
    participants,
    participant_count: participants.length,
  };
}

Deno.test("onlineCount adds up the rooms, as the seed does", () => {
  assert.equal(onlineCount([]), 0);
  assert.equal(onlineCount([room([ANN, BO]), room([ANN])]), 3);
});

Deno.test("othersIn names everyone but the reader", () => {
  assert.deepEqual(othersIn(room([ANN, BO]), "ann"), ["Bo"]);
  assert.deepEqual(othersIn(room([ANN]), "ann"), []);
});
