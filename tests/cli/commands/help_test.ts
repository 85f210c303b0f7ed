import assert from "node:assert/strict";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("help says the same as --help", async () => {
  for (const words of [[], ["rooms"], ["bans", "add"], ["help"]]) {
    const cli = new FakeCli();
    const asked = await cli.run(...words, "--help");
    assert.equal(asked.code, 0);
    assert.match(asked.out, /^USAGE\n/);
    assert.deepEqual(await cli.run("help", ...words), asked);
  }
});
