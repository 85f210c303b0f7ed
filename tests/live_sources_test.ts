import assert from "node:assert/strict";
import { systemIds } from "../src/base/ids.ts";
import { readConfig } from "../src/config.ts";
import { openLiveSources } from "../src/live_sources.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { TempFolder } from "./support/temp_folder.ts";

const DEMO = { type: "websocket", url: "ws://127.0.0.1:1/{live_id}" };

async function open(env: Record<string, string>): Promise<string[]> {
  const sources = await openLiveSources({
    config: readConfig(env).live,
    clock: new FakeClock(),
    ids: systemIds,
    fetch,
    env: (name) => env[name],
  });
  return [...sources.keys()];
}

Deno.test("openLiveSources knows the platform without a file", async () => {
  assert.deepEqual(await open({}), ["douyin"]);
});

Deno.test("openLiveSources adds the operator's own", async () => {
  using folder = new TempFolder();
  const file = `${folder.path}/sources.json`;
  await Deno.writeTextFile(file, JSON.stringify({ sources: { demo: DEMO } }));
  const names = await open({
    LIVE_SOURCES_FILE: file,
    LIVE_DEFAULT_SOURCE: "demo",
  });
  assert.deepEqual(names, ["douyin", "demo"]);
});

Deno.test("openLiveSources refuses a file that is not there, or says nothing", async () => {
  using folder = new TempFolder();
  const file = `${folder.path}/sources.json`;
  await assert.rejects(
    open({ LIVE_SOURCES_FILE: file }),
    /^Error: Cannot read LIVE_SOURCES_FILE: No such file/,
  );
  await Deno.writeTextFile(file, "{");
  await assert.rejects(
    open({ LIVE_SOURCES_FILE: file }),
    /^Error: Cannot read LIVE_SOURCES_FILE: /,
  );
});

Deno.test("openLiveSources refuses a default that there is not", async () => {
  await assert.rejects(open({ LIVE_DEFAULT_SOURCE: "demo" }), {
    message: 'Cannot read LIVE_DEFAULT_SOURCE: want douyin, got "demo"',
  });
});
