/**
 * The outbox in memory: what `callback/outbox.ts` promises of lanes and
 * endpoints, without a database.
 *
 * @module
 */

import assert from "node:assert/strict";
import type {
  DeliveryQueue,
  DueLanes,
  DueQuery,
  EndpointHistory,
  EndpointRecord,
  EndpointTable,
  Lane,
  LaneFacts,
  LaneFailure,
  Settlement,
} from "../../src/callback/outbox.ts";
import {
  type CallbackEvent,
  type CallbackType,
  ENDPOINT_NAMES,
  ENDPOINT_OF,
  type EndpointName,
} from "../../src/wire/callback.ts";

/** One event, and what has become of it. */
export interface EventRow {
  readonly event: CallbackEvent;
  readonly endpoint: EndpointName;
  /** `null`: delivered. */
  state: "pending" | "dead" | null;
  attempts: number;
  error: string | null;
}

interface LaneRow {
  readonly endpoint: EndpointName;
  readonly roomId: string;
  dueAt: number;
  attempts: number;
  failingSince: number | null;
}

interface LastTries {
  lastSuccessAt: number | null;
  lastErrorAt: number | null;
  lastError: string | null;
}

/** A call that can be made to fail or to wait. */
export type OutboxCall =
  | "due"
  | "settle"
  | "release"
  | "recall"
  | "lanesOf"
  | "endpoints"
  | "saveEndpoint"
  | "histories";

/** Survives the dispatcher that works on it, as a database does. */
export class FakeOutbox implements DeliveryQueue, EndpointTable {
  readonly rows: EventRow[] = [];
  readonly lanes = new Map<string, LaneRow>();
  readonly saved = new Map<EndpointName, EndpointRecord>();
  /** Every settlement that was written, by transaction. */
  readonly settled: Settlement[][] = [];
  /** Every question for what is due. */
  readonly queries: DueQuery[] = [];
  /** How often each call was made. */
  readonly calls: Record<OutboxCall, number> = {
    due: 0,
    settle: 0,
    release: 0,
    recall: 0,
    lanesOf: 0,
    endpoints: 0,
    saveEndpoint: 0,
    histories: 0,
  };
  /** What a call fails with, while set; decides call by call. */
  failure: (call: OutboxCall) => Error | undefined = () => undefined;
  /** What a call waits for before it is done, while set. */
  gate: (call: OutboxCall) => Promise<void> | undefined = () => undefined;
  readonly #tries = new Map<EndpointName, LastTries>();
  #number = 0;

  /** Queues an event of a room, due at once. */
  add(
    roomId: string,
    at: number,
    type: CallbackType = "UserJoined",
  ): CallbackEvent {
    const number = ++this.#number;
    const id = `${roomId}_${number}`;
    // Nothing here reads an event's data.
    const event = { number, id, roomId, type, at, data: {} } as CallbackEvent;
    const endpoint = ENDPOINT_OF[type];
    this.rows.push({
      event,
      endpoint,
      state: "pending",
      attempts: 0,
      error: null,
    });
    const key = laneKey(endpoint, roomId);
    if (!this.lanes.has(key)) {
      const fresh = { dueAt: at, attempts: 0, failingSince: null };
      this.lanes.set(key, { endpoint, roomId, ...fresh });
    }
    return event;
  }

  /** Ids of the events in a state, by number. */
  ids(state: EventRow["state"]): string[] {
    return this.rows.filter((row) => row.state === state)
      .map(({ event }) => event.id);
  }

  /** The lane of a room at an endpoint. */
  lane(endpoint: EndpointName, roomId: string): LaneRow | undefined {
    return this.lanes.get(laneKey(endpoint, roomId));
  }

  async due(query: DueQuery): Promise<DueLanes> {
    this.queries.push(query);
    await this.#call("due");
    const { endpoint, now, lanesMax, eventsMax, except, isProbe = false } =
      query;
    assert(lanesMax > 0 && eventsMax > 0, "asked for nothing");
    const others = [...this.lanes.values()]
      .filter((lane) =>
        lane.endpoint === endpoint && !except.includes(lane.roomId)
      )
      .sort((one, other) => one.dueAt - other.dueAt);
    if (isProbe) sortForProbe(others, now);
    const due = others.filter(({ dueAt }) => dueAt <= now).slice(0, lanesMax);
    const next = others[due.length];
    const lanes = due.map((lane): Lane => ({
      roomId: lane.roomId,
      attempts: lane.attempts,
      failingSince: lane.failingSince,
      events: this.#waiting(lane).slice(0, eventsMax).map(({ event }) => event),
    }));
    return { lanes, nextDueAt: next?.dueAt ?? null };
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.#call("settle");
    this.settled.push([...settlements]);
    for (const settlement of settlements) this.#settleOne(settlement);
  }

  async recall(at: number): Promise<number> {
    await this.#call("recall");
    const late = [...this.lanes.values()].filter(({ attempts, dueAt }) =>
      dueAt > at + (attempts === 0 ? 60_000 : 86_400_000)
    );
    for (const lane of late) lane.dueAt = at;
    return late.length;
  }

  async release(
    endpoint: EndpointName,
    at: number,
    attemptsMax: number,
  ): Promise<void> {
    await this.#call("release");
    for (const lane of this.lanes.values()) {
      if (lane.endpoint !== endpoint) continue;
      lane.dueAt = Math.min(lane.dueAt, at);
      lane.attempts = Math.min(lane.attempts, attemptsMax);
      if (attemptsMax === 0) lane.failingSince = null;
    }
  }

  async lanesOf(roomId: string): Promise<LaneFacts[]> {
    await this.#call("lanesOf");
    return [...this.lanes.values()]
      .filter((lane) => lane.roomId === roomId)
      .map(({ endpoint, attempts }) => ({ endpoint, attempts }));
  }

  async endpoints(): Promise<EndpointRecord[]> {
    await this.#call("endpoints");
    return [...this.saved.values()];
  }

  async saveEndpoint(record: EndpointRecord): Promise<void> {
    await this.#call("saveEndpoint");
    this.saved.set(record.name, record);
  }

  async histories(): Promise<EndpointHistory[]> {
    await this.#call("histories");
    return ENDPOINT_NAMES.flatMap((name) => {
      const rows = this.rows.filter(({ endpoint }) => endpoint === name);
      if (rows.length === 0 && !this.saved.has(name)) return [];
      const waiting = rows.filter(({ state }) => state === "pending");
      return [{
        name,
        lastSuccessAt: null,
        lastErrorAt: null,
        lastError: null,
        ...this.#tries.get(name),
        backlog: waiting.length,
        oldestAt: waiting[0]?.event.at ?? null,
        dead: rows.filter(({ state }) => state === "dead").length,
      }];
    });
  }

  async #call(call: OutboxCall): Promise<void> {
    this.calls[call] += 1;
    await this.gate(call);
    const failure = this.failure(call);
    if (failure !== undefined) throw failure;
  }

  #waiting({ endpoint, roomId }: Pick<LaneRow, "endpoint" | "roomId">) {
    return this.rows.filter((row) =>
      row.state === "pending" && row.endpoint === endpoint &&
      row.event.roomId === roomId
    );
  }

  #settleOne({ endpoint, roomId, at, delivered, failure }: Settlement): void {
    const key = laneKey(endpoint, roomId);
    const lane = this.lanes.get(key);
    assert(lane, `no lane ${key} to settle`);
    for (const row of this.#waiting(lane).slice(0, delivered.length)) {
      assert(delivered.includes(row.event.number), "settled out of order");
      row.state = null;
    }
    if (delivered.length > 0) {
      Object.assign(lane, { dueAt: at, attempts: 0, failingSince: null });
      this.#noteTries(endpoint, { lastSuccessAt: at });
    }
    if (failure !== null) this.#fail(lane, failure, at);
    if (this.#waiting(lane).length === 0) this.lanes.delete(key);
  }

  #fail(lane: LaneRow, failure: LaneFailure, at: number): void {
    if (failure.kind === "postponed") {
      lane.dueAt = failure.dueAt;
      return;
    }
    const { attempts, error } = failure;
    this.#noteTries(lane.endpoint, { lastErrorAt: at, lastError: error });
    if (failure.kind === "retry") {
      const { dueAt, failingSince } = failure;
      Object.assign(lane, { dueAt, attempts, failingSince });
      return;
    }
    const [head] = this.#waiting(lane);
    assert.equal(head?.event.number, failure.number, "not the first died");
    Object.assign(head, { state: "dead", attempts, error });
    Object.assign(lane, { dueAt: at, attempts: 0, failingSince: null });
  }

  #noteTries(endpoint: EndpointName, tries: Partial<LastTries>): void {
    const none = { lastSuccessAt: null, lastErrorAt: null, lastError: null };
    const before = this.#tries.get(endpoint) ?? none;
    this.#tries.set(endpoint, { ...before, ...tries });
  }
}

function laneKey(endpoint: EndpointName, roomId: string): string {
  return `${endpoint} ${roomId}`;
}

/** Due ones first; of those what never failed, the newest first. */
function sortForProbe(lanes: LaneRow[], now: number): void {
  function rank({ attempts, dueAt }: LaneRow): number {
    if (dueAt > now) return 2;
    return attempts > 0 ? 1 : 0;
  }
  lanes.sort((one, other) =>
    rank(one) - rank(other) ||
    (rank(one) > 0 ? one.dueAt - other.dueAt : other.dueAt - one.dueAt)
  );
}
