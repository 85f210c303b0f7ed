/**
 * The ways in which a live upstream can be told to misbehave.
 *
 * @module
 */

/** What is done to a connection. */
export type Misbehaviour =
  /** Opens and answers pings, and says nothing. */
  | { readonly kind: "stall" }
  /** Opens, and then neither reads nor answers; nothing says that it is dead. */
  | { readonly kind: "half_open" }
  /** Breaks off, `afterMs` after it opened. */
  | { readonly kind: "drop"; readonly afterMs: number }
  /** Says goodbye, `afterMs` after it opened. */
  | { readonly kind: "close"; readonly code: number; readonly afterMs: number }
  /** Answers a handshake as no WebSocket. */
  | { readonly kind: "refuse"; readonly status: number }
  /** Answers a handshake after so long; not at all without. */
  | { readonly kind: "slow"; readonly afterMs?: number }
  /** Answers a handshake with what is no HTTP. */
  | { readonly kind: "no_http" }
  /** Says at first what is in no format, as text and as binary. */
  | { readonly kind: "garbage" }
  /** Says everything twice. */
  | { readonly kind: "duplicate" }
  /** Swaps every two neighbours. */
  | { readonly kind: "reorder" }
  /** Says something that does not parse before each message. */
  | { readonly kind: "one_bad" }
  /** Says that the room is over, `afterMs` after it opened. */
  | { readonly kind: "end"; readonly afterMs: number };

/** As the flag `--misbehave` has it, one a line, with its bounds in words. */
export const MISBEHAVIOURS = [
  "stall, half_open, no_http, garbage, duplicate, reorder, one_bad",
  "drop=MS, end=MS, slow=MS, refuse=STATUS, close=CODE, close=CODE:MS",
] as const;

/** When a goodbye comes that does not say when, in ms. */
const CLOSE_AFTER_MS = 1000;

/**
 * Reads a flag such as `drop=2000`.
 *
 * @throws when there is no such misbehaviour.
 */
export function readMisbehaviour(text: string): Misbehaviour {
  const [kind = "", value = ""] = text.split("=");
  switch (kind) {
    case "stall":
    case "half_open":
    case "no_http":
    case "garbage":
    case "duplicate":
    case "reorder":
    case "one_bad":
      if (value === "") return { kind };
      break;
    case "drop":
    case "end":
    case "slow":
      if (isCount(value)) return { kind, afterMs: Number(value) };
      break;
    case "refuse":
      if (isCount(value)) return { kind, status: Number(value) };
      break;
    case "close": {
      const [code = "", ms = `${CLOSE_AFTER_MS}`] = value.split(":");
      if (!isCount(code) || !isCount(ms)) break;
      return { kind, code: Number(code), afterMs: Number(ms) };
    }
  }
  throw new Error(`Cannot misbehave as "${text}": see --help`);
}

function isCount(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
