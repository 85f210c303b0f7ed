import assert from "node:assert/strict";

const STDOUT = new URL("../../src/base/stdout.ts", import.meta.url).href;

function spawn(code: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", `import * as out from "${STDOUT}"; ${code}`],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("writeStdout writes a text longer than a pipe holds", async () => {
  const child = spawn('out.writeStdout("é".repeat(200_000))');
  const { success, stdout } = await child.output();
  assert(success);
  assert.equal(stdout.length, 400_000);
});

Deno.test("writeStdout says false when nobody reads any more", async () => {
  const child = spawn(`
    let isWritten = true;
    while (isWritten) isWritten = out.writeStdout("line\\n".repeat(1000));
    console.error("still here");
  `);
  await child.stdout.cancel();
  const stderr = await new Response(child.stderr).text();
  assert((await child.status).success);
  assert.match(stderr, /still here/);
});

Deno.test("stdoutIsTerminal says false of a pipe, and stdoutHasColors too", async () => {
  const child = spawn(
    "console.log(out.stdoutIsTerminal(), out.stdoutHasColors())",
  );
  const { stdout } = await child.output();
  assert.equal(new TextDecoder().decode(stdout), "false false\n");
});
