import assert from "node:assert/strict";
import { VERSION } from "../src/version.ts";
import { runProgram, ServerProcess } from "./support/server_process.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { askApi, TEST_KEY } from "./support/test_app.ts";

for (const args of [[], ["serve"]]) {
  Deno.test(`main is the server with ${args.length} words`, async () => {
    using folder = new TempFolder();
    await using server = await ServerProcess.start({ cwd: folder.path, args });
    const { status } = await askApi(server.url, "GET /health/live");
    assert.equal(status, 200);
    await server.stop();
  });
}

Deno.test("main is the command line with any other word", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  const version = await runProgram({ cwd, args: ["version"] });
  assert.deepEqual(version, {
    code: 0,
    stdout: `parlor ${VERSION}\n`,
    stderr: "",
  });
  const unknown = await runProgram({ cwd, args: ["servee"] });
  assert.equal(unknown.code, 2);
  assert.equal(unknown.stdout, "");
  assert.match(unknown.stderr, /servee/);
  // Nothing was opened on the way.
  assert.deepEqual(folder.names(), []);
});

Deno.test("main's command line talks to a running server", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  await using server = await ServerProcess.start({ cwd });
  const env = { PARLOR_URL: server.url, ADMIN_API_KEY: TEST_KEY };
  const args = ["rooms", "create", "Lounge", "--admin", "ann", "--json"];
  const made = await runProgram({ cwd, env, args });
  assert.equal(made.code, 0, made.stderr);
  const { body } = await askApi(server.url, "GET /management/rooms");
  assert.equal(body[0].room_id, JSON.parse(made.stdout).room_id);
  assert.deepEqual(body[0].admin_user_ids, ["ann"]);
  await server.stop();
});
