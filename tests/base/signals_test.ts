import assert from "node:assert/strict";

const SIGNALS = import.meta.resolve("../../src/base/signals.ts");

/** A process that says when it waits and what it heard; `after` runs then. */
function spawnWaiter(after = ""): Deno.ChildProcess {
  const code = `
    import { untilSignal } from "${SIGNALS}";
    const heard = untilSignal();
    console.log("waiting");
    const awake = setInterval(() => {}, 1000);
    await heard;
    clearInterval(awake);
    console.log("heard");
    ${after}
  `;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", code],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`untilSignal resolves at ${signal}, and the process may end`, async () => {
    const child = spawnWaiter();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await lines.read()).value, "waiting\n");
    child.kill(signal);
    assert.equal((await lines.read()).value, "heard\n");
    assert((await lines.read()).done);
    assert.equal((await child.status).code, 0);
  });
}

Deno.test("untilSignal lets a second signal end the process", async () => {
  const child = spawnWaiter("setInterval(() => {}, 1000);");
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await lines.read();
  child.kill("SIGTERM");
  assert.equal((await lines.read()).value, "heard\n");
  child.kill("SIGTERM");
  assert((await lines.read()).done);
  assert.equal((await child.status).signal, "SIGTERM");
});
