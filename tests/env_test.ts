import assert from "node:assert/strict";
import { readEnv } from "../src/env.ts";

const ENV = new URL("../src/env.ts", import.meta.url).href;

/** A folder that goes away with the test, with `.env` in it. */
function newFolder(dotEnv?: string) {
  const path = Deno.makeTempDirSync();
  if (dotEnv !== undefined) Deno.writeTextFileSync(`${path}/.env`, dotEnv);
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

/** What a process in `cwd` with these variables and permissions reads. */
async function readIn(
  cwd: string,
  { env = {}, permissions = ["--allow-env", "--allow-read=."] }: {
    env?: Record<string, string>;
    permissions?: string[];
  } = {},
) {
  const script = `${cwd}/main.ts`;
  await Deno.writeTextFile(
    script,
    `import { readEnv } from "${ENV}"; console.log(JSON.stringify(readEnv()));`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "--no-prompt", ...permissions, script],
    cwd,
    env,
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.notEqual(text, "", new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

Deno.test("readEnv reads .env in the working folder, and the environment wins", async () => {
  using folder = newFolder("WS_BATCH_SIZE=30\nLOG_LEVEL=debug\n");
  const { env, warnings } = await readIn(folder.path, {
    env: { LOG_LEVEL: "warn" },
  });
  assert.equal(env.WS_BATCH_SIZE, "30");
  assert.equal(env.LOG_LEVEL, "warn");
  assert.deepEqual(warnings, []);
});

Deno.test("readEnv lets an empty variable hide the file's", async () => {
  using folder = newFolder("WS_BATCH_SIZE=30\n");
  const { env } = await readIn(folder.path, { env: { WS_BATCH_SIZE: "" } });
  assert.equal(env.WS_BATCH_SIZE, "");
});

Deno.test("readEnv reads comments, quotes and CRLF as .env files have them", () => {
  using folder = newFolder(
    '# Server\r\nexport BIND_ADDRESS="127.0.0.1:8080"\r\n' +
      "SYNC_INTERVAL_SECONDS=300  # 定时同步间隔\r\n",
  );
  const { env } = readEnv(folder.path);
  assert.equal(env.BIND_ADDRESS, "127.0.0.1:8080");
  assert.equal(env.SYNC_INTERVAL_SECONDS, "300");
});

Deno.test("readEnv is silent when there is no .env", () => {
  using folder = newFolder();
  assert.deepEqual(readEnv(folder.path).warnings, []);
});

Deno.test("readEnv warns of a .env that it cannot read", () => {
  using folder = newFolder();
  Deno.mkdirSync(`${folder.path}/.env`);
  const { env, warnings } = readEnv(folder.path);
  assert.equal(env.PATH, Deno.env.get("PATH"));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /^Cannot read \.env: /);
});

Deno.test("readEnv skips .env without a word when it may not read", async () => {
  using folder = newFolder("WS_BATCH_SIZE=30\n");
  const { env, warnings } = await readIn(folder.path, {
    permissions: ["--allow-env"],
  });
  assert.equal(env.WS_BATCH_SIZE, undefined);
  assert.deepEqual(warnings, []);
});
