/**
 * Whether an open connection is alive.
 *
 * A socket may be open and dead in two ways. When the other side is gone
 * without a word, a ping stays unanswered. When it is there and has forgotten
 * us, pings are answered and no message comes.
 *
 * All instants are of the monotonic clock, in ms.
 *
 * @module
 */

/** Without a message for this long, a link is silent. */
const SILENT_MS = 60_000;

/** Beyond the interval of pings, for how long an answer may fail to come. */
const PONG_SLACK_MS = 10_000;

/** What a connection is judged by. */
export interface HealthOptions {
  /** Without a message for this long it is stalled, in ms; 0 is never. */
  readonly stallMs: number;
  /** From one ping to the next, in ms; 0 is none. */
  readonly pingMs: number;
}

/** What a look finds. */
export interface Finding {
  /** Why the connection is to be cut; `null` to keep it. */
  readonly fault: "stalled" | "half_open" | null;
  readonly isSilent: boolean;
  /** Whether to ping now; it counts as done. */
  readonly isPingDue: boolean;
}

/** The signs of life of one connection. */
export class Health {
  readonly #options: HealthOptions;
  #heardAt: number;
  #pingedAt: number;
  /** When the first ping was sent that nothing has followed since. */
  #unansweredAt: number | undefined;

  constructor(options: HealthOptions, now: number) {
    this.#options = options;
    this.#heardAt = now;
    this.#pingedAt = now;
  }

  /** A message came. */
  heard(now: number): void {
    this.#heardAt = now;
    this.alive();
  }

  /** Anything came. */
  alive(): void {
    this.#unansweredAt = undefined;
  }

  /** We do not read now, so nothing can be said of the other side. */
  held(now: number): void {
    this.heard(now);
    this.#pingedAt = now;
  }

  /** @param canPing whether the other side is known to answer. */
  look(now: number, canPing: boolean): Finding {
    const { stallMs, pingMs } = this.#options;
    const quietMs = now - this.#heardAt;
    const isSilent = quietMs >= SILENT_MS;
    const lateMs = pingMs + PONG_SLACK_MS;
    const isHalfOpen = canPing && this.#unansweredAt !== undefined &&
      now - this.#unansweredAt >= lateMs;
    if (isHalfOpen) return { fault: "half_open", isSilent, isPingDue: false };
    const isStalled = stallMs > 0 && quietMs >= stallMs;
    if (isStalled) return { fault: "stalled", isSilent, isPingDue: false };
    const isPingDue = canPing && pingMs > 0 && now - this.#pingedAt >= pingMs;
    if (isPingDue) {
      this.#pingedAt = now;
      this.#unansweredAt ??= now;
    }
    return { fault: null, isSilent, isPingDue };
  }
}
