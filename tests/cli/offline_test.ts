import assert from "node:assert/strict";
import { UnreachableError } from "../../cli/http_transport.ts";
import { openFileInstead } from "../../cli/offline.ts";
import type { OfflineServer } from "../../cli/transport.ts";
import { readConfig } from "../../src/config.ts";
import { FakeCli } from "../support/fake_cli.ts";

const refusal = new UnreachableError("Cannot reach it", true);
const FILE_ENV = { DATABASE_URL: "sqlite:./chat.db" };
const server: OfflineServer = {
  request: () => Promise.resolve(new Response()),
  close: () => Promise.resolve(),
};

Deno.test("openFileInstead opens the file of DATABASE_URL", async () => {
  let asked: string | undefined;
  const cli = new FakeCli({
    openOffline(config) {
      asked = config.store.databaseFile;
      return Promise.resolve(server);
    },
  });
  cli.files.addText("./chat.db", "");
  const config = readConfig(FILE_ENV);
  assert.equal(await openFileInstead(cli, config, refusal), server);
  assert.equal(asked, "./chat.db");
});

Deno.test("openFileInstead says that a database in memory has no file", async () => {
  await assert.rejects(
    openFileInstead(new FakeCli(), readConfig({}), refusal),
    {
      name: "CliError",
      message: "Cannot reach it; there is no file to work on instead, " +
        "as DATABASE_URL is sqlite::memory:",
    },
  );
});

Deno.test("openFileInstead makes no database where there is none", async () => {
  const config = readConfig(FILE_ENV);
  await assert.rejects(openFileInstead(new FakeCli(), config, refusal), {
    message: "Cannot reach it; there is no file to work on instead, " +
      "as ./chat.db does not exist",
  });
});

Deno.test("openFileInstead says that a server holds the file", async () => {
  const held = 'Cannot open the database: another process holds it: "chat.db"';
  const cli = new FakeCli({ openOffline: () => Promise.reject(Error(held)) });
  cli.files.addText("./chat.db", "");
  await assert.rejects(openFileInstead(cli, readConfig(FILE_ENV), refusal), {
    message:
      "Cannot open ./chat.db: a server holds it; give its address with --url",
  });
});

Deno.test("openFileInstead says why else the file did not open", async () => {
  const cli = new FakeCli({
    openOffline: () => Promise.reject(new Error("It is not a database")),
  });
  cli.files.addText("./chat.db", "");
  await assert.rejects(openFileInstead(cli, readConfig(FILE_ENV), refusal), {
    message: "Cannot open ./chat.db: It is not a database",
  });
});
