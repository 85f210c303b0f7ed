/**
 * A mark in a message that is found again without reading the message.
 *
 * `~T`, 16 digits of the sending time in µs of epoch, 5 digits of the sender.
 * A message is counted where its mark is found, so several in one frame count
 * as several. What is sent at a pace has `~E` instead, and so is told apart
 * from a flood in the same room.
 *
 * @module
 */

const TILDE = "~".charCodeAt(0);
const ZERO = "0".charCodeAt(0);
const AT_DIGITS = 16;
const SENDER_DIGITS = 5;
const LENGTH = 2 + AT_DIGITS + SENDER_DIGITS;

/** A message's text is as long as this: short, as chat is. */
const TEXT_LENGTH = 64;

/** What kind of message a mark is in. */
export type MarkKind = "T" | "E";

/** The wall clock, in µs of epoch. Two processes of a machine agree on it. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** A message's text, its mark in front. */
export function markedText(kind: MarkKind, sender: number): string {
  const at = String(nowMicros()).padStart(AT_DIGITS, "0");
  const from = String(sender).padStart(SENDER_DIGITS, "0");
  return `~${kind}${at}${from}`.padEnd(TEXT_LENGTH, "x");
}

/** How many marks of a kind stand in `bytes` from `start` up to `end`. */
export function countMarks(
  kind: MarkKind,
  bytes: Uint8Array,
  ...[start, end]: [start: number, end: number]
): number {
  const letter = kind.charCodeAt(0);
  let count = 0;
  let at = bytes.indexOf(TILDE, start);
  while (at >= 0 && at < end) {
    if (bytes[at + 1] === letter) count += 1;
    at = bytes.indexOf(TILDE, at + 1);
  }
  return count;
}

/** One mark that was found. */
export interface Mark {
  readonly sentMicros: number;
  readonly sender: number;
}

/** The marks of a kind in `bytes` from `start` up to `end`. */
export function* findMarks(
  kind: MarkKind,
  bytes: Uint8Array,
  ...[start, end]: [start: number, end: number]
): Generator<Mark> {
  const letter = kind.charCodeAt(0);
  let at = bytes.indexOf(TILDE, start);
  while (at >= 0 && at + LENGTH <= end) {
    if (bytes[at + 1] === letter) {
      const sentMicros = digits(bytes, at + 2, AT_DIGITS);
      const sender = digits(bytes, at + 2 + AT_DIGITS, SENDER_DIGITS);
      yield { sentMicros, sender };
    }
    at = bytes.indexOf(TILDE, at + 1);
  }
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) {
    value = value * 10 + ((bytes[index] ?? ZERO) - ZERO);
  }
  return value;
}
