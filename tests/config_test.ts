import assert from "node:assert/strict";
import { ConfigError, type Env, readConfig } from "../src/config.ts";
import { SETTINGS } from "../src/settings.ts";

function problems(env: Env): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    assert(error instanceof ConfigError);
    assert.equal(error.message, error.problems.join("\n"));
    return error.problems;
  }
  assert.fail("the configuration was accepted");
}

Deno.test("readConfig gives every setting its default when nothing is set", () => {
  assert.deepEqual(readConfig({}), {
    server: {
      host: "0.0.0.0",
      port: 3000,
      connectionsMax: 100_000,
      connectionsPerIpMax: 0,
      allowedOrigins: [],
      trustProxy: false,
      shutdownMsMax: 10_000,
    },
    auth: {
      adminApiKey: undefined,
      secret: undefined,
      jwksUrl: undefined,
      trustUserIds: false,
    },
    store: { databaseFile: undefined },
    journal: { durability: "memory", dir: undefined },
    batch: { sizeMax: 50, ageMsMax: 60_000, pendingBytesMax: 67_108_864 },
    room: {
      messageIntervalMs: 3000,
      membersMax: 100_000,
      sessionsPerUserMax: 1,
      mailboxLaneMax: 10_000,
      lowSliceMax: 200,
      roomsMax: 100_000,
      resumeMemoryEntriesMax: 1000,
      resumeEntriesMax: 10_000,
    },
    client: {
      frameBytesMax: 65_536,
      contentCharsMax: 4096,
      nicknameCharsMax: 64,
      userIdCharsMax: 128,
    },
    outbound: { softBytesMax: 262_144, hardBytesMax: 1_048_576 },
    reap: { idleMs: 600_000 },
    log: { level: "info", format: "json" },
    cli: { serverUrl: undefined },
    warnings: [],
  });
});

Deno.test("readConfig reads the sample of the room server's document", () => {
  const config = readConfig({
    DATABASE_URL: "sqlite:./chat.db",
    BIND_ADDRESS: "127.0.0.1:8080",
    ADMIN_API_KEY: "your_secret_api_key",
    MAX_CONNECTIONS: "5000",
    USER_MESSAGE_INTERVAL_SECS: "0",
  });
  assert.equal(config.store.databaseFile, "./chat.db");
  assert.equal(config.server.host, "127.0.0.1");
  assert.equal(config.server.port, 8080);
  assert.equal(config.auth.adminApiKey, "your_secret_api_key");
  assert.equal(config.server.connectionsMax, 5000);
  assert.equal(config.room.messageIntervalMs, 0);
});

Deno.test("readConfig keeps a journal beside a database file by default", () => {
  const { journal } = readConfig({ DATABASE_URL: "sqlite:./chat.db" });
  assert.deepEqual(journal, {
    durability: "journal",
    dir: "./chat.db.journal",
  });
});

Deno.test("readConfig puts the journal where JOURNAL_DIR says", () => {
  const { journal } = readConfig({
    DATABASE_URL: "sqlite:./chat.db",
    DURABILITY: "fsync",
    JOURNAL_DIR: "/var/lib/parlor",
  });
  assert.deepEqual(journal, { durability: "fsync", dir: "/var/lib/parlor" });
});

Deno.test("readConfig keeps no journal for a file when DURABILITY is memory", () => {
  const { journal, warnings } = readConfig({
    DATABASE_URL: "sqlite:./chat.db",
    DURABILITY: "memory",
    JOURNAL_DIR: "./journal",
  });
  assert.deepEqual(journal, { durability: "memory", dir: undefined });
  assert.deepEqual(warnings, [
    "JOURNAL_DIR has no effect while DURABILITY is memory",
  ]);
});

Deno.test("readConfig takes batch size and interval from a preset", () => {
  const pairs = [
    "default",
    "high_performance",
    "low_latency",
    "high_throughput",
  ]
    .map((name) => {
      const { batch } = readConfig({ WS_BATCH_PRESET: name });
      return [batch.sizeMax, batch.ageMsMax / 1000];
    });
  assert.deepEqual(pairs, [[50, 60], [20, 30], [10, 15], [100, 120]]);
});

Deno.test("readConfig lets a batch setting win over the preset", () => {
  const { batch } = readConfig({
    WS_BATCH_PRESET: "high_throughput",
    WS_BATCH_SIZE: "30",
  });
  assert.equal(batch.sizeMax, 30);
  assert.equal(batch.ageMsMax, 120_000);
});

Deno.test("readConfig logs prettily on a terminal unless LOG_FORMAT says else", () => {
  const terminal = { terminal: true };
  assert.equal(readConfig({}, terminal).log.format, "pretty");
  assert.equal(readConfig({ LOG_FORMAT: "json" }, terminal).log.format, "json");
});

Deno.test("readConfig takes an empty or blank variable as unset", () => {
  const config = readConfig({ WS_BATCH_SIZE: "", MAX_CONNECTIONS: "  " });
  assert.deepEqual(config, readConfig({}));
});

Deno.test("readConfig freezes the configuration, its groups and its lists", () => {
  const config = readConfig({ ALLOWED_ORIGINS: "https://a.example" });
  assert(Object.isFrozen(config));
  assert(Object.isFrozen(config.batch));
  assert(Object.isFrozen(config.server.allowedOrigins));
  assert(Object.isFrozen(config.warnings));
});

Deno.test("readConfig accepts an integer at each end of its range", () => {
  assert.equal(readConfig({ WS_BATCH_SIZE: "1" }).batch.sizeMax, 1);
  assert.equal(readConfig({ WS_BATCH_SIZE: "10000" }).batch.sizeMax, 10_000);
  for (const value of ["0", "10001", "-1", "1.5", "1e3", "0x10", "ten"]) {
    assert.deepEqual(problems({ WS_BATCH_SIZE: value }), [
      `Cannot read WS_BATCH_SIZE: want an integer in 1..10000, got "${value}"`,
    ]);
  }
});

Deno.test("readConfig names every problem at once, in the table's order", () => {
  assert.deepEqual(
    problems({
      SHUTDOWN_TIMEOUT_SECS: "61",
      TRUST_PROXY: "perhaps",
      BIND_ADDRESS: "3000",
      WS_BATCH_PRESET: "fastest",
      OUTBOUND_SOFT_BYTES: "8192",
      OUTBOUND_HARD_BYTES: "8191",
      DURABILITY: "journal",
    }),
    [
      'Cannot read BIND_ADDRESS: want host:port such as 0.0.0.0:3000 or [::1]:3000, got "3000"',
      'Cannot read WS_BATCH_PRESET: want default|high_performance|low_latency|high_throughput, got "fastest"',
      'Cannot read DURABILITY: want memory, for a journal has nothing to restore into while DATABASE_URL is sqlite::memory:, got "journal"',
      'Cannot read OUTBOUND_HARD_BYTES: want at least OUTBOUND_SOFT_BYTES, got "8191"',
      'Cannot read TRUST_PROXY: want true|1|yes|false|0|no, got "perhaps"',
      'Cannot read SHUTDOWN_TIMEOUT_SECS: want an integer in 1..60, got "61"',
    ],
  );
});

Deno.test("readConfig names every setting when all are bad", () => {
  const bad = SETTINGS.map(({ name }) => [name, "\0"] as const);
  const lines = problems(Object.fromEntries(bad));
  assert.deepEqual(
    lines.map((line) => /^Cannot read (\w+): want /.exec(line)?.[1]),
    SETTINGS.map(({ name }) => name),
  );
});

Deno.test("readConfig accepts equal outbound bounds", () => {
  const { outbound } = readConfig({
    OUTBOUND_SOFT_BYTES: "8192",
    OUTBOUND_HARD_BYTES: "8192",
  });
  assert.deepEqual(outbound, { softBytesMax: 8192, hardBytesMax: 8192 });
});

Deno.test("readConfig checks an outbound bound against the other's default", () => {
  assert.deepEqual(problems({ OUTBOUND_SOFT_BYTES: "2000000" }), [
    'Cannot read OUTBOUND_HARD_BYTES: want at least OUTBOUND_SOFT_BYTES, got "1048576"',
  ]);
});

Deno.test("readConfig never shows a secret", () => {
  assert.deepEqual(
    problems({ ADMIN_API_KEY: "hunter2", AUTH_SECRET: "x".repeat(31) }),
    [
      "Cannot read ADMIN_API_KEY: want at least 8 characters, got 7 characters",
      "Cannot read AUTH_SECRET: want at least 32 characters, got 31 characters",
    ],
  );
});

Deno.test("readConfig warns of names that are almost a setting, or unused yet", () => {
  const { warnings } = readConfig({
    WS_BATCHSIZE: "10",
    DATA_CALLBACK_URL: "http://example.com/callback",
    HOME: "/root",
  });
  assert.deepEqual(warnings, [
    "WS_BATCHSIZE is not a setting; did you mean WS_BATCH_SIZE?",
    "DATA_CALLBACK_URL is known and has no effect yet",
  ]);
});
