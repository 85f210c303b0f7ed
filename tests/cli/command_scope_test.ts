import assert from "node:assert/strict";
import { roomsAnswer } from "../../cli/answers.ts";
import { CommandScope } from "../../cli/command_scope.ts";
import type { Fetch } from "../../cli/http_transport.ts";
import type { OfflineServer } from "../../cli/transport.ts";
import type { Env } from "../../src/config.ts";
import { FakeApi, freeAddress } from "../support/fake_api.ts";
import { FakeCli, type FakeCliOptions } from "../support/fake_cli.ts";

const ROOMS = { "GET /management/rooms": { body: [] } };
const NO_FLAGS = { json: false };

function newScope(options: FakeCliOptions): {
  cli: FakeCli;
  scope: CommandScope;
} {
  const cli = new FakeCli(options);
  const process = { stdout: cli.stdout, stderr: cli.stderr };
  const scope = new CommandScope(cli, process, () => Promise.resolve(0));
  return { cli, scope };
}

/** A file of a machine on which no server runs. */
function newOffline(changes: Env = {}) {
  const closed: string[] = [];
  const opened: OfflineServer = {
    request: () => Promise.resolve(Response.json([])),
    close: () => Promise.resolve(void closed.push("closed")),
  };
  const address = freeAddress();
  const env = { BIND_ADDRESS: address, DATABASE_URL: "sqlite:chat.db" };
  const { cli, scope } = newScope({
    env: { ...env, ...changes },
    openOffline: () => Promise.resolve(opened),
  });
  cli.files.addText("chat.db", "");
  return { cli, scope, closed, address };
}

Deno.test("CommandScope sends ADMIN_API_KEY to PARLOR_URL", async () => {
  await using api = new FakeApi(ROOMS);
  const { scope } = newScope({ env: api.env });
  const client = await scope.connect(NO_FLAGS);
  await client.get("/management/rooms", roomsAnswer);
  assert.equal(api.seen[0]?.key, "the-operators-key");
});

Deno.test("CommandScope takes flags before settings", async () => {
  await using api = new FakeApi(ROOMS);
  const { cli, scope } = newScope({
    env: { PARLOR_URL: "http://elsewhere", ADMIN_API_KEY: "another-key" },
  });
  cli.files.addText("key.txt", "key-of-the-file\n");
  const flags = { json: false, url: api.url, keyFile: "key.txt" };
  const client = await scope.connect(flags);
  await client.get("/management/rooms", roomsAnswer);
  assert.equal(api.seen[0]?.key, "key-of-the-file");
});

Deno.test("CommandScope waits for an answer as long as a command says", async () => {
  const fetch: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const { cli, scope } = newScope({ env: { PARLOR_URL: "http://far" }, fetch });
  const client = await scope.connectOrOpen(NO_FLAGS, { answerMsMax: 90_000 });
  const asking = assert.rejects(
    client.get("/management/rooms", roomsAnswer),
    { message: "Cannot reach http://far: no answer within 90 s" },
  );
  await cli.clock.advance(89_999);
  assert.equal(cli.clock.armed, 1);
  await cli.clock.advance(1);
  await asking;
});

Deno.test("CommandScope needs no settings where flags say it all", async () => {
  await using api = new FakeApi(ROOMS);
  const { cli, scope } = newScope({ env: { WS_BATCH_SIZE: "bad" } });
  cli.files.addText("key.txt", "key-of-the-file");
  const flags = { json: false, url: api.url, keyFile: "key.txt" };
  await (await scope.connectOrOpen(flags)).get(
    "/management/rooms",
    roomsAnswer,
  );
  assert.equal(api.seen.length, 1);
});

Deno.test("CommandScope derives the address from BIND_ADDRESS", () => {
  const { scope } = newScope({ env: { BIND_ADDRESS: "0.0.0.0:4000" } });
  assert.equal(scope.serverUrl({}), "http://127.0.0.1:4000");
});

Deno.test("CommandScope lists every problem of the settings", () => {
  const env = { WS_BATCH_SIZE: "0", LOG_LEVEL: "loud" };
  assert.throws(() => newScope({ env }).scope.config(), {
    name: "CliError",
    message: "Cannot use the settings of this machine:",
    details: [
      'Cannot read WS_BATCH_SIZE: want an integer in 1..10000, got "0"',
      'Cannot read LOG_LEVEL: want debug|info|warn|error, got "loud"',
    ],
  });
});

Deno.test("CommandScope refuses a key file that holds no key", async () => {
  const { cli, scope } = newScope({});
  cli.files.addText("empty.txt", " \n");
  await assert.rejects(
    scope.connect({ json: false, keyFile: "empty.txt" }),
    { message: "Cannot read the key of empty.txt: the file is empty" },
  );
  await assert.rejects(
    scope.connect({ json: false, keyFile: "none.txt" }),
    { message: "Cannot read the key of none.txt: No such file" },
  );
});

Deno.test("CommandScope works on the file when no server runs", async () => {
  const { cli, scope, closed, address } = newOffline();
  {
    await using own = scope;
    const client = await own.connectOrOpen(NO_FLAGS);
    assert.equal(own.worksOnFile, false);
    await client.get("/management/rooms", roomsAnswer);
    assert.equal(own.worksOnFile, true);
    assert.deepEqual(closed, []);
  }
  assert.deepEqual(closed, ["closed"]);
  assert.equal(
    cli.stderr.take(),
    `No server runs at http://${address}: working on chat.db itself\n`,
  );
});

Deno.test("CommandScope opens no file in place of a named server", async () => {
  const named = `http://${freeAddress()}`;
  const byFlag = newOffline().scope;
  const client = await byFlag.connectOrOpen({ json: false, url: named });
  await assert.rejects(client.get("/management/rooms", roomsAnswer), {
    name: "UnreachableError",
  });
  const bySetting = newOffline({ PARLOR_URL: named }).scope;
  const other = await bySetting.connectOrOpen(NO_FLAGS);
  await assert.rejects(other.get("/management/rooms", roomsAnswer), {
    name: "UnreachableError",
  });
});

Deno.test("CommandScope opens no file for what only a server can tell", async () => {
  const client = await newOffline().scope.connect(NO_FLAGS);
  await assert.rejects(client.get("/management/rooms", roomsAnswer), {
    name: "UnreachableError",
  });
});
