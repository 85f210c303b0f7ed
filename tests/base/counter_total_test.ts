import assert from "node:assert/strict";
import { counterTotal } from "../../src/base/counter_total.ts";
import { Metrics } from "../../src/base/metrics.ts";

Deno.test("counterTotal adds all labels of a counter", async () => {
  const { joins, refusals } = new Metrics();
  assert.equal(await counterTotal(joins), 0);
  joins.inc(2);
  refusals.inc({ code: "busy" }, 3);
  refusals.inc({ code: "bad_json" });
  assert.equal(await counterTotal(joins), 2);
  assert.equal(await counterTotal(refusals), 4);
});
