import assert from "node:assert/strict";
import { TraceIds } from "../../../../src/live/sources/douyin/trace_ids.ts";

function withTraces(count: number): TraceIds {
  const traces = new TraceIds();
  for (let id = 1; id <= count; id++) assert(traces.isNew(`${id}`));
  return traces;
}

Deno.test("TraceIds knows what came", () => {
  const traces = withTraces(1);
  assert.equal(traces.isNew("1"), false);
  assert.equal(traces.isNew("2"), true);
});

Deno.test("TraceIds remembers 1000", () => {
  assert.equal(withTraces(999).isNew("1"), false);
  assert.equal(withTraces(1000).isNew("1"), false);
});

Deno.test("TraceIds keeps the last 500 once there are more", () => {
  const traces = withTraces(1001);
  assert.equal(traces.isNew("502"), false);
  assert.equal(traces.isNew("501"), true);
});
