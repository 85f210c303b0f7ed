import assert from "node:assert/strict";
import { VERSION } from "../../src/version.ts";
import {
  deviceMessageBody,
  historyBody,
  roomBody,
  statusBody,
} from "../support/canned_answers.ts";
import { FakeApi, freeAddress } from "../support/fake_api.ts";
import { within } from "../support/within.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The words that start the program. */
const PROGRAM = [
  Deno.execPath(),
  "run",
  `--config=${ROOT}deno.json`,
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  `${ROOT}cli/main.ts`,
];

/** What a process needs of ours; settings of the host must not leak in. */
const HOST_ENV = Object.fromEntries(
  ["PATH", "HOME", "DENO_DIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }),
);

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** Runs the words in a process of its own. */
async function run(words: readonly string[], options: RunOptions = {}) {
  const [program = "", ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    clearEnv: true,
    ...options,
    env: { ...HOST_ENV, ...options.env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("main prints the program's version and exits with 0", async () => {
  const { code, out } = await run([...PROGRAM, "version"]);
  assert.deepEqual([code, out], [0, `parlor ${VERSION}\n`]);
});

Deno.test("main exits with 2 for an unknown command", async () => {
  const { code, out, err } = await run([...PROGRAM, "roms"]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^Unknown command "roms"/);
});

Deno.test("main asks the server that the environment and .env name", async () => {
  await using api = new FakeApi({
    "GET /management/rooms": { body: [roomBody({ room_name: "大厅" })] },
  });
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${cwd}/.env`,
    "ADMIN_API_KEY=key-of-the-file\nPARLOR_URL=http://127.0.0.1:1\n",
  );
  const env = { PARLOR_URL: api.url, TZ: "UTC" };
  const { code, out } = await run([...PROGRAM, "rooms", "list"], { env, cwd });
  await Deno.remove(cwd, { recursive: true });
  assert.equal(code, 0);
  assert.match(out, /\nr1 {4}大厅 .* 2026-01-01 00:00:00 /);
  assert.equal(api.seen[0]?.key, "key-of-the-file");
});

Deno.test("main works on the database file when no server runs", async () => {
  const cwd = await Deno.makeTempDir();
  const env = {
    BIND_ADDRESS: freeAddress(),
    DATABASE_URL: "sqlite:./chat.db",
    ADMIN_API_KEY: "key-of-the-operator",
  };
  const missing = await run([...PROGRAM, "rooms", "list"], { env, cwd });
  assert.equal(missing.code, 1);
  assert.match(missing.err, /chat\.db does not exist\n$/);

  await Deno.writeTextFile(`${cwd}/chat.db`, "");
  const create = [...PROGRAM, "rooms", "create", "大厅", "--json"];
  const created = await run(create, { env, cwd });
  assert.deepEqual([created.code], [0], created.err);
  const { room_id: roomId } = JSON.parse(created.out);
  const sent = await run([...PROGRAM, "send", roomId, "hi"], { env, cwd });
  assert.equal(sent.out, `Sent to room ${roomId} as number 1\n`, sent.err);
  const { out } = await run([...PROGRAM, "history", roomId], { env, cwd });
  await Deno.remove(cwd, { recursive: true });
  assert.match(out, / System +- +hi\n$/);
});

Deno.test("main ends quietly when nobody reads on", async () => {
  const rooms = Array.from(
    { length: 5000 },
    (_, index) => roomBody({ room_id: `room-${index}` }),
  );
  await using api = new FakeApi({ "GET /management/rooms": { body: rooms } });
  const pipe = `"$@" rooms list | head -n 1`;
  const words = ["sh", "-c", pipe, "sh", ...PROGRAM];
  const { out, err } = await run(words, { env: api.env });
  assert.match(out, /^ROOM .*\n$/);
  assert.equal(err, "");
});

Deno.test({
  name:
    "main top takes a real terminal over and gives it back on q (needs script)",
  ignore: await isMissing("script"),
  async fn() {
    await using api = new FakeApi({
      "GET /management/status?rooms=50": { body: statusBody() },
    });
    const command = [...PROGRAM, "top"].join(" ");
    const child = new Deno.Command("script", {
      args: ["-qec", `stty cols 70 rows 10; ${command}; stty -a`, "/dev/null"],
      clearEnv: true,
      env: { ...HOST_ENV, ...api.env, SHELL: "/bin/sh", TERM: "xterm" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const keys = child.stdin.getWriter();
    let text = "";
    for await (
      const chunk of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      const wasDrawn = text.includes("q leaves");
      text += chunk;
      if (!wasDrawn && text.includes("q leaves")) {
        await keys.write(new TextEncoder().encode("q"));
      }
    }
    await keys.close().catch(() => {});
    assert.equal((await child.status).code, 0);
    const drawn = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2KParlor 0.1.0";
    assert(text.includes(drawn), text);
    assert(text.includes("\x1b[?25h\x1b[?1049l"), text);
    // The terminal echoes and edits lines again.
    assert.match(text, /[^-]icanon[^]*[^-]echo /);
  },
});

/** A room in which the same message comes again and again. */
const TRAFFIC = historyBody([deviceMessageBody(1)]);
const TRAFFIC_API = {
  "GET /management/rooms/r1/messages?limit=1": { body: TRAFFIC },
  "GET /management/rooms/r1/messages?after_seq=1&limit=200": { body: TRAFFIC },
};

Deno.test("main leaves a watch on Ctrl-C, with 0", async () => {
  await using api = new FakeApi(TRAFFIC_API);
  const [program = "", ...args] = [...PROGRAM, "devices", "watch", "r1"];
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    clearEnv: true,
    env: { ...HOST_ENV, ...api.env },
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await within(reader.read(), { what: "a message" });
  assert.match(
    new TextDecoder().decode(value),
    /d1 \(sensor\) {2}\{"n":1\}\n$/,
  );
  child.kill("SIGINT");
  const { code } = await within(child.status, { what: "its end" });
  assert.equal(code, 0);
  await reader.cancel();
});

Deno.test("main leaves a watch when nobody reads on", async () => {
  await using api = new FakeApi(TRAFFIC_API);
  const pipe = `"$@" devices watch r1 --interval 100 | head -n 1`;
  const words = ["sh", "-c", pipe, "sh", ...PROGRAM];
  const running = run(words, { env: api.env });
  const { out, err } = await within(running, { what: "its end" });
  assert.match(out, /^2026-01-01 .*\n$/);
  assert.match(err, /^Watching room r1 .*\n$/);
});

async function isMissing(name: string): Promise<boolean> {
  try {
    await new Deno.Command(name, { args: ["--version"] }).output();
    return false;
  } catch {
    return true;
  }
}
