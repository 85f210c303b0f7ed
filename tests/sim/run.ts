/**
 * One run: a seed, so many steps, and the first promise that is not kept.
 *
 * @module
 */

import { act } from "./actions.ts";
import { checkQuiet, checkStep } from "./quiet.ts";
import { type Broken, SimWorld } from "./sim_world.ts";
import { BrokenPromise, type Invariant } from "./verdict.ts";

/** The variable that makes every run one of this seed. */
export const SEED_VARIABLE = "SIM_SEED";

/** Steps between two looks at everything. */
const QUIET_STEPS = 50;

/** What to run. */
export interface Run {
  readonly seed: number;
  readonly steps: number;
  readonly broken?: Broken;
}

/** A fault, and how to see it again. */
export class SimFailure extends Error {
  override readonly name = "SimFailure";
  readonly invariant: Invariant | "crash";

  constructor(
    { seed }: Run,
    step: { index: number; name: string },
    cause: unknown,
  ) {
    const why = cause instanceof BrokenPromise ? cause.message : String(cause);
    super(
      `${why} (at step ${step.index}, ${step.name}; ` +
        `again with ${SEED_VARIABLE}=${seed})`,
      { cause },
    );
    this.invariant = cause instanceof BrokenPromise ? cause.invariant : "crash";
  }
}

/** Runs a seed. @throws SimFailure when a promise is not kept. */
export async function simulate(run: Run): Promise<void> {
  using world = new SimWorld(run.seed, run.broken ?? {});
  const step = { index: 0, name: "start" };
  try {
    await world.start();
    for (step.index = 1; step.index <= run.steps; step.index++) {
      step.name = await act(world);
      checkStep(world);
      world.verdict.settle();
      if (step.index % QUIET_STEPS > 0 && step.index < run.steps) continue;
      step.name = "quiet";
      await checkQuiet(world);
      world.verdict.settle();
    }
  } catch (error) {
    throw new SimFailure(run, step, error);
  }
}
