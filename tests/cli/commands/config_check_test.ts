import assert from "node:assert/strict";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("config check shows settings, marks defaults, masks secrets", async () => {
  const cli = new FakeCli({
    env: { ADMIN_API_KEY: "key-of-the-operator", MAX_CONNECTIONS: "12" },
  });
  const { code, out, err } = await cli.run("config", "check");
  assert.deepEqual([code, err], [0, ""]);
  const lines = out.split("\n").map((line) => line.replace(/ +/g, " "));
  assert.equal(lines[0], "SETTING VALUE FROM MEANING");
  assert.match(lines[1] ?? "", /^DATABASE_URL sqlite::memory: default /);
  assert.match(lines[3] ?? "", /^ADMIN_API_KEY \*{8} set /);
  assert.match(lines[4] ?? "", /^MAX_CONNECTIONS 12 set /);
  assert.doesNotMatch(out, /key-of-the-operator/);
});

Deno.test("config check --json has values and marks for programs", async () => {
  const cli = new FakeCli({
    env: {
      AUTH_SECRET: "0123456789abcdef0123456789abcdef",
      DEVICE_AUTH: "open",
    },
    envWarnings: ["Cannot read .env: denied"],
  });
  const { code, out } = await cli.run("config", "check", "--json");
  const { settings, problems, warnings } = JSON.parse(out);
  assert.equal(code, 0);
  assert.deepEqual(problems, []);
  assert.deepEqual(warnings, ["Cannot read .env: denied"]);
  const secret = settings.find(({ name }: { name: string }) =>
    name === "AUTH_SECRET"
  );
  assert.deepEqual([secret.value, secret.default], ["********", false]);
  assert.doesNotMatch(out, /0123456789abcdef/);
});

Deno.test("config check fails with every problem", async () => {
  const env = { WS_BATCH_SIZE: "0", AUTH_SECRET: "short", LOG_LEVEL: "loud" };
  const { code, out, err } = await new FakeCli({ env }).run("config", "check");
  assert.deepEqual([code, out], [1, ""]);
  assert.equal(
    err,
    `\
Found 3 bad settings:
Cannot read WS_BATCH_SIZE: want an integer in 1..10000, got "0"
Cannot read LOG_LEVEL: want debug|info|warn|error, got "loud"
Cannot read AUTH_SECRET: want at least 32 characters, got 5 characters
`,
  );
  const json = await new FakeCli({ env }).run("config", "check", "--json");
  assert.equal(json.code, 1);
  assert.equal(JSON.parse(json.out).problems.length, 3);
});

Deno.test("config check passes on what an operator should hear", async () => {
  const cli = new FakeCli({
    env: { MAX_CONECTIONS: "5" },
    envWarnings: ["Cannot read .env: denied"],
  });
  const { code, err } = await cli.run("config", "check");
  assert.equal(code, 0);
  assert.equal(
    err,
    "Cannot read .env: denied\n" +
      "MAX_CONECTIONS is not a setting; did you mean MAX_CONNECTIONS?\n",
  );
});
