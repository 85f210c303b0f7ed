/**
 * The configuration: what the settings mean, in the words of the code.
 *
 * A part of the server is given its group and never the whole, so that a
 * group's shape says what the part depends on.
 *
 * @module
 */

import { type LiveConfig, toLive } from "./config_live.ts";
import { problemLines, unknownNames } from "./config_report.ts";
import { type Settings, settingsSchema } from "./settings.ts";

/** Variables by name. An empty one counts as unset. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What an accepted message survives. */
export type Durability = "memory" | "journal" | "fsync";

/** The endpoints of `wire/callback.ts`, which is not known here. */
type CallbackEndpoint =
  | "room-events"
  | "chat-history"
  | "session-history"
  | "periodic-sync"
  | "sync";

/** Where to listen. */
interface Address {
  /** Without brackets, also for IPv6. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

/** The whole configuration. Frozen, groups and lists too. */
export interface Config {
  readonly server: Address & {
    readonly connectionsMax: number;
    /** 0 is off. */
    readonly connectionsPerIpMax: number;
    /** Empty is any. */
    readonly allowedOrigins: readonly string[];
    readonly trustProxy: boolean;
    readonly shutdownMsMax: number;
  };
  readonly auth: {
    /** `undefined`: one is made at start. */
    readonly adminApiKey: string | undefined;
    readonly secret: string | undefined;
    readonly jwksUrl: string | undefined;
    readonly trustUserIds: boolean;
  };
  readonly store: {
    /** `undefined` is the in-memory database. */
    readonly databaseFile: string | undefined;
    /** Connections that read beside the one that writes. */
    readonly readerCount: number;
  };
  readonly journal: {
    readonly durability: Durability;
    /** `undefined` exactly when `durability` is `memory`. */
    readonly dir: string | undefined;
  };
  readonly batch: {
    readonly sizeMax: number;
    readonly ageMsMax: number;
    readonly pendingBytesMax: number;
  };
  readonly room: {
    /** 0 is off. */
    readonly messageIntervalMs: number;
    readonly membersMax: number;
    readonly sessionsPerUserMax: number;
    readonly mailboxLaneMax: number;
    readonly lowSliceMax: number;
    readonly roomsMax: number;
    readonly resumeMemoryEntriesMax: number;
    readonly resumeEntriesMax: number;
  };
  readonly client: {
    readonly frameBytesMax: number;
    readonly contentCharsMax: number;
    readonly nicknameCharsMax: number;
    readonly userIdCharsMax: number;
  };
  readonly outbound: {
    readonly softBytesMax: number;
    readonly hardBytesMax: number;
  };
  readonly reap: {
    readonly idleMs: number;
    /** How long an ended room is kept; 0 is for good. */
    readonly retentionMs: number;
    /** `undefined`: no such log is kept. */
    readonly logFile: string | undefined;
  };
  readonly chat: {
    /** 0 is never. */
    readonly awayAfterMs: number;
    readonly sessionsPerUserMax: number;
    readonly loginMs: number;
  };
  readonly device: {
    /** `undefined`: no port of their own. */
    readonly address: Address | undefined;
    readonly identityMsMax: number;
    readonly createsNamedRooms: boolean;
    readonly isStamped: boolean;
    readonly isTokenRequired: boolean;
    /** 0 is never. */
    readonly roomTtlMs: number;
    readonly roomsMax: number;
    readonly sessionsMax: number;
  };
  readonly live: LiveConfig;
  readonly upload: {
    /** `undefined`: no file is taken. */
    readonly dir: string | undefined;
    readonly totalBytesMax: number;
  };
  readonly callback: {
    /** By the name of an endpoint; exactly as given. */
    readonly urls: Readonly<Record<CallbackEndpoint, string | undefined>>;
    readonly chatBatchMax: number;
    readonly sessionBatchMax: number;
    readonly chatBatchMs: number;
    readonly sessionBatchMs: number;
    /** 0 is off. */
    readonly syncMs: number;
    readonly retriesMax: number;
    readonly retryDelayMs: number;
    readonly timeoutMs: number;
    readonly isLongRetry: boolean;
    /** Empty: callbacks are not signed. */
    readonly secrets: readonly string[];
    /** Empty is any. */
    readonly allowedHosts: readonly string[];
    readonly hasExtra: boolean;
    readonly retentionMs: number;
  };
  readonly log: {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly format: "pretty" | "json";
  };
  readonly cli: {
    /** Without a trailing slash. */
    readonly serverUrl: string | undefined;
  };
  /** What an operator should hear, a sentence each. */
  readonly warnings: readonly string[];
}

/** What the environment cannot say. */
export interface ConfigOptions {
  /** Whether the log goes to a terminal. */
  readonly terminal: boolean;
}

/** Settings that cannot be used. Its message has a line for each problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Batch size, and interval in s, by the name of a preset. */
const PRESETS = {
  "default": { size: 50, secs: 60 },
  "high_performance": { size: 20, secs: 30 },
  "low_latency": { size: 10, secs: 15 },
  "high_throughput": { size: 100, secs: 120 },
};

/**
 * Reads every setting.
 *
 * @throws {ConfigError} naming every problem at once.
 */
export function readConfig(
  env: Env,
  options: ConfigOptions = { terminal: false },
): Config {
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const text = value?.trim() ?? "";
    if (text !== "") given.set(name, text);
  }
  const parsed = settingsSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new ConfigError(problemLines(parsed.error.issues, given));
  }
  const config = toConfig(parsed.data, options);
  return freezeGroups({ ...config, warnings: warningsOf(given, config) });
}

function toConfig(
  settings: Settings,
  options: ConfigOptions,
): Omit<Config, "warnings"> {
  return {
    server: {
      ...settings.BIND_ADDRESS,
      connectionsMax: settings.MAX_CONNECTIONS,
      connectionsPerIpMax: settings.CONNECTIONS_PER_IP_MAX,
      allowedOrigins: settings.ALLOWED_ORIGINS,
      trustProxy: settings.TRUST_PROXY,
      shutdownMsMax: settings.SHUTDOWN_TIMEOUT_SECS * 1000,
    },
    auth: {
      adminApiKey: settings.ADMIN_API_KEY,
      secret: settings.AUTH_SECRET,
      jwksUrl: settings.AUTH_JWKS_URL,
      trustUserIds: settings.TRUST_USER_IDS,
    },
    store: {
      databaseFile: settings.DATABASE_URL.file,
      readerCount: settings.STORE_READERS,
    },
    journal: toJournal(settings),
    batch: toBatch(settings),
    room: {
      messageIntervalMs: settings.USER_MESSAGE_INTERVAL_SECS * 1000,
      membersMax: settings.ROOM_MEMBERS_MAX,
      sessionsPerUserMax: settings.SESSIONS_PER_USER_MAX,
      mailboxLaneMax: settings.MAILBOX_LANE_MAX,
      lowSliceMax: settings.LOW_PRIORITY_SLICE,
      roomsMax: settings.ROOMS_MAX,
      resumeMemoryEntriesMax: settings.RESUME_MEMORY_ENTRIES,
      resumeEntriesMax: settings.RESUME_ENTRIES_MAX,
    },
    client: {
      frameBytesMax: settings.FRAME_BYTES_MAX,
      contentCharsMax: settings.CONTENT_CHARS_MAX,
      nicknameCharsMax: settings.NICKNAME_CHARS_MAX,
      userIdCharsMax: settings.USER_ID_CHARS_MAX,
    },
    outbound: {
      softBytesMax: settings.OUTBOUND_SOFT_BYTES,
      hardBytesMax: settings.OUTBOUND_HARD_BYTES,
    },
    ...toChat(settings),
    device: toDevice(settings),
    live: toLive(settings),
    callback: toCallback(settings),
    log: {
      level: settings.LOG_LEVEL ?? "info",
      format: settings.LOG_FORMAT ?? (options.terminal ? "pretty" : "json"),
    },
    cli: { serverUrl: settings.PARLOR_URL },
  };
}

function toJournal(settings: Settings): Config["journal"] {
  const { file } = settings.DATABASE_URL;
  const durability = settings.DURABILITY ??
    (file === undefined ? "memory" : "journal");
  if (durability === "memory") return { durability, dir: undefined };
  return { durability, dir: settings.JOURNAL_DIR ?? `${file}.journal` };
}

function toBatch(settings: Settings): Config["batch"] {
  const preset = PRESETS[settings.WS_BATCH_PRESET ?? "default"];
  return {
    sizeMax: settings.WS_BATCH_SIZE ?? preset.size,
    ageMsMax: (settings.WS_FLUSH_INTERVAL ?? preset.secs) * 1000,
    pendingBytesMax: settings.PENDING_BYTES_MAX,
  };
}

function toChat(
  settings: Settings,
): Pick<Config, "reap" | "chat" | "upload"> {
  const { file } = settings.DATABASE_URL;
  const uploads = file === undefined ? undefined : `${file}.uploads`;
  const log = file?.replace(/[^/]*$/, "chat_cleanup.log");
  return {
    reap: {
      idleMs: settings.CLEANUP_MINUTES * 60_000,
      retentionMs: settings.CLEANUP_RETENTION_DAYS * 86_400_000,
      logFile: settings.CLEANUP_LOG_FILE ?? log,
    },
    chat: {
      awayAfterMs: settings.AWAY_AFTER_SECONDS * 1000,
      sessionsPerUserMax: settings.CHAT_SESSIONS_PER_USER_MAX,
      loginMs: settings.LOGIN_HOURS * 3_600_000,
    },
    upload: {
      dir: settings.UPLOAD_DIR ?? uploads,
      totalBytesMax: settings.UPLOAD_TOTAL_BYTES_MAX,
    },
  };
}

function toDevice(settings: Settings): Config["device"] {
  return {
    address: settings.DEVICE_BIND_ADDRESS,
    identityMsMax: settings.IDENTITY_TIMEOUT_SECONDS * 1000,
    createsNamedRooms: settings.DEVICE_CREATE_NAMED_ROOMS,
    isStamped: settings.DEVICE_STAMP,
    isTokenRequired: settings.DEVICE_AUTH === "token",
    roomTtlMs: settings.DEVICE_ROOM_TTL_MINUTES * 60_000,
    roomsMax: settings.DEVICE_ROOMS_MAX,
    sessionsMax: settings.DEVICE_SESSIONS_MAX,
  };
}

function toCallback(settings: Settings): Config["callback"] {
  return {
    urls: {
      "room-events": settings.ROOM_EVENT_CALLBACK_URL,
      "chat-history": settings.CHAT_HISTORY_CALLBACK_URL,
      "session-history": settings.SESSION_HISTORY_CALLBACK_URL,
      "periodic-sync": settings.PERIODIC_SYNC_CALLBACK_URL,
      "sync": settings.DATA_CALLBACK_URL,
    },
    chatBatchMax: settings.CHAT_HISTORY_BATCH_SIZE,
    sessionBatchMax: settings.SESSION_HISTORY_BATCH_SIZE,
    chatBatchMs: settings.CHAT_HISTORY_BATCH_INTERVAL_SECONDS * 1000,
    sessionBatchMs: settings.SESSION_HISTORY_BATCH_INTERVAL_SECONDS * 1000,
    syncMs: settings.SYNC_INTERVAL_SECONDS * 1000,
    retriesMax: settings.CALLBACK_MAX_RETRIES,
    retryDelayMs: settings.CALLBACK_RETRY_DELAY_SECONDS * 1000,
    timeoutMs: settings.CALLBACK_TIMEOUT_SECONDS * 1000,
    isLongRetry: settings.CALLBACK_LONG_RETRY,
    secrets: settings.CALLBACK_SECRET,
    allowedHosts: settings.CALLBACK_ALLOWED_HOSTS,
    hasExtra: settings.ROOM_EVENT_EXTRA,
    retentionMs: settings.EVENT_RETENTION_HOURS * 3_600_000,
  };
}

function warningsOf(
  given: ReadonlyMap<string, string>,
  { auth, journal }: Omit<Config, "warnings">,
): string[] {
  const warnings = unknownNames(given.keys());
  if (given.has("JOURNAL_DIR") && journal.dir === undefined) {
    warnings.push("JOURNAL_DIR has no effect while DURABILITY is memory");
  }
  const isTokenRequired = auth.secret !== undefined ||
    auth.jwksUrl !== undefined;
  if (isTokenRequired && !given.has("DEVICE_AUTH")) {
    warnings.push(
      "Users need a token, devices do not: set DEVICE_AUTH to token, or to " +
        "open if that is meant",
    );
  }
  return warnings;
}

function freezeGroups(config: Config): Config {
  for (const group of Object.values(config)) {
    for (const value of Object.values(group)) Object.freeze(value);
    Object.freeze(group);
  }
  return Object.freeze(config);
}
