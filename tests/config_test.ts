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
  // The group of live rooms has a test file of its own.
  const { live: _, ...groups } = readConfig({});
  assert.deepEqual(groups, {
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
    store: { databaseFile: undefined, readerCount: 2 },
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
    reap: { idleMs: 600_000, retentionMs: 0, logFile: undefined },
    chat: {
      awayAfterMs: 300_000,
      sessionsPerUserMax: 10,
      loginMs: 604_800_000,
    },
    device: {
      address: undefined,
      identityMsMax: 10_000,
      createsNamedRooms: false,
      isStamped: false,
      isTokenRequired: false,
      roomTtlMs: 600_000,
      roomsMax: 50_000,
      sessionsMax: 100,
    },
    upload: { dir: undefined, totalBytesMax: 10_737_418_240 },
    callback: {
      urls: {
        "room-events": undefined,
        "chat-history": undefined,
        "session-history": undefined,
        "periodic-sync": undefined,
        "sync": undefined,
      },
      chatBatchMax: 1000,
      sessionBatchMax: 500,
      chatBatchMs: 300_000,
      sessionBatchMs: 600_000,
      syncMs: 300_000,
      retriesMax: 3,
      retryDelayMs: 5000,
      timeoutMs: 30_000,
      isLongRetry: true,
      secrets: [],
      allowedHosts: [],
      hasExtra: false,
      retentionMs: 604_800_000,
    },
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

Deno.test("readConfig reads where callbacks go in that document", () => {
  const { callback, warnings } = readConfig({
    DATA_CALLBACK_URL: "http://example.com/sync/room/",
    ROOM_EVENT_CALLBACK_URL: "http://example.com/api/room-events",
    CHAT_HISTORY_CALLBACK_URL: "http://example.com/api/chat-history",
    SESSION_HISTORY_CALLBACK_URL: "http://example.com/api/session-history",
    PERIODIC_SYNC_CALLBACK_URL: "http://example.com/api/periodic-sync",
  });
  assert.deepEqual(callback.urls, {
    "room-events": "http://example.com/api/room-events",
    "chat-history": "http://example.com/api/chat-history",
    "session-history": "http://example.com/api/session-history",
    "periodic-sync": "http://example.com/api/periodic-sync",
    "sync": "http://example.com/sync/room/",
  });
  assert.deepEqual(warnings, []);
});

Deno.test("readConfig reads how callbacks are made and sent", () => {
  const { callback } = readConfig({
    CHAT_HISTORY_BATCH_SIZE: "10000",
    SESSION_HISTORY_BATCH_SIZE: "5000",
    CHAT_HISTORY_BATCH_INTERVAL_SECONDS: "1",
    SESSION_HISTORY_BATCH_INTERVAL_SECONDS: "86400",
    SYNC_INTERVAL_SECONDS: "0",
    CALLBACK_MAX_RETRIES: "0",
    CALLBACK_RETRY_DELAY_SECONDS: "0",
    CALLBACK_TIMEOUT_SECONDS: "600",
    CALLBACK_LONG_RETRY: "no",
    CALLBACK_SECRET: "0123456789abcdef, of-sixteen-chars",
    CALLBACK_ALLOWED_HOSTS: "a.example:8080,*.b.example",
    ROOM_EVENT_EXTRA: "yes",
    EVENT_RETENTION_HOURS: "1",
  });
  const { urls: _, ...rest } = callback;
  assert.deepEqual(rest, {
    chatBatchMax: 10_000,
    sessionBatchMax: 5000,
    chatBatchMs: 1000,
    sessionBatchMs: 86_400_000,
    syncMs: 0,
    retriesMax: 0,
    retryDelayMs: 0,
    timeoutMs: 600_000,
    isLongRetry: false,
    secrets: ["0123456789abcdef", "of-sixteen-chars"],
    allowedHosts: ["a.example:8080", "*.b.example"],
    hasExtra: true,
    retentionMs: 3_600_000,
  });
});

Deno.test("readConfig refuses callback settings past their ranges", () => {
  const past: Env = {
    CHAT_HISTORY_BATCH_SIZE: "10001",
    SESSION_HISTORY_BATCH_SIZE: "5001",
    CHAT_HISTORY_BATCH_INTERVAL_SECONDS: "0",
    SESSION_HISTORY_BATCH_INTERVAL_SECONDS: "86401",
    SYNC_INTERVAL_SECONDS: "86401",
    CALLBACK_MAX_RETRIES: "101",
    CALLBACK_RETRY_DELAY_SECONDS: "3601",
    CALLBACK_TIMEOUT_SECONDS: "0",
    EVENT_RETENTION_HOURS: "8761",
  };
  assert.equal(problems(past).length, Object.keys(past).length);
});

Deno.test("readConfig refuses a callback URL on a host that is not allowed", () => {
  assert.deepEqual(
    problems({
      CALLBACK_ALLOWED_HOSTS: "a.example,*.b.example:8080",
      ROOM_EVENT_CALLBACK_URL: "http://a.example:99/events",
      CHAT_HISTORY_CALLBACK_URL: "http://x.b.example:8080/chat",
      PERIODIC_SYNC_CALLBACK_URL: "http://ann:hunter2@b.example:8080/?key=k",
      LOG_LEVEL: "loud",
    }),
    [
      'Cannot read LOG_LEVEL: want debug|info|warn|error, got "loud"',
      "Cannot read PERIODIC_SYNC_CALLBACK_URL: want a URL whose host is in " +
      'CALLBACK_ALLOWED_HOSTS, got "http://********@b.example:8080/?********"',
    ],
  );
});

Deno.test("readConfig keeps a journal beside a database file by default", () => {
  const { journal } = readConfig({ DATABASE_URL: "sqlite:./chat.db" });
  assert.deepEqual(journal, {
    durability: "journal",
    dir: "./chat.db.journal",
  });
});

Deno.test("readConfig puts uploads and the cleanup log beside a database file", () => {
  const { reap, upload } = readConfig({ DATABASE_URL: "sqlite:data/chat.db" });
  assert.equal(upload.dir, "data/chat.db.uploads");
  assert.equal(reap.logFile, "data/chat_cleanup.log");
});

Deno.test("readConfig puts uploads and the cleanup log where they are set to be", () => {
  const { reap, upload } = readConfig({
    UPLOAD_DIR: "/var/uploads",
    CLEANUP_LOG_FILE: "/var/log/cleanup.log",
    CLEANUP_RETENTION_DAYS: "2",
  });
  assert.equal(upload.dir, "/var/uploads");
  assert.equal(reap.logFile, "/var/log/cleanup.log");
  assert.equal(reap.retentionMs, 172_800_000);
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
  assert(Object.isFrozen(config.callback.urls));
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
    problems({
      ADMIN_API_KEY: "hunter2",
      AUTH_SECRET: "x".repeat(31),
      CALLBACK_SECRET: "0123456789abcdef,hunter2",
    }),
    [
      "Cannot read ADMIN_API_KEY: want at least 8 characters, got 7 characters",
      "Cannot read AUTH_SECRET: want at least 32 characters, got 31 characters",
      "Cannot read CALLBACK_SECRET: want at least 16 characters in entry 2, " +
      "got 24 characters",
    ],
  );
});

Deno.test("readConfig warns of names that are almost a setting", () => {
  const { warnings } = readConfig({
    WS_BATCHSIZE: "10",
    HOME: "/root",
  });
  assert.deepEqual(warnings, [
    "WS_BATCHSIZE is not a setting; did you mean WS_BATCH_SIZE?",
  ]);
});

Deno.test("readConfig reads the settings of device rooms", () => {
  const { device, store, warnings } = readConfig({
    DEVICE_BIND_ADDRESS: "0.0.0.0:8765",
    IDENTITY_TIMEOUT_SECONDS: "3",
    DEVICE_CREATE_NAMED_ROOMS: "true",
    DEVICE_STAMP: "yes",
    DEVICE_AUTH: "token",
    DEVICE_ROOM_TTL_MINUTES: "0",
    DEVICE_ROOMS_MAX: "7",
    DEVICE_SESSIONS_MAX: "1",
    STORE_READERS: "8",
  });
  assert.deepEqual(device, {
    address: { host: "0.0.0.0", port: 8765 },
    identityMsMax: 3000,
    createsNamedRooms: true,
    isStamped: true,
    isTokenRequired: true,
    roomTtlMs: 0,
    roomsMax: 7,
    sessionsMax: 1,
  });
  assert.equal(store.readerCount, 8);
  assert.deepEqual(warnings, []);
});

Deno.test("readConfig warns of devices that need no token where users do", () => {
  const secret = { AUTH_SECRET: "s".repeat(32) };
  const { warnings } = readConfig(secret);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /DEVICE_AUTH/);
  for (const chosen of ["open", "token"]) {
    const env = { ...secret, DEVICE_AUTH: chosen };
    assert.deepEqual(readConfig(env).warnings, []);
  }
});

Deno.test("readConfig refuses one address for two ports", () => {
  const env = { BIND_ADDRESS: "127.0.0.1:3000" };
  assert.throws(
    () => readConfig({ ...env, DEVICE_BIND_ADDRESS: env.BIND_ADDRESS }),
    /DEVICE_BIND_ADDRESS: want another address than BIND_ADDRESS/,
  );
  readConfig({ ...env, DEVICE_BIND_ADDRESS: "127.0.0.1:3001" });
  const free = "127.0.0.1:0";
  readConfig({ BIND_ADDRESS: free, DEVICE_BIND_ADDRESS: free });
});
