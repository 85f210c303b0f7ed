/**
 * The sources of the operator's own, from `LIVE_SOURCES_FILE`.
 *
 * @module
 */

import { z } from "zod";
import {
  SOURCE_CONFIG,
  SOURCE_WANTS,
  type SourceConfig,
} from "./websocket/source_config.ts";
import {
  WebsocketSource,
  type WebsocketSourceOptions,
} from "./websocket/websocket_source.ts";

/** What a header's value begins with that is the name of a variable. */
const ENV_MARK = "env:";

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const ENV_VALUE = /^[\x20-\x7e]{1,4096}$/;

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** Names of sources that are there without a file. */
const TAKEN_NAMES = ["douyin"];

const SOURCES_MAX = 100;

/** Places whose values no error shows. */
const SECRET_PLACES = ["headers", "heartbeat"];

/** What of a URL an error shows: no user, and nothing after the host. */
const URL_START = /^[a-z]{1,10}:\/\/(?:[^/?#@\s]{1,80}(?=[/?#]|$))?/i;

/** Most characters of a value that an error shows. */
const SHOWN_CHARS_MAX = 100;

const FILE = z.strictObject({
  sources: z.record(
    z.string().regex(NAME).refine((name) => !TAKEN_NAMES.includes(name)),
    SOURCE_CONFIG,
  ).refine((sources) => Object.keys(sources).length <= SOURCES_MAX),
});

/** What sources of the operator's own work with. */
export interface SourcesFilePorts
  extends Pick<WebsocketSourceOptions, "clock" | "fetch"> {
  /** A variable of the environment, for header values such as `env:NAME`. */
  readonly env: (name: string) => string | undefined;
}

type Path = readonly PropertyKey[];

/**
 * The sources that a file's text describes, by name.
 *
 * @throws {Error} one line that names the field, and shows no secret.
 */
export function readSources(
  text: string,
  ports: SourcesFilePorts,
): ReadonlyMap<string, WebsocketSource> {
  const given = parse(text);
  const { success, data, error } = FILE.safeParse(given);
  if (!success) throw refusal(error.issues[0], given);
  return new Map(
    Object.entries(data.sources).map(([name, config]) => {
      const path = ["sources", name];
      const source = new WebsocketSource({
        name,
        config: withSecrets(config, path, ports.env),
        clock: ports.clock,
        fetch: ports.fetch,
      });
      return [name, source];
    }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's words quote the file, in which there may be secrets.
    const [, where = ""] = /(\(line \d+ column \d+\))/.exec(`${error}`) ?? [];
    throw new Error(
      `Cannot read LIVE_SOURCES_FILE: want JSON, got something else ${where}`
        .trimEnd(),
    );
  }
}

function withSecrets(
  config: SourceConfig,
  path: Path,
  env: SourcesFilePorts["env"],
): SourceConfig {
  const { headers, status } = config;
  return {
    ...config,
    headers: filled(headers, [...path, "headers"], env),
    status: status && {
      ...status,
      headers: filled(status.headers, [...path, "status", "headers"], env),
    },
  };
}

function filled(
  headers: Readonly<Record<string, string>>,
  path: Path,
  env: SourcesFilePorts["env"],
): Record<string, string> {
  const entries = Object.entries(headers).map(([header, value]) => {
    if (!value.startsWith(ENV_MARK)) return [header, value];
    const name = value.slice(ENV_MARK.length);
    const isName = ENV_NAME.test(name);
    const secret = isName ? env(name) : undefined;
    if (secret !== undefined && ENV_VALUE.test(secret)) return [header, secret];
    throw sentence(
      [...path, header],
      isName
        ? `${name} in the environment, of visible ASCII`
        : "env: and the name of a variable",
    );
  });
  return Object.fromEntries(entries);
}

function refusal(issue: z.core.$ZodIssue | undefined, given: unknown): Error {
  const path = issue?.path ?? [];
  if (issue?.code === "unrecognized_keys") {
    return sentence([...path, issue.keys[0] ?? ""], "no field of this name");
  }
  return sentence(path, wantAt(path), shown(path, valueAt(given, path)));
}

function sentence(path: Path, want: string, got?: string): Error {
  const place = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
  const rest = got === undefined ? "" : `, got ${got}`;
  return new Error(
    `Cannot read LIVE_SOURCES_FILE: ${place}want ${want}${rest}`,
  );
}

/** What is wanted at a place: what the nearest place around it says. */
function wantAt(path: Path): string {
  const [first, name, ...inner] = path.map(String);
  if (first === undefined) return "an object with sources";
  if (name === undefined) {
    return `an object of at most ${SOURCES_MAX} sources by name`;
  }
  const isName = NAME.test(name) && !TAKEN_NAMES.includes(name);
  if (!isName) {
    return "a name of 1 to 32 small letters, digits, - or _ other than " +
      TAKEN_NAMES.join(", ");
  }
  for (let length = inner.length; length > 0; length--) {
    const want = SOURCE_WANTS[inner.slice(0, length).join(".")];
    if (want !== undefined) return want;
  }
  return SOURCE_WANTS[""] ?? "";
}

function valueAt(given: unknown, path: Path): unknown {
  let value = given;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** A value as an error may show it; `undefined`: not at all. */
function shown(path: Path, value: unknown): string | undefined {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const place = path.map(String).slice(2);
  const isSecret = place.some((name) => SECRET_PLACES.includes(name));
  if (isSecret) return undefined;
  const text = place.at(-1) === "url"
    ? quoted(URL_START.exec(String(value))?.[0])
    : quoted(value);
  return text.length > SHOWN_CHARS_MAX
    ? `${text.slice(0, SHOWN_CHARS_MAX)}…`
    : text;
}

function quoted(value: unknown): string {
  return value === undefined ? "something else" : JSON.stringify(value);
}
