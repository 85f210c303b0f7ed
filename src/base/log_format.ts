/**
 * How a log line looks: a line of JSON for machines, or text for a terminal.
 *
 * Both pass through the same redaction, by the name of a field and by the form
 * of a value, so that a secret which a caller lets slip does not reach a disk.
 *
 * @module
 */

import type { LogLevel, LogRecord } from "@logtape/logtape";
import { getPrettyFormatter } from "@logtape/pretty";
import {
  JWT_PATTERN,
  redactByField,
  redactByPattern,
} from "@logtape/redaction";

/** The look of a log. */
export interface LogFormat {
  readonly format: "pretty" | "json";
  /** Whether pretty lines are coloured. */
  readonly colors: boolean;
}

/** What a log line is made of beside its level and its sentence. */
interface LogContext {
  /** In epoch ms. */
  readonly timestamp: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Format = (record: LogRecord) => string;

/** What stands where a secret was. */
const REDACTED = "[redacted]";

const SECRET_FIELD =
  /key|token|secret|password|passphrase|authorization|cookie|credential/i;

const SECRET_VALUES = [
  JWT_PATTERN,
  { pattern: /(?<=[?&](?:token|api_key)=)[^&\s"]+/g, replacement: REDACTED },
];

/** Makes the function that turns a log line into text. It never throws. */
export function logFormatter(
  { format, colors }: LogFormat,
): (level: LogLevel, line: string, context: LogContext) => string {
  const formatRecord = redactByPattern(
    format === "json" ? formatJson : prettyFormatter(colors),
    SECRET_VALUES,
  );
  return (level, line, { timestamp, fields }) => {
    const record = {
      category: [],
      level,
      message: [line],
      rawMessage: line,
      timestamp,
      properties: { ...fields },
    };
    try {
      return formatRecord(redact(record));
    } catch {
      // A field that throws when it is read must not cost the sentence.
      const properties = { event: fields.event, fields: "unreadable" };
      return formatRecord({ ...record, properties });
    }
  };
}

function redact(record: LogRecord): LogRecord {
  let redacted = record;
  const keep = redactByField((result) => void (redacted = result), {
    fieldPatterns: [SECRET_FIELD],
    action: () => REDACTED,
  });
  keep(record);
  return redacted;
}

function formatJson(record: LogRecord): string {
  const head = {
    time: new Date(record.timestamp).toISOString(),
    level: record.level === "warning" ? "warn" : record.level,
    message: record.message.join(""),
  };
  const line = Object.assign({}, head, record.properties, head);
  return `${JSON.stringify(line, plain)}\n`;
}

/** Fields on the sentence's line, errors below it with their stacks. */
function prettyFormatter(colors: boolean): Format {
  const format = getPrettyFormatter({
    timestamp: "date-time",
    level: (level) => level === "warning" ? "WARN" : level.toUpperCase(),
    icons: false,
    categoryWidth: 0,
    levelStyle: "bold",
    messageColor: null,
    messageStyle: null,
    wordWrap: false,
    properties: true,
    inspectOptions: { depth: 4 },
    colors,
  });
  return (record) => {
    let text = record.message.join("");
    const errors: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(record.properties)) {
      if (value instanceof Error) errors[name] = value;
      else if (value !== undefined) text += ` ${name}=${inline(value)}`;
    }
    return format({ ...record, message: [text], properties: errors });
  };
}

const BARE = /^[\w.:/@+-]+$/;

function inline(value: unknown): string {
  if (typeof value === "string" && BARE.test(value)) return value;
  return JSON.stringify(value, plain) ?? String(value);
}

/** Values that JSON has no form for. */
function plain(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const code = "code" in value ? value.code : undefined;
  return { name, message, code, stack, cause };
}
