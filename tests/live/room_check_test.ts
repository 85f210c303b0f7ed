import assert from "node:assert/strict";
import { checkRoom } from "../../src/live/room_check.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeSource, neverAnswers } from "../support/fake_source.ts";
import { during } from "./supervisor_world.ts";

const UNKNOWN = { kind: "unknown", fault: "status_unknown" };

function newCheck() {
  const clock = new FakeClock();
  const source = new FakeSource();
  const abort = new AbortController();
  const check = { source, liveId: "1", clock, signal: abort.signal };
  return { clock, source, abort, check };
}

Deno.test("checkRoom answers what the source says", async () => {
  const { clock, check } = newCheck();
  assert.deepEqual(await checkRoom(check), { kind: "live" });
  assert.equal(clock.armed, 0);
});

Deno.test("checkRoom answers unknown after 10 s, and tells the source", async () => {
  const { clock, source, check } = newCheck();
  let given: AbortSignal | undefined;
  source.onCheck = (_liveId, signal) => {
    given = signal;
    return neverAnswers();
  };
  const result = await during(clock, 10_000, checkRoom(check));
  assert.deepEqual(result, { status: "fulfilled", value: UNKNOWN });
  assert.equal(given?.aborted, true);
});

Deno.test("checkRoom answers at once when it is aborted", async () => {
  const { clock, source, abort, check } = newCheck();
  source.onCheck = neverAnswers;
  const answer = checkRoom(check);
  abort.abort();
  assert.deepEqual(await answer, UNKNOWN);
  assert.equal(clock.armed, 0);
  assert.deepEqual(await checkRoom(check), UNKNOWN);
  assert.equal(source.checked.length, 1);
});

Deno.test("checkRoom answers unknown when the source throws", async () => {
  const { source, check } = newCheck();
  source.onCheck = () => {
    throw new Error("against the contract");
  };
  assert.deepEqual(await checkRoom(check), UNKNOWN);
});
