import assert from "node:assert/strict";
import { outcomeOf } from "../../src/match/link_outcome.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newLink } from "./link_fixture.ts";
import { person } from "./link_world.ts";

Deno.test("outcomeOf tells waiting from matched", () => {
  const link = newLink("a");
  const requestId = "link-a";
  assert.deepEqual(outcomeOf(link), { kind: "waiting", requestId });
  const match = { roomId: "r", partner: person("b") };
  link.claim();
  link.meet({ ...match, at: START_AT }, 0);
  assert.deepEqual(outcomeOf(link), { kind: "matched", requestId, ...match });
});
