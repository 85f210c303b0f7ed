import assert from "node:assert/strict";
import { LiveDialects } from "../../src/edge/live_dialects.ts";
import { liveDialect } from "../../src/wire/live_dialect.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

function newDialects(countMax?: number) {
  const made: string[] = [];
  const dialects = new LiveDialects({
    make: (liveId) => {
      made.push(liveId);
      return liveDialect({ ...CLIENT_LIMITS, liveId });
    },
    ...(countMax === undefined ? {} : { countMax }),
  });
  return { dialects, made };
}

Deno.test("LiveDialects makes the dialect of a live id once", () => {
  const { dialects, made } = newDialects();
  const first = dialects.of("1");
  assert.notEqual(dialects.of("2"), first);
  assert.equal(dialects.of("1"), first);
  assert.deepEqual(made, ["1", "2"]);
});

Deno.test("LiveDialects forgets the one that nobody asked for longest", () => {
  const { dialects, made } = newDialects(2);
  const first = dialects.of("1");
  dialects.of("2");
  dialects.of("1");
  dialects.of("3");
  assert.equal(dialects.of("1"), first);
  assert.deepEqual(made, ["1", "2", "3"]);
  dialects.of("2");
  assert.deepEqual(made, ["1", "2", "3", "2"]);
});
