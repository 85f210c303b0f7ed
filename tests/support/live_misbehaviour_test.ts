import assert from "node:assert/strict";
import { readMisbehaviour } from "./live_misbehaviour.ts";

Deno.test("readMisbehaviour reads every way that the usage names", () => {
  const cases = [
    ["stall", { kind: "stall" }],
    ["half_open", { kind: "half_open" }],
    ["one_bad", { kind: "one_bad" }],
    ["drop=2000", { kind: "drop", afterMs: 2000 }],
    ["slow=50", { kind: "slow", afterMs: 50 }],
    ["end=0", { kind: "end", afterMs: 0 }],
    ["refuse=503", { kind: "refuse", status: 503 }],
    ["close=1012", { kind: "close", code: 1012, afterMs: 1000 }],
    ["close=1012:5", { kind: "close", code: 1012, afterMs: 5 }],
  ] as const;
  for (const [text, how] of cases) {
    assert.deepEqual(readMisbehaviour(text), how);
  }
});

Deno.test("readMisbehaviour refuses anything else", () => {
  for (const text of ["", "sleep", "drop", "drop=soon", "stall=1", "close="]) {
    assert.throws(() => readMisbehaviour(text), /^Error: Cannot misbehave as/);
  }
});
