import assert from "node:assert/strict";
import { COMPLETION_SCRIPTS } from "../../../cli/completion_scripts.ts";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("completions prints the script of each shell", async () => {
  for (const [shell, script] of Object.entries(COMPLETION_SCRIPTS)) {
    assert.deepEqual(await new FakeCli().run("completions", shell), {
      code: 0,
      out: script,
      err: "",
    });
  }
});
