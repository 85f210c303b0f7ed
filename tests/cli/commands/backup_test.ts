import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const DATABASE = new TextEncoder().encode("SQLite format 3\0pages");
const API = { "GET /management/backup": { body: DATABASE } };

Deno.test("backup writes the database into a new file", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("backup", "copy.db"), {
    code: 0,
    out: "Wrote copy.db: 21 bytes\n",
    err: "",
  });
  assert.deepEqual(cli.files.byPath.get("copy.db"), DATABASE);
  const { out } = await cli.run("backup", "copy2.db", "--json");
  assert.deepEqual(JSON.parse(out), { file: "copy2.db", bytes: 21 });
});

Deno.test("backup overwrites nothing", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  cli.files.addText("copy.db", "precious");
  assert.deepEqual(await cli.run("backup", "copy.db"), {
    code: 1,
    out: "",
    err: "Cannot write copy.db: it exists already\n",
  });
  assert.deepEqual(api.seen, []);
});

Deno.test("backup does not take anything else for a database", async () => {
  await using api = new FakeApi({
    "GET /management/backup": { body: "<html>not a database</html>" },
  });
  const cli = new FakeCli({ env: api.env });
  const { code, err } = await cli.run("backup", "copy.db");
  assert.equal(code, 1);
  assert.match(err, /^The server did not answer with a database/);
  assert.equal(cli.files.byPath.size, 0);
});

Deno.test("backup says why the file could not be written", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  cli.files.create = async (_path, bytes) => {
    await bytes.cancel();
    throw new Error("No space left");
  };
  const { code, err } = await cli.run("backup", "copy.db");
  assert.deepEqual([code, err], [1, "Cannot write copy.db: No space left\n"]);
});
