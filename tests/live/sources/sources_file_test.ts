// deno-lint-ignore-file camelcase -- The words of the file and the wire.

import assert from "node:assert/strict";
import { readSources } from "../../../src/live/sources/sources_file.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const PORTS = {
  clock: new FakeClock(),
  fetch,
  env: (name: string) => name === "LIVE_TOKEN" ? "s3cret-token" : undefined,
};

const WHOLE = {
  type: "websocket",
  url: "wss://host.example/{live_id}?v=1",
  headers: { "X-Client": "parlor", "Authorization": "env:LIVE_TOKEN" },
  subprotocol: "live.v1",
  heartbeat: { text: "ping", every_seconds: 20 },
  pings: false,
  format: "json",
  frame_bytes_max: 65536,
  messages: "data.items",
  mapping: {
    type: "event.kind",
    types: { comment: "chat", present: "gift", beat: null },
    fields: { user_id: "user.id", content: "text" },
    id: "msg.id",
    time: "ts",
  },
  status: {
    url: "https://host.example/status/{live_id}",
    headers: { "X-Key": "env:LIVE_TOKEN" },
    field: "room.status",
    live: [0],
    ended: [2],
  },
};

function read(source: unknown, name = "demo") {
  return readSources(JSON.stringify({ sources: { [name]: source } }), PORTS);
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert(error instanceof Error);
    return error.message.replace("Cannot read LIVE_SOURCES_FILE: ", "");
  }
  assert.fail("It was read");
}

/** What is said of a source of which one field is another. */
function refusalOf(path: string, value: unknown): string {
  const source: Record<string, unknown> = structuredClone(WHOLE);
  const names = path.split(".");
  const last = names.pop() ?? "";
  let place = source;
  for (const name of names) place = place[name] as typeof source;
  place[last] = value;
  return refusal(() => read(source));
}

Deno.test("readSources reads a source with everything, and one with least", () => {
  const [whole] = read(WHOLE).values();
  assert.equal(whole?.name, "demo");
  assert.equal(whole?.answersPings, false);
  const least = read({ type: "websocket", url: "ws://h/" }, "my-own_2");
  assert.equal(least.get("my-own_2")?.answersPings, true);
  assert.equal(readSources('{"sources":{}}', PORTS).size, 0);
});

Deno.test("readSources names the field that it cannot read", () => {
  const cases: [string, unknown, string][] = [
    [
      "url",
      7,
      "sources.demo.url: want a URL that begins with ws:// or wss://, got",
    ],
    [
      "url",
      undefined,
      "sources.demo.url: want a URL that begins with ws:// or wss://, got nothing",
    ],
    [
      "url",
      "http://h/x?token=s3cret",
      'sources.demo.url: want a URL that begins with ws:// or wss://, got "http://h"',
    ],
    [
      "url",
      "wss://u:s3cret@h/#f",
      'sources.demo.url: want a URL that begins with ws:// or wss://, got "wss://"',
    ],
    [
      "url",
      "s3cret",
      "sources.demo.url: want a URL that begins with ws:// or wss://, got something else",
    ],
    ["type", "douyin", 'sources.demo.type: want "websocket", got "douyin"'],
    ["pings", "yes", 'sources.demo.pings: want true or false, got "yes"'],
    ["format", "xml", 'sources.demo.format: want "json" or "text", got "xml"'],
    [
      "frame_bytes_max",
      1023,
      "sources.demo.frame_bytes_max: want an integer in 1024..16777216, got 1023",
    ],
    [
      "heartbeat",
      5,
      "sources.demo.heartbeat: want an object with text and every_seconds",
    ],
    [
      "heartbeat.every_seconds",
      0,
      "sources.demo.heartbeat.every_seconds: want a number in 1..3600",
    ],
    [
      "messages",
      "a..b",
      "sources.demo.messages: want names with dots between them such as user.name, got",
    ],
    [
      "mapping.id",
      [],
      "sources.demo.mapping.id: want names with dots between them such as user.name, got a list",
    ],
    [
      "mapping.types.x",
      "lottery",
      "sources.demo.mapping.types.x: want an object of words, each for chat",
    ],
    [
      "mapping.fields.live_id",
      "a",
      "sources.demo.mapping.fields.live_id: want an object of field names, other than type",
    ],
    ["status.live", [], "sources.demo.status.live: want a list of 1 to 100"],
    [
      "status.url",
      "wss://h/",
      'sources.demo.status.url: want a URL that begins with http:// or https://, got "wss://h"',
    ],
    ["heders", {}, "sources.demo.heders: want no field of this name"],
    [
      "status.filed",
      1,
      "sources.demo.status.filed: want no field of this name",
    ],
  ];
  for (const [path, value, expected] of cases) {
    const text = refusalOf(path, value);
    assert(text.startsWith(expected), `${path}: ${text}`);
    assert(!text.includes("s3cret"), text);
    assert(text.length < 400, text);
  }
});

Deno.test("readSources never shows the value of a header", () => {
  const values = [
    "s3cret\r\n",
    ["s3cret"],
    "s3crét",
    "env:9s3cret",
    "env:NONE",
  ];
  for (const value of values) {
    const text = refusalOf("headers.X-Token", value);
    assert(text.startsWith("sources.demo.headers.X-Token: want "), text);
    assert(!text.includes("s3c"), text);
  }
  assert.match(
    refusalOf("headers.X-Token", "env:NONE"),
    /want NONE in the environment/,
  );
  assert.match(refusalOf("headers.Upgrade", "x"), /headers\.Upgrade: want/);
  assert.match(refusalOf("status.headers.A", "env:NO"), /status\.headers\.A:/);
});

Deno.test("readSources refuses the name of a source that is there already, and odd ones", () => {
  for (const name of ["douyin", "", "A", "a b", "x".repeat(33)]) {
    const text = refusal(() => read(WHOLE, name));
    assert(
      text.startsWith(`sources.${name}: want a name of 1 to 32 small letters`),
      text,
    );
  }
  assert.equal(read(WHOLE, "x".repeat(32)).size, 1);
});

Deno.test("readSources takes 100 sources and no more", () => {
  const least = { type: "websocket", url: "ws://h/" };
  function many(count: number): string {
    const names = Array.from({ length: count }, (_, index) => `s${index}`);
    const sources = Object.fromEntries(names.map((name) => [name, least]));
    return JSON.stringify({ sources });
  }
  assert.equal(readSources(many(99), PORTS).size, 99);
  assert.equal(readSources(many(100), PORTS).size, 100);
  assert.equal(
    refusal(() => readSources(many(101), PORTS)),
    "sources: want an object of at most 100 sources by name, got an object",
  );
});

Deno.test("readSources refuses what is no JSON without quoting it", () => {
  const text = refusal(() => readSources('{"sources":\n s3cret}', PORTS));
  assert.equal(text.startsWith("want JSON, got something else"), true);
  assert(!text.includes("s3c"), text);
  assert.equal(
    refusal(() => readSources("[]", PORTS)),
    "want an object with sources, got a list",
  );
});
