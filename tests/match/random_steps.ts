/**
 * What people do to heart links, and what goes wrong meanwhile, at random.
 *
 * @module
 */

import fc from "fast-check";

/** Everyone who presses. */
export const USERS = ["a", "b", "c", "d", "e", "f"];
const FAILURES = [
  "busy",
  "storage_unavailable",
  "room_ended",
  "bug",
  "answer",
] as const;

export type Step =
  | { readonly kind: "press" | "leave"; readonly user: string }
  | {
    readonly kind: "number";
    readonly user: string;
    readonly number: "0000" | "1111";
  }
  | { readonly kind: "leave number"; readonly user: string }
  /** One of the turns that wait is taken, or fails. */
  | {
    readonly kind: "land";
    readonly index: number;
    readonly failure: (typeof FAILURES)[number] | null;
  }
  | { readonly kind: "end"; readonly index: number }
  | { readonly kind: "advance" | "set back"; readonly ms: number }
  | { readonly kind: "storage"; readonly isDown: boolean }
  | { readonly kind: "restart" | "sweep" };

const user = fc.constantFrom(...USERS);
const index = fc.nat(5);

const press = fc.record({ kind: fc.constant("press" as const), user });

/** What may come at once with other things. */
const quickStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: press },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("leave" as const), user }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("land" as const),
      index,
      failure: fc.constantFrom(null, null, null, ...FAILURES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("number" as const),
      user,
      number: fc.constantFrom("0000" as const, "1111" as const),
    }),
  },
  fc.record({ kind: fc.constant("leave number" as const), user }),
  fc.record({ kind: fc.constant("end" as const), index }),
);

const slowStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("advance" as const),
      ms: fc.constantFrom(1, 1000, 1001, 300_000, 600_001, 1_800_000),
    }),
  },
  fc.record({
    kind: fc.constant("set back" as const),
    ms: fc.constant(3_600_000),
  }),
  fc.record({ kind: fc.constant("storage" as const), isDown: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("restart" as const, "sweep" as const) }),
);

/** A life: what comes at once, again and again. */
export const lives: fc.Arbitrary<Step[][]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(quickStep, { minLength: 1, maxLength: 6 }),
    },
    { weight: 1, arbitrary: slowStep.map((step) => [step]) },
  ),
  { minLength: 3, maxLength: 40 },
);
