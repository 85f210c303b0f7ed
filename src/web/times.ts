/**
 * Times as pages show them.
 *
 * @module
 */

/** Hours and minutes, in the reader's time zone. */
export function timeText(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
}

/** Hours, minutes and seconds, in the reader's time zone. */
export function clockText(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(at);
}

/** Day and time, in the reader's time zone. */
export function instantText(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "short",
  }).format(at);
}

/** A day, in the reader's time zone. */
export function dayText(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(at);
}

/** What is left as minutes and seconds, such as `9:05`; never below zero. */
export function leftText(leftMs: number): string {
  const secs = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(secs / 60)}:${String(secs % 60).padStart(2, "0")}`;
}
