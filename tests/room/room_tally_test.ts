import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { countTally, newTally } from "../../src/room/room_tally.ts";

const NOTHING = {
  accepted: 0,
  relayedTexts: 0,
  relayedBinaries: 0,
  relayedOut: 0,
  joins: 0,
  repeated: 0,
  evictedSends: 0,
  noticesSkipped: 0,
  liveConflated: 0,
};

Deno.test("newTally starts at nothing, and apart from every other", () => {
  const tally = newTally();
  tally.accepted += 1;
  assert.deepEqual(newTally(), NOTHING);
});

Deno.test("countTally adds each count to its metric, and starts anew", async () => {
  const metrics = new Metrics();
  const tally = {
    accepted: 4,
    relayedTexts: 6,
    relayedBinaries: 7,
    relayedOut: 80,
    joins: 3,
    repeated: 2,
    evictedSends: 1,
    noticesSkipped: 5,
    liveConflated: 9,
  };
  countTally(tally, metrics);
  countTally(tally, metrics);
  assert.deepEqual(tally, NOTHING);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_messages_accepted_total 4$/m);
  assert.match(body, /^parlor_relay_messages_total\{form="text"\} 6$/m);
  assert.match(body, /^parlor_relay_messages_total\{form="binary"\} 7$/m);
  assert.match(body, /^parlor_relay_recipients_total 80$/m);
  assert.match(body, /^parlor_joins_total 3$/m);
  assert.match(body, /^parlor_sends_repeated_total 2$/m);
  assert.match(body, /^parlor_send_ids_evicted_total 1$/m);
  assert.match(body, /^parlor_live_conflated_total 9$/m);
  assert.match(body, /^parlor_refusals_total\{code="rate_limited"\} 5$/m);
});
