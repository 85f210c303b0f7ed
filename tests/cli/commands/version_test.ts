import assert from "node:assert/strict";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("version prints the version, for people and for programs", async () => {
  const cli = new FakeCli();
  assert.equal((await cli.run("version")).out, "parlor 9.8.7\n");
  const { out } = await cli.run("version", "--json");
  assert.deepEqual(JSON.parse(out), { version: "9.8.7" });
});
