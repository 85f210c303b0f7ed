import assert from "node:assert/strict";
import type { z } from "zod";
import {
  bindAddress,
  callbackUrl,
  choice,
  flag,
  hostList,
  httpUrl,
  integer,
  line,
  optionalBindAddress,
  optionalInteger,
  origins,
  path,
  secret,
  secretList,
  settingFacts,
  share,
  socketUrl,
  sqliteUrl,
} from "../src/setting.ts";

function accepts(schema: z.ZodType, cases: [string | undefined, unknown][]) {
  for (const [text, value] of cases) {
    assert.deepEqual(schema.parse(text), value, `${text}`);
  }
}

function refuses(schema: z.ZodType, texts: string[]) {
  for (const text of texts) assert(!schema.safeParse(text).success, text);
}

Deno.test("integer reads whole numbers of its range", () => {
  const schema = integer(5, [0, 10], "");
  accepts(schema, [[undefined, 5], ["0", 0], ["10", 10], ["007", 7]]);
  refuses(schema, ["-1", "11", "1.0", "1e1", " 1", "", "9".repeat(400)]);
});

Deno.test("optionalInteger is undefined when it is unset", () => {
  accepts(optionalInteger("it depends", [1, 9], ""), [
    [undefined, undefined],
    ["9", 9],
  ]);
});

Deno.test("flag reads three spellings of yes and of no, in any case", () => {
  const schema = flag(false, "");
  accepts(schema, [
    [undefined, false],
    ["true", true],
    ["1", true],
    ["Yes", true],
    ["false", false],
    ["0", false],
    ["NO", false],
  ]);
  refuses(schema, ["on", "off", "2", "y"]);
});

Deno.test("choice reads one of its words and nothing else", () => {
  const schema = choice(["tea", "coffee"], "tea", "");
  accepts(schema, [["tea", "tea"], [undefined, undefined]]);
  refuses(schema, ["Tea", "water"]);
});

Deno.test("secret wants its least number of characters", () => {
  accepts(secret(3, "unset", ""), [["abc", "abc"], [undefined, undefined]]);
  refuses(secret(3, "unset", ""), ["ab"]);
});

Deno.test("path refuses a NUL", () => {
  accepts(path("here", ""), [["./a b", "./a b"]]);
  refuses(path("here", ""), ["a\0b"]);
});

Deno.test("httpUrl reads a web address and drops its trailing slash", () => {
  const schema = httpUrl("unset", "");
  accepts(schema, [
    ["https://a.example/keys.json", "https://a.example/keys.json"],
    ["http://localhost:3000/", "http://localhost:3000"],
  ]);
  refuses(schema, ["ftp://a.example", "a.example", "http://", "/keys"]);
});

Deno.test("callbackUrl keeps a web address as it is given", () => {
  accepts(callbackUrl(""), [
    ["https://a.example/hook/", "https://a.example/hook/"],
    ["http://A.example:80?x=/", "http://A.example:80?x=/"],
    [undefined, undefined],
  ]);
  refuses(callbackUrl(""), ["ftp://a.example", "a.example/hook", "http://"]);
});

Deno.test("hostList reads a comma list of hosts", () => {
  accepts(hostList(""), [
    [undefined, []],
    ["a.example", ["a.example"]],
    ["a.example:8080 , *.b.example,[::1]", [
      "a.example:8080",
      "*.b.example",
      "[::1]",
    ]],
  ]);
  refuses(hostList(""), ["http://a.example", "a.example,", "a.example:0"]);
});

Deno.test("secretList reads a comma list of secrets", () => {
  const coded = `whsec_${btoa("0123456789abcdef")}`;
  accepts(secretList(""), [
    [undefined, []],
    ["0123456789abcdef", ["0123456789abcdef"]],
    [`${coded}, of-sixteen-chars`, [coded, "of-sixteen-chars"]],
  ]);
  refuses(secretList(""), ["0123456789abcde", `${coded},`, "whsec_abc"]);
});

Deno.test("secretList says which of several secrets is wrong", () => {
  const wantOf = (text: string) =>
    secretList("").safeParse(text).error?.issues.map((issue) =>
      issue.code === "custom" && issue.params?.want
    );
  assert.deepEqual(wantOf("short"), ["at least 16 characters"]);
  assert.deepEqual(wantOf("0123456789abcdef,whsec_?"), [
    "base64 of 16..64 bytes after whsec_ in entry 2",
  ]);
});

Deno.test("origins reads a comma list into canonical origins", () => {
  const schema = origins("");
  accepts(schema, [
    [undefined, []],
    ["https://A.example", ["https://a.example"]],
    ["https://a.example/, http://b.example:8080", [
      "https://a.example",
      "http://b.example:8080",
    ]],
  ]);
  refuses(schema, [
    "*",
    "a.example",
    "https://a.example/chat",
    "https://a.example?x",
    "https://a.example?",
    "https://a.example#",
    "https://me@a.example",
    "https://a.example,",
    "file:///etc",
  ]);
});

Deno.test("bindAddress reads a host and a port", () => {
  const schema = bindAddress("0.0.0.0:3000", "");
  accepts(schema, [
    [undefined, { host: "0.0.0.0", port: 3000 }],
    ["localhost:0", { host: "localhost", port: 0 }],
    ["[::1]:65535", { host: "::1", port: 65_535 }],
  ]);
  refuses(schema, ["3000", ":3000", "host:", "host:65536", "::1:3000"]);
  refuses(schema, ["[::1]", "[]:1", "http://host:1", "a b:1", "host:1:2"]);
});

Deno.test("optionalBindAddress reads the same, or nothing", () => {
  const schema = optionalBindAddress("unset", "");
  accepts(schema, [
    [undefined, undefined],
    ["0.0.0.0:8765", { host: "0.0.0.0", port: 8765 }],
  ]);
  refuses(schema, ["8765", "0.0.0.0"]);
});

Deno.test("sqliteUrl reads a file, or the in-memory database", () => {
  const schema = sqliteUrl("sqlite::memory:", "");
  accepts(schema, [
    [undefined, { file: undefined }],
    ["sqlite::memory:", { file: undefined }],
    ["sqlite:./chat.db", { file: "./chat.db" }],
    ["sqlite:///var/chat.db", { file: "/var/chat.db" }],
    ["sqlite:chat.db?mode=rwc", { file: "chat.db" }],
  ]);
  refuses(schema, ["sqlite:", "sqlite://", "postgres://a", "chat.db"]);
  refuses(schema, ["sqlite:chat.db?mode=ro", "sqlite:a\0b"]);
});

Deno.test("settingFacts knows what each kind wants", () => {
  assert.deepEqual(settingFacts.get(integer(5, [0, 10], "Cups of tea")), {
    fallback: "5",
    want: "an integer in 0..10",
    meaning: "Cups of tea",
  });
  assert.equal(settingFacts.get(secret(3, "unset", ""))?.secret, true);
  assert.equal(settingFacts.get(secretList(""))?.secret, true);
  assert.equal(settingFacts.get(httpUrl("unset", ""))?.url, true);
  assert.equal(settingFacts.get(callbackUrl(""))?.url, true);
});

Deno.test("share reads a number from 0 to 1", () => {
  const schema = share(0.1, "");
  accepts(schema, [[undefined, 0.1], ["0", 0], ["1", 1], ["0.25", 0.25]]);
  refuses(schema, ["1.1", "-0.1", ".5", "1e-1", "2", "0.1234567", " 0", ""]);
});

Deno.test("line reads one line of visible ASCII", () => {
  const schema = line("douyin", "");
  accepts(schema, [[undefined, "douyin"], ["a b", "a b"]]);
  accepts(schema, [["x".repeat(500), "x".repeat(500)]]);
  refuses(schema, ["", "a\nb", "\u0007", "抖音", "x".repeat(501)]);
});

Deno.test("socketUrl reads an address of WebSockets", () => {
  const schema = socketUrl("wss://a.example/push/", "");
  accepts(schema, [
    [undefined, "wss://a.example/push/"],
    ["ws://127.0.0.1:9000/x", "ws://127.0.0.1:9000/x"],
  ]);
  refuses(schema, ["http://a.example", "a.example", "wss:", ""]);
});
