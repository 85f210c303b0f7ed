/**
 * Who wants which records flushed, first come first served.
 *
 * There is at most one request for all records and one for each room: a later
 * wish joins the one that waits. A wish reaches up to the newest record of its
 * time, so a busy room cannot keep it from ending.
 *
 * @module
 */

/** Why records are flushed. */
export type FlushReason =
  | "size"
  | "age"
  | "room"
  | "disconnect"
  | "urgent"
  | "demand"
  | "retry"
  | "stop";

/** Someone who waits for a flush. Settled once; later calls do nothing. */
export interface FlushWaiter {
  /** The newest record that it waits for. */
  readonly upTo: number;
  settle(isFlushed: boolean): void;
}

/** One wish, or several that became one. */
export interface FlushRequest {
  readonly reason: FlushReason;
  /** `undefined` is all rooms. */
  readonly roomId: string | undefined;
  /** The order of the newest record that it covers. */
  upTo: number;
  readonly waiters: Set<FlushWaiter>;
}

/** The wishes that wait. */
export class FlushRequests {
  readonly #requests = new Map<string | undefined, FlushRequest>();

  /** Adds a request behind the others, or to the one of its kind. */
  add(request: FlushRequest): void {
    const { roomId } = request;
    const waiting = this.#requests.get(roomId);
    if (waiting === undefined) {
      this.#requests.set(roomId, request);
      return;
    }
    for (const waiter of request.waiters) waiting.waiters.add(waiter);
    waiting.upTo = Math.max(waiting.upTo, request.upTo);
  }

  /** Extends the request for all records, if one waits; answers whether. */
  extendAll(upTo: number): boolean {
    const waiting = this.#requests.get(undefined);
    if (waiting === undefined) return false;
    waiting.upTo = Math.max(waiting.upTo, upTo);
    return true;
  }

  /** Removes the first request. */
  take(): FlushRequest | undefined {
    for (const [roomId, request] of this.#requests) {
      this.#requests.delete(roomId);
      return request;
    }
    return undefined;
  }

  /** Fails every waiter and forgets every request. */
  failAll(): void {
    for (const request of this.#requests.values()) failWaiters(request);
    this.#requests.clear();
  }
}

/** Tells the waiters of a request that the database failed. */
export function failWaiters({ waiters }: FlushRequest): void {
  for (const waiter of waiters) waiter.settle(false);
  waiters.clear();
}

/** Tells those waiters that all they wait for is in the database. */
export function releaseWaiters({ waiters }: FlushRequest, upTo: number): void {
  for (const waiter of waiters) {
    if (waiter.upTo > upTo) continue;
    waiters.delete(waiter);
    waiter.settle(true);
  }
}
