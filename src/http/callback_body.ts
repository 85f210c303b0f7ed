/**
 * Callbacks as the API shows them: endpoints and dead letters. Instants are
 * epoch ms.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type {
  BreakerState,
  EndpointStatus,
} from "../callback/endpoint_status.ts";
import type { DeadLetter, EndpointState } from "../callback/outbox.ts";
import type { CallbackType, EndpointName } from "../wire/callback.ts";

/** An endpoint and how it does. */
export interface EndpointBody {
  readonly endpoint: EndpointName;
  readonly url: string | null;
  readonly state: EndpointState;
  readonly reason: string | null;
  readonly breaker: BreakerState;
  readonly held_until: number | null;
  readonly backlog: number;
  readonly oldest_age_seconds: number | null;
  readonly in_flight: number;
  readonly dead: number;
  readonly last_success_at: number | null;
  readonly last_error_at: number | null;
  readonly last_error: string | null;
  readonly changed_at: number;
}

/** An event that was given up. */
export interface LetterBody {
  readonly number: number;
  readonly id: string;
  readonly endpoint: EndpointName;
  readonly event_type: CallbackType;
  readonly room_id: string;
  readonly at: number;
  readonly died_at: number;
  readonly attempts: number;
  readonly error: string;
}

/** Makes one. `now`, in epoch ms, is what ages are counted to. */
export function endpointBody(
  status: EndpointStatus,
  now: number,
): EndpointBody {
  return {
    endpoint: status.name,
    url: status.url,
    state: status.state,
    reason: status.reason,
    breaker: status.breaker,
    held_until: status.heldUntil,
    backlog: status.backlog,
    oldest_age_seconds: ageSecs(status.oldestAt, now),
    in_flight: status.inFlight,
    dead: status.dead,
    last_success_at: status.lastSuccessAt,
    last_error_at: status.lastErrorAt,
    last_error: status.lastError,
    changed_at: status.changedAt,
  };
}

/** Makes one. */
export function letterBody(letter: DeadLetter): LetterBody {
  const { event } = letter;
  return {
    number: event.number,
    id: event.id,
    endpoint: letter.endpoint,
    event_type: event.type,
    room_id: event.roomId,
    at: event.at,
    died_at: letter.diedAt,
    attempts: letter.attempts,
    error: letter.error,
  };
}

/** Never below 0, also when the clock was set back. */
function ageSecs(sinceAt: number | null, now: number): number | null {
  if (sinceAt === null) return null;
  return Math.max(0, Math.floor((now - sinceAt) / 1000));
}
