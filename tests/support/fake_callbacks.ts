/**
 * Callbacks that only remember what they were asked.
 *
 * @module
 */

import type { EndpointStatus } from "../../src/callback/endpoint_status.ts";
import type {
  DeadLetter,
  EventLog,
  ReplayQuery,
  ReplayReport,
} from "../../src/callback/outbox.ts";
import type {
  CallbackDesk,
  DeadLetters,
  EventPage,
  EventPages,
  SampleResult,
  SampleSender,
  SyncRequests,
} from "../../src/http/ports.ts";
import { ENDPOINT_NAMES } from "../../src/wire/callback.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { START_AT } from "./fake_clock.ts";

/** Endpoints whose state is set by hand. */
export class FakeDesk implements CallbackDesk {
  all: EndpointStatus[] = ENDPOINT_NAMES.map((name) => newStatus({ name }));
  wakes = 0;
  /** What every call but `wake` is refused with. */
  failure: Error | undefined;

  status(): Promise<EndpointStatus[]> {
    return answer(this.all, this.failure);
  }

  enable(name: string): Promise<EndpointStatus> {
    return this.#set(name, { state: "active", reason: null });
  }

  pause(name: string): Promise<EndpointStatus> {
    return this.#set(name, { state: "paused", reason: "by an operator" });
  }

  resume(name: string): Promise<EndpointStatus> {
    const found = this.all.find((one) => one.name === name);
    if (found?.state === "disabled") {
      return Promise.reject(new ChatError("endpoint_disabled"));
    }
    return this.enable(name);
  }

  wake(): void {
    this.wakes += 1;
  }

  #set(
    name: string,
    change: Partial<EndpointStatus>,
  ): Promise<EndpointStatus> {
    const index = this.all.findIndex((one) => one.name === name);
    const found = this.all[index];
    if (found === undefined) {
      return Promise.reject(new ChatError("endpoint_not_found"));
    }
    const changed = { ...found, ...change };
    this.all[index] = changed;
    return answer(changed, this.failure);
  }
}

/** Dead letters that a test puts in. */
export class FakeLetters implements DeadLetters {
  all: DeadLetter[] = [];
  readonly asked: Parameters<EventLog["dead"]>[0][] = [];
  readonly replays: ReplayQuery[] = [];
  /** How many events the next replays find; numbers have no gaps. */
  found = 0;
  failure: Error | undefined;

  dead(query: Parameters<EventLog["dead"]>[0]): Promise<DeadLetter[]> {
    this.asked.push(query);
    const later = this.all.filter(({ event, endpoint }) =>
      event.number > query.afterNumber &&
      (query.endpoint === undefined || query.endpoint === endpoint)
    );
    return answer(later.slice(0, query.limit), this.failure);
  }

  replay(query: ReplayQuery): Promise<ReplayReport> {
    this.replays.push(query);
    const { afterNumber = 0, limit } = query;
    const replayed = Math.min(this.found, limit);
    const lastNumber = replayed === 0 ? null : afterNumber + replayed;
    return answer({ replayed, lastNumber }, this.failure);
  }
}

/** One page of events, whatever the cursor. */
export class FakeEventPages implements EventPages {
  readonly asked: { after?: string; limit: number }[] = [];
  answered: EventPage = { events: [], next: "e1-0", hasMore: false };
  failure: Error | undefined;

  page(query: { after?: string; limit: number }): Promise<EventPage> {
    this.asked.push(query);
    return answer(this.answered, this.failure);
  }
}

/** A sender that sends nothing. */
export class FakeSamples implements SampleSender {
  readonly urls: string[] = [];
  result: SampleResult = {
    ok: true,
    status: 200,
    error: "",
    milliseconds: 12,
    response: "thanks",
  };
  failure: Error | undefined;

  send(url: string): Promise<SampleResult> {
    this.urls.push(url);
    return answer(this.result, this.failure);
  }
}

/** Syncs that a test ends. */
export class FakeSync implements SyncRequests {
  calls = 0;
  run: Promise<void> = Promise.resolve();

  syncNow(): Promise<void> {
    this.calls += 1;
    return this.run;
  }
}

/** An endpoint that was never used. */
export function newStatus(more: Partial<EndpointStatus> = {}): EndpointStatus {
  return {
    name: "room-events",
    url: "http://backend.test/api/room-events",
    state: "active",
    reason: null,
    changedAt: START_AT,
    lastSuccessAt: null,
    lastErrorAt: null,
    lastError: null,
    backlog: 0,
    oldestAt: null,
    dead: 0,
    breaker: "closed",
    heldUntil: null,
    inFlight: 0,
    ...more,
  };
}

/** An event that a receiver did not want. */
export function newLetter(
  number: number,
  more: Partial<DeadLetter> = {},
): DeadLetter {
  return {
    event: {
      number,
      id: `joined_s${number}`,
      roomId: "r1",
      type: "UserJoined",
      at: START_AT + number,
      data: { userId: "u1", sessionId: `s${number}` },
    },
    endpoint: "room-events",
    attempts: 4,
    diedAt: START_AT + 60_000 + number,
    error: "HTTP 500",
    ...more,
  };
}

function answer<Value>(
  value: Value,
  failure: Error | undefined,
): Promise<Value> {
  return failure === undefined
    ? Promise.resolve(value)
    : Promise.reject(failure);
}
