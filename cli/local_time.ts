/**
 * Instants as a person reads them: `2026-01-01 08:00:00`, in a zone that is
 * given, so that a test does not depend on the host's.
 *
 * @module
 */

/** Writes instants in one time zone. */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone an IANA name such as `Asia/Shanghai`. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  }

  /** Date and time to the second, from epoch s. */
  seconds(epochSecs: number): string {
    return this.ms(epochSecs * 1000);
  }

  /** Date and time to the second, from epoch ms. */
  ms(epochMs: number): string {
    const date = new Date(epochMs);
    if (Number.isNaN(date.getTime())) return String(epochMs);
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(date)) {
      part[type] = value;
    }
    return `${part.year}-${part.month}-${part.day} ` +
      `${part.hour}:${part.minute}:${part.second}`;
  }
}

/** A span as `1d 02:03:04`, or `02:03:04` below a day. */
export function spanText(durationSecs: number): string {
  const whole = Math.max(0, Math.floor(durationSecs));
  const days = Math.floor(whole / 86_400);
  const clock = [whole / 3600 % 24, whole / 60 % 60, whole % 60]
    .map((unit) => String(Math.floor(unit)).padStart(2, "0")).join(":");
  return days === 0 ? clock : `${days}d ${clock}`;
}
