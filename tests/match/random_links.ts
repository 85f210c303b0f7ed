/**
 * Random lives of heart links, with what must hold looked at after each step.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { MATCHED_MS_MAX } from "../../src/wire/heart_link.ts";
import { settle } from "../support/fake_clock.ts";
import { person } from "./link_world.ts";
import { type Step, USERS } from "./random_steps.ts";
import { WatchedWorld } from "./watched_world.ts";

/** One life. */
export class RandomLinks {
  readonly #world = new WatchedWorld();
  readonly #unexpected: unknown[] = [];

  /** Takes all steps, then lets everything come to its end. */
  async live(life: readonly (readonly Step[])[]): Promise<void> {
    this.#world.holdsTurns = true;
    await this.#world.links.start();
    for (const steps of life) {
      await Promise.all(steps.map((step) => this.#take(step)));
      await this.#check();
    }
    await this.#comeToEnd();
  }

  async #take(step: Step): Promise<void> {
    const world = this.#world;
    switch (step.kind) {
      case "press":
        if (world.links.pendingOf(step.user) === null) {
          world.tried.set(step.user, new Set());
        }
        return this.#hear(world.links.request(person(step.user)));
      case "leave":
        return this.#leave(step.user);
      case "number": {
        const { user, number } = step;
        return this.#hear(world.links.requestNumber(person(user), number));
      }
      case "leave number":
        return this.#hear(world.links.cancel(step.user, "number"));
      case "land":
        return this.#land(step.index, step.failure);
      case "end":
        return world.endAt(step.index);
      case "advance":
        return await world.clock.advance(step.ms);
      case "set back":
        return world.clock.setBack(step.ms);
      case "storage":
        world.isStorageDown = step.isDown;
        return;
      case "restart":
        return await world.startAgain();
      case "sweep":
        return void await world.links.sweep();
    }
  }

  /** A refusal is an answer; anything else is a bug. */
  #hear(work: Promise<unknown>): void {
    work.catch((error) => {
      if (!(error instanceof ChatError)) this.#unexpected.push(error);
    });
  }

  #leave(userId: string): void {
    const { links, leaving } = this.#world;
    // One who waits has left at once, or stays.
    if (this.#world.isMatching(userId)) leaving.add(userId);
    const left = links.cancel(userId, "anyone");
    this.#hear(left.finally(() => leaving.delete(userId)));
  }

  #land(
    index: number,
    failure: Extract<Step, { kind: "land" }>["failure"],
  ): void {
    const { turns } = this.#world;
    const [turn] = turns.splice(index % Math.max(1, turns.length), 1);
    if (turn !== undefined) this.#world.landing.push(turn);
    switch (failure) {
      case "answer":
        // It is taken, and then says that it was not.
        return turn?.land(undefined, new Error("The answer was lost"));
      case "bug":
        return turn?.land(new Error("A bug"));
      case null:
        return turn?.land();
      default:
        return turn?.land(new ChatError(failure));
    }
  }

  async #check(): Promise<void> {
    await settle();
    assert.deepEqual(this.#unexpected, []);
    this.#world.landing.length = 0;
    this.#world.check();
  }

  async #comeToEnd(): Promise<void> {
    const world = this.#world;
    world.isStorageDown = false;
    world.holdsTurns = false;
    for (const turn of world.turns.splice(0)) turn.land();
    await this.#check();
    await world.links.sweep();
    for (let count = 0; count < 5; count++) await world.clock.advance(1001);
    await this.#check();
    const waiting = USERS.filter((id) => world.links.pendingOf(id) !== null);
    assert(waiting.length < 2, `${waiting} wait, and are not matched`);
    await world.links.sweep();
    assert.equal(world.waiting.length, waiting.length, "A room is orphaned");
    await world.clock.advance(MATCHED_MS_MAX + 1);
    await this.#check();
    const { pending, matched } = world.links.counts;
    assert.deepEqual({ pending, matched }, { pending: 0, matched: 0 });
    assert.equal(world.waiting.length, 0);
    assert.deepEqual(await world.table.openLinks(), []);
    assert.equal(world.clock.armed, 0);
    world.stop();
  }
}
