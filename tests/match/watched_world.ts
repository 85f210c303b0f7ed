/**
 * A world of heart links that looks at what must hold.
 *
 * @module
 */

import assert from "node:assert/strict";
import { LINK_TRANSITIONS } from "../../src/match/link_states.ts";
import type { LinkStatus } from "../../src/wire/heart_link.ts";
import { type HeldTurn, LinkWorld, type WorldRoom } from "./link_world.ts";
import { USERS } from "./random_steps.ts";

/** More than the requests of any life. */
const RANKS_MAX = 1_000_000;

/** A world that checks each choice of a partner where it is made. */
export class WatchedWorld extends LinkWorld {
  /** The rooms that each newcomer was refused by, since they pressed. */
  readonly tried = new Map<string, Set<string>>();
  readonly leaving = new Set<string>();
  /** Turns that were taken or failed, which nobody has heard of yet. */
  readonly landing: Pick<HeldTurn, "roomId" | "newcomer">[] = [];
  /** What became of each request, as far as its user was told. */
  readonly #told = new Map<string, LinkStatus>();
  #heard = 0;
  /** The order in which requests of an earlier run came back. */
  readonly #ranks = new Map<string, number>();
  readonly #faults: unknown[] = [];

  override openFor(...args: Parameters<LinkWorld["openFor"]>): Promise<void> {
    const [roomId, newcomer] = args;
    const { userId } = newcomer;
    try {
      this.#checkChoice(this.room(roomId), userId);
    } catch (fault) {
      // Thrown at the asker, it would pass for a turn that failed.
      this.#faults.push(fault);
    }
    this.tried.get(userId)?.add(roomId);
    if (!this.holdsTurns) this.landing.push({ roomId, newcomer });
    return super.openFor(...args);
  }

  /** Whether a turn is under way for the request of a user. */
  isMatching(userId: string): boolean {
    const { requestId = "" } = this.links.pendingOf(userId) ?? {};
    const row = this.table.rows.get(requestId);
    return this.#isFlying(row?.roomId ?? null, userId);
  }

  async startAgain(): Promise<void> {
    this.leaving.clear();
    // What was told and could not be recorded is not known any more.
    this.#told.clear();
    for (const { id, status } of this.table.rows.values()) {
      this.#told.set(id, status);
    }
    this.#heard = this.pushed.length;
    this.#ranks.clear();
    for (const { id } of await this.table.openLinks()) {
      this.#ranks.set(id, this.#ranks.size - RANKS_MAX);
    }
    await this.restart();
  }

  endAt(index: number): void {
    const live = [...this.rooms.values()].filter((room) => !room.isEnded);
    const room = live[index % Math.max(1, live.length)];
    if (room === undefined || this.isStorageDown) return;
    this.endRoom(room.id);
  }

  check(): void {
    assert.deepEqual(this.#faults, []);
    this.#checkRooms();
    this.#checkRequests();
    this.#checkMatches();
    this.#checkSteps();
    this.#checkRows();
  }

  #checkRooms(): void {
    const guests = new Map<string, string>();
    for (
      const { id, participants, isEnded, isWaiting } of this.rooms.values()
    ) {
      const userIds = participants.map(({ userId }) => userId);
      assert.equal(
        new Set(userIds).size,
        userIds.length,
        `${userIds} in ${id}`,
      );
      assert.equal(userIds.length, isWaiting ? 1 : 2);
      if (isEnded || isWaiting || id.startsWith("match-")) continue;
      for (const userId of userIds) {
        assert(!guests.has(userId), `${userId}: ${guests.get(userId)}, ${id}`);
        guests.set(userId, id);
      }
    }
  }

  /** Every request that waits has one waiting room, and it is its own. */
  #checkRequests(): void {
    for (const userId of USERS) {
      const view = this.links.pendingOf(userId);
      const row = view === null
        ? undefined
        : this.table.rows.get(view.requestId);
      // One that just came and is being matched has no room yet.
      if (row === undefined || this.#isFlying(row.roomId, userId)) continue;
      // It was matched, and the answer was lost with the room.
      if (row.matchedAt !== null) continue;
      assert.equal(row.status, "pending");
      const rooms = this.waiting.filter(({ id }) => id === row.roomId);
      assert.equal(rooms.length, 1, `${userId} waits in no room`);
    }
  }

  /** Nobody who waits is forgotten, and so nobody waits twice. */
  #checkRows(): void {
    for (const { id, userId, number, status } of this.table.rows.values()) {
      // What expired and could not be recorded yet was told all the same.
      const isOver = status !== "pending" || this.#told.get(id) === "expired";
      if (isOver || number !== null) continue;
      const known = this.links.pendingOf(userId)?.requestId;
      assert.equal(known, id, `${userId} is forgotten`);
    }
  }

  #checkMatches(): void {
    const rows = [...this.table.rows.values()];
    for (const row of rows) {
      if (row.status !== "matched") continue;
      assert.notEqual(row.partner?.userId, row.userId);
      const others = rows.filter((other) =>
        other.userId === row.partner?.userId && other.roomId === row.roomId &&
        other.partner?.userId === row.userId
      );
      assert.equal(others.length, 1, `${row.userId} is matched alone`);
    }
  }

  /** What people are told of a request is a way through the table. */
  #checkSteps(): void {
    const news = this.pushed.slice(this.#heard);
    this.#heard = this.pushed.length;
    for (const { frame: { requestId, status } } of news) {
      const known = this.#told.get(requestId) ?? "pending";
      const isMatch = known === "pending" && status === "matched";
      const from = isMatch ? "matching" : known;
      assert(LINK_TRANSITIONS[from].includes(status), `${from} to ${status}`);
      this.#told.set(requestId, status);
    }
  }

  #checkChoice(chosen: WorldRoom, newcomer: string): void {
    const owner = chosen.participants[0]?.userId ?? "";
    assert.notEqual(owner, newcomer, "Met oneself");
    // Who could not leave waits again before the refusal is heard here.
    const isLeaving = this.leaving.has(owner) && !this.isStorageDown;
    assert(!isLeaving, `${owner} wants to leave`);
    const chosenAge = this.#requestOrder(chosen);
    const { requestId = "" } = this.links.pendingOf(newcomer) ?? {};
    // One who waits tries everyone again each time.
    const isNew = !this.table.rows.has(requestId);
    const tried = isNew ? this.tried.get(newcomer) : undefined;
    for (const room of this.waiting) {
      const userId = room.participants[0]?.userId ?? "";
      const mayMeet = room !== chosen && userId !== newcomer &&
        !this.leaving.has(userId) && !this.#isFlying(room.id, userId) &&
        tried?.has(room.id) !== true && this.#isOpen(room);
      if (!mayMeet) continue;
      assert(
        chosenAge < this.#requestOrder(room),
        `${newcomer} met ${owner} while ${userId} had waited longer`,
      );
    }
  }

  #isFlying(roomId: string | null, userId: string): boolean {
    return [...this.turns, ...this.landing].some((turn) =>
      turn.roomId === roomId || turn.newcomer.userId === userId
    );
  }

  #isOpen(room: WorldRoom): boolean {
    const view = this.links.pendingOf(room.participants[0]?.userId ?? "");
    return this.table.rows.get(view?.requestId ?? "")?.roomId === room.id;
  }

  /** Ids are counted, so they tell the order in which requests were made. */
  #requestOrder(room: WorldRoom): number {
    const userId = room.participants[0]?.userId ?? "";
    const { requestId = "" } = this.links.pendingOf(userId) ?? {};
    const rank = this.#ranks.get(requestId);
    return rank ?? Number(requestId.slice("id-".length));
  }
}
