/**
 * Every setting of the server, in one schema.
 *
 * The names and defaults that the seed systems have are theirs, so that an
 * existing `.env` file keeps its meaning. A new setting needs a row here or in
 * one of the `settings_*.ts` beside it, a field in `config.ts` and a row in
 * README.
 *
 * @module
 */

import { z } from "zod";
import { isHostListed } from "./base/host_list.ts";
import {
  bindAddress,
  choice,
  flag,
  httpUrl,
  integer,
  optionalInteger,
  origins,
  path,
  secret,
  type SettingFacts,
  settingFacts,
  sqliteUrl,
} from "./setting.ts";
import { CALLBACK_FIELDS } from "./settings_callback.ts";
import { CHAT_FIELDS } from "./settings_chat.ts";
import { DEVICE_FIELDS } from "./settings_device.ts";
import { LIVE_FIELDS } from "./settings_live.ts";

const MILLION = 1_000_000;
const GIB = 2 ** 30;

const FIELDS = {
  DATABASE_URL: sqliteUrl(
    "sqlite::memory:",
    "Where rooms and messages are stored",
  ),
  BIND_ADDRESS: bindAddress(
    "0.0.0.0:3000",
    "Where the server listens; port 0 takes a free one",
  ),
  ADMIN_API_KEY: secret(
    8,
    "made at start and printed once",
    "What X-Api-Key must say on management routes",
  ),
  MAX_CONNECTIONS: integer(
    100_000,
    [1, MILLION],
    "Open connections of the whole server",
  ),
  USER_MESSAGE_INTERVAL_SECS: integer(
    3,
    [0, 86_400],
    "Seconds between two messages of a user in a room; 0 is off",
  ),
  WS_BATCH_PRESET: choice(
    ["default", "high_performance", "low_latency", "high_throughput"],
    "default",
    "Batch size and interval together: 50/60, 20/30, 10/15, 100/120",
  ),
  WS_BATCH_SIZE: optionalInteger(
    "50, or the preset's",
    [1, 10_000],
    "Pending messages that start a flush",
  ),
  WS_FLUSH_INTERVAL: optionalInteger(
    "60, or the preset's",
    [1, 3600],
    "Seconds that a message is pending at most",
  ),
  DURABILITY: choice(
    ["memory", "journal", "fsync"],
    "journal; memory for the in-memory database",
    "What an accepted message survives: nothing, a killed process, a power loss",
  ),
  JOURNAL_DIR: path(
    "the database file's path with .journal at its end",
    "Folder of the journal",
  ),
  LOW_PRIORITY_SLICE: integer(
    200,
    [1, 10_000],
    "Low inputs that a room handles before it yields",
  ),
  LOG_LEVEL: choice(
    ["debug", "info", "warn", "error"],
    "info",
    "The least level that is logged",
  ),
  LOG_FORMAT: choice(
    ["pretty", "json"],
    "pretty on a terminal, else json",
    "How log lines look",
  ),
  FRAME_BYTES_MAX: integer(
    65_536,
    [1024, 16 * 2 ** 20],
    "Bytes of one frame from a client",
  ),
  CONTENT_CHARS_MAX: integer(
    4096,
    [1, MILLION],
    "Characters of one message",
  ),
  NICKNAME_CHARS_MAX: integer(64, [1, 1024], "Characters of a nickname"),
  USER_ID_CHARS_MAX: integer(128, [1, 1024], "Characters of a user id"),
  ROOM_MEMBERS_MAX: integer(100_000, [1, MILLION], "Members of one room"),
  SESSIONS_PER_USER_MAX: integer(
    1,
    [1, 100],
    "Connections of one user in one room; a newer one replaces the oldest",
  ),
  CONNECTIONS_PER_IP_MAX: integer(
    0,
    [0, MILLION],
    "Open connections of one address; 0 is off",
  ),
  OUTBOUND_SOFT_BYTES: integer(
    262_144,
    [4096, GIB],
    "Unsent bytes past which a connection misses chat until it drains",
  ),
  OUTBOUND_HARD_BYTES: integer(
    1_048_576,
    [4096, GIB],
    "Unsent bytes past which a connection is closed; at least the soft bound",
  ),
  MAILBOX_LANE_MAX: integer(
    10_000,
    [1, MILLION],
    "Inputs that wait in one lane of a room's mailbox",
  ),
  PENDING_BYTES_MAX: integer(
    67_108_864,
    [1024, 16 * GIB],
    "Bytes accepted and not yet in the database",
  ),
  ROOMS_MAX: integer(100_000, [1, MILLION], "Rooms that have not ended"),
  RESUME_MEMORY_ENTRIES: integer(
    1000,
    [0, 100_000],
    "Entries of a room kept in memory for resumes",
  ),
  RESUME_ENTRIES_MAX: integer(
    10_000,
    [0, 100_000],
    "Entries that one resume replays; a client further behind is sent a Gap",
  ),
  AUTH_SECRET: secret(
    32,
    "unset",
    "HS256 secret of client tokens",
  ),
  AUTH_JWKS_URL: httpUrl("unset", "Where the public keys of client tokens are"),
  TRUST_USER_IDS: flag(
    false,
    "Whether an admin's user id is taken as given when no token is asked for",
  ),
  ALLOWED_ORIGINS: origins(
    "Web origins whose pages may connect; empty is any",
  ),
  TRUST_PROXY: flag(
    false,
    "Whether a client's address is read from X-Forwarded-For",
  ),
  SHUTDOWN_TIMEOUT_SECS: integer(
    10,
    [1, 60],
    "Seconds that a stop may take",
  ),
  STORE_READERS: integer(
    2,
    [1, 8],
    "Connections that read the database file beside the one that writes",
  ),
  ...CHAT_FIELDS,
  ...DEVICE_FIELDS,
  ...LIVE_FIELDS,
  ...CALLBACK_FIELDS,
  PARLOR_URL: httpUrl(
    "from BIND_ADDRESS",
    "Where the command line finds the server",
  ),
};

/** One row of the table of settings. */
export interface Setting extends SettingFacts {
  readonly name: string;
  readonly secret: boolean;
  readonly url: boolean;
}

/** The table of settings, as README and `config check` print it. */
export const SETTINGS: readonly Setting[] = Object.entries(FIELDS).map(
  ([name, field]) => ({ ...factsOf(name, field), name }),
);

/** The settings that callbacks go to. */
const CALLBACK_URLS = [
  "ROOM_EVENT_CALLBACK_URL",
  "CHAT_HISTORY_CALLBACK_URL",
  "SESSION_HISTORY_CALLBACK_URL",
  "PERIODIC_SYNC_CALLBACK_URL",
  "DATA_CALLBACK_URL",
] as const;

type CallbackUrl = (typeof CALLBACK_URLS)[number];

/**
 * Variables to typed values.
 *
 * The rules between two settings run even when a third one is bad, so that one
 * start names every problem. Their issues carry what was wanted in `params`.
 */
export const settingsSchema = z.object(FIELDS)
  .refine(
    (values) => values.OUTBOUND_HARD_BYTES >= values.OUTBOUND_SOFT_BYTES,
    {
      path: ["OUTBOUND_HARD_BYTES"],
      params: { want: "at least OUTBOUND_SOFT_BYTES" },
      when: ({ issues }) =>
        !hasIssue(issues, ["OUTBOUND_HARD_BYTES", "OUTBOUND_SOFT_BYTES"]),
    },
  )
  .refine(
    (values) =>
      values.DATABASE_URL.file !== undefined ||
      values.DURABILITY === undefined || values.DURABILITY === "memory",
    {
      path: ["DURABILITY"],
      params: {
        want:
          "memory, for a journal has nothing to restore into while DATABASE_URL is sqlite::memory:",
      },
      when: ({ issues }) => !hasIssue(issues, ["DURABILITY", "DATABASE_URL"]),
    },
  )
  .refine(
    ({ BIND_ADDRESS: main, DEVICE_BIND_ADDRESS: devices }) =>
      devices === undefined || devices.port === 0 ||
      devices.port !== main.port || devices.host !== main.host,
    {
      path: ["DEVICE_BIND_ADDRESS"],
      params: { want: "another address than BIND_ADDRESS" },
      when: ({ issues }) =>
        !hasIssue(issues, ["BIND_ADDRESS", "DEVICE_BIND_ADDRESS"]),
    },
  )
  .check(...CALLBACK_URLS.map(hostRule));

/** What {@linkcode settingsSchema} yields. */
export type Settings = z.infer<z.ZodObject<typeof FIELDS>>;

function hostRule(name: CallbackUrl) {
  return z.refine<Settings>(
    ({ [name]: url, CALLBACK_ALLOWED_HOSTS: hosts }) =>
      url === undefined || isHostListed(url, hosts),
    {
      path: [name],
      params: { want: "a URL whose host is in CALLBACK_ALLOWED_HOSTS" },
      when: ({ issues }) => !hasIssue(issues, [name, "CALLBACK_ALLOWED_HOSTS"]),
    },
  );
}

function factsOf(name: string, field: z.ZodType): Omit<Setting, "name"> {
  const facts = settingFacts.get(field);
  if (facts === undefined) throw new Error(`Cannot describe setting ${name}`);
  return { ...facts, secret: facts.secret ?? false, url: facts.url ?? false };
}

function hasIssue(
  issues: readonly { path?: PropertyKey[] | undefined }[],
  names: readonly string[],
): boolean {
  return issues.some((issue) => names.includes(String(issue.path?.[0])));
}
