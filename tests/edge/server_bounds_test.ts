import assert from "node:assert/strict";
import { EdgeWorld } from "./edge_world.ts";

/** Why an address may not connect; `undefined` when it may. */
function refusal({ bounds }: EdgeWorld, ip = "10.0.0.1"): string | undefined {
  try {
    bounds.requirePlace(ip);
    return undefined;
  } catch (error) {
    return Object(error).code;
  }
}

Deno.test("ServerBounds takes connections up to the bound and no more", () => {
  using edge = new EdgeWorld({ gate: { connectionsMax: 2 } });
  assert.equal(refusal(edge), undefined);
  edge.connections.reserve("10.0.0.1");
  assert.equal(refusal(edge), undefined);
  edge.connections.reserve("10.0.0.1");
  assert.equal(refusal(edge), "too_many_connections");
});

Deno.test("ServerBounds bounds the connections of one address, and 0 is no bound", () => {
  const cases = [
    [0, undefined],
    [1, "too_many_from_ip"],
    [2, "too_many_from_ip"],
    [3, undefined],
  ] as const;
  for (const [connectionsPerIpMax, wanted] of cases) {
    using edge = new EdgeWorld({ gate: { connectionsPerIpMax } });
    edge.connections.reserve("10.0.0.1");
    edge.connections.reserve("10.0.0.1");
    assert.equal(refusal(edge), wanted);
    assert.equal(refusal(edge, "10.0.0.2"), undefined);
  }
});

Deno.test("ServerBounds takes nobody while the server stops", () => {
  using edge = new EdgeWorld();
  edge.facts.isDraining = true;
  assert.equal(refusal(edge), "shutting_down");
});
