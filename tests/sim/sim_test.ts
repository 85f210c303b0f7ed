import assert from "node:assert/strict";
import { SeededRandom } from "../support/seeded_random.ts";
import {
  boastfulRecorder,
  countsBack,
  forgetfulSink,
  forgetsAuthors,
  forgetsMarks,
  forgetsParticipants,
  forgetsSends,
  hastyLeaves,
  lateJournal,
  leakyJournal,
  oneLane,
} from "./broken.ts";
import { SEED_VARIABLE, SimFailure, simulate } from "./run.ts";
import type { Broken } from "./sim_world.ts";
import type { Invariant } from "./verdict.ts";

const STEPS = 400;

/** Seeds that every run of the tests begins with. */
const FIXED_SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

/** Seeds within which a broken server must be found out. */
const BROKEN_SEEDS = FIXED_SEEDS.slice(0, 20);

/** The seed that was asked for, or the fixed ones and a new one. */
function seeds(): readonly number[] {
  const wanted = Deno.env.get(SEED_VARIABLE);
  if (wanted !== undefined) return [Number(wanted)];
  return [...FIXED_SEEDS, new SeededRandom().seed];
}

/** The invariants that some seed finds broken. */
async function findings(broken: Broken): Promise<Set<string>> {
  const found = new Set<string>();
  for (const seed of BROKEN_SEEDS) {
    try {
      await simulate({ seed, steps: STEPS, broken });
    } catch (error) {
      assert.ok(error instanceof SimFailure);
      assert.match(error.message, new RegExp(`step \\d+.*SIM_SEED=${seed}`));
      found.add(error.invariant);
    }
  }
  return found;
}

async function assertCaught(
  broken: Broken,
  ...wanted: Invariant[]
): Promise<void> {
  const found = await findings(broken);
  const isCaught = wanted.some((invariant) => found.has(invariant));
  assert.ok(isCaught, `found ${[...found]}, wanted one of ${wanted}`);
}

Deno.test("simulate finds every promise kept, whatever the seed", async () => {
  for (const seed of seeds()) await simulate({ seed, steps: STEPS });
});

Deno.test("simulate catches a mailbox of one lane", async () => {
  using _mailbox = oneLane();
  await assertCaught({}, "lanes");
});

Deno.test("simulate catches a leave that overtakes what its user said", async () => {
  using _mailbox = hastyLeaves();
  await assertCaught({}, "lanes");
});

Deno.test("simulate catches a batcher that forgets what a flush failed on", async () => {
  await assertCaught({ sink: forgetfulSink }, "stored and pending", "kept");
});

Deno.test("simulate catches a recorder that keeps less than it says", async () => {
  await assertCaught({ recorder: boastfulRecorder }, "stored and pending");
});

Deno.test("simulate catches a journal that is written after the broadcast", async () => {
  await assertCaught({ directory: lateJournal }, "journal first");
});

Deno.test("simulate catches a journal that is not all there after a crash", async () => {
  await assertCaught({ directory: leakyJournal }, "journal first", "kept");
});

Deno.test("simulate catches a restart that forgets acknowledged sends", async () => {
  await assertCaught({ start: forgetsSends }, "answers");
});

Deno.test("simulate catches a restart that counts back", async () => {
  await assertCaught({ start: countsBack }, "seq", "recovery");
});

Deno.test("simulate catches a log that forgets what was read", async () => {
  using _ = forgetsMarks();
  await assertCaught({}, "marks");
});

Deno.test("simulate catches a voice that forgets who said it", async () => {
  using _ = forgetsAuthors();
  await assertCaught({}, "own");
});

Deno.test("simulate catches a restart that forgets whom a room is for", async () => {
  await assertCaught({ start: forgetsParticipants }, "access", "recovery");
});
