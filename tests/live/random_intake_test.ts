import assert from "node:assert/strict";
import fc from "fast-check";
import { ChatError } from "../../src/wire/errors.ts";
import type { LiveType } from "../../src/wire/live.ts";
import { IntakeWorld, sourceMessage } from "./intake_world.ts";
import type { Verdict } from "./scripted_room.ts";

const REFUSALS = [
  new ChatError("busy"),
  new ChatError("room_ended"),
  new ChatError("storage_unavailable"),
  new TypeError("bug"),
];

const types: LiveType[] = ["chat", "like", "gift", "control"];

const message = fc.record({
  // Few ids, so that many come again.
  id: fc.integer({ min: 0, max: 30 }),
  type: fc.constantFrom(...types),
});

type Action =
  | {
    readonly kind: "take";
    readonly messages: { id: number; type: LiveType }[];
  }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "hold"; readonly isHolding: boolean };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant("take" as const),
    messages: fc.array(message, { maxLength: 12 }),
  }),
  fc.record({
    kind: fc.constant("wait" as const),
    ms: fc.integer({ min: 0, max: 400 }),
  }),
  fc.record({ kind: fc.constant("hold" as const), isHolding: fc.boolean() }),
);

const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.integer({ min: 0, max: 6 }),
  fc.constantFrom(...REFUSALS),
);

Deno.test("Intake keeps every message once and in order, whatever is refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 25 }),
      fc.array(verdict, { maxLength: 20 }),
      checkRun,
    ),
    { numRuns: 150 },
  );
});

async function checkRun(actions: Action[], script: Verdict[]): Promise<void> {
  const world = new IntakeWorld(...script);
  const { room, clock, intake, told } = world;
  const expected = { urgent: [] as string[], ordinary: [] as string[] };
  const seen = new Set<string>();
  const names: string[] = [];
  for (const step of actions) {
    if (step.kind === "wait") await clock.advance(step.ms);
    if (step.kind === "hold" && step.isHolding) room.isHolding = true;
    if (step.kind === "hold" && !step.isHolding) room.release();
    if (step.kind !== "take") continue;
    const ids = step.messages.map(({ id }) => `${id}`);
    for (const { id, type } of step.messages) {
      if (seen.has(`${id}`)) continue;
      seen.add(`${id}`);
      expected[isUrgent(type) ? "urgent" : "ordinary"].push(`${id}`);
    }
    const name = `take-${names.length}`;
    names.push(name);
    const messages = step.messages.map(({ id, type }) =>
      sourceMessage(type, `${id}`)
    );
    intake.take(messages, () => {
      for (const id of ids) assert(room.ids.includes(id), `${id} is kept`);
      told.push(name);
    });
  }
  room.release();
  await clock.advance(120_000);
  await intake.idle();
  const log = room.log.map(({ upstreamId = "", type }) => ({
    id: upstreamId,
    isUrgent: isUrgent(type),
  }));
  const urgent = log.filter((entry) => entry.isUrgent).map(({ id }) => id);
  const ordinary = log.filter((entry) => !entry.isUrgent).map(({ id }) => id);
  assert.deepEqual({ urgent, ordinary }, expected);
  assert.deepEqual([...world.keptIds].sort(), [...seen].sort());
  assert.deepEqual(told.filter((name) => name.startsWith("take-")), names);
  assert.equal(clock.armed, 0);
}

function isUrgent(type: LiveType): boolean {
  return type === "gift" || type === "control";
}
