import assert from "node:assert/strict";
import type { LiveClient } from "../support/live_client.ts";
import type { Misbehaviour } from "../support/live_misbehaviour.ts";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { eventually } from "../support/within.ts";

const ROUNDS = 40;

/** What may happen to a handshake or to a link that is open. */
const HOWS: readonly Misbehaviour[] = [
  { kind: "refuse", status: 503 },
  { kind: "no_http" },
  { kind: "slow" },
  { kind: "garbage" },
];

const CODES = [1000, 1001, 1006, 1008, 1011, 1012, 1013] as const;

/** A viewer who comes back again and again, and all that it was told. */
class Visitor {
  readonly #world: LiveWorld;
  #viewer: LiveClient;
  readonly contents: string[] = [];
  #since = 0;

  constructor(world: LiveWorld, viewer: LiveClient) {
    this.#world = world;
    this.#viewer = viewer;
  }

  get viewer(): LiveClient {
    return this.#viewer;
  }

  /** Leaves, and comes back where it left. */
  async reload(): Promise<void> {
    await this.leave();
    const { epoch } = this.#viewer.snapshot;
    const query = { since: `${this.#since}`, epoch };
    this.#viewer = await this.#world.watch("77", { query });
    assert.equal(this.#viewer.snapshot.recovered, true);
  }

  async leave(): Promise<void> {
    await this.#viewer.close();
    this.contents.push(...this.#viewer.contents);
    this.#since = this.#viewer.messages.at(-1)?.seq ?? this.#since;
  }
}

/** Lets time pass until the link is live, by whatever attempts. */
async function expectLive(world: LiveWorld): Promise<void> {
  await eventually(async () => {
    const { state } = await world.ask("77");
    if (state === "live") return true;
    const isPassing = state === "waiting" ||
      world.upstream.triedCount("77") > world.upstream.connections("77").length;
    if (isPassing) await world.pass(1000);
    return false;
  }, { what: "a live link" });
  await eventually(() => world.upstream.openCount("77") === 1, {
    what: "one connection",
  });
}

Deno.test("Whatever befalls a link, what arrives is in its log once and with each viewer once", async () => {
  const random = new SeededRandom();
  function one<Item>(items: readonly Item[]): Item {
    return items[random.integer(0, items.length - 1)] as Item;
  }
  await using world = await newLiveWorld();
  await world.start("77");
  const steady = await world.watch("77");
  const visitor = new Visitor(world, await world.watch("77"));
  const said: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await expectLive(world);
    const connection = world.upstream.connections("77").at(-1);
    assert(connection);
    for (const content of said.slice(-random.integer(0, 5))) {
      connection.send(chat(content));
    }
    for (let count = random.integer(1, 50); count > 0; count--) {
      said.push(`n${said.length}`);
      connection.send(chat(`n${said.length - 1}`));
      if (random.fraction() < 0.1) connection.send('{"type":"chat"');
    }
    if (random.fraction() < 0.5) await visitor.reload();
    await connection.sent();
    if (random.fraction() < 0.5) {
      world.upstream.misbehave(one(HOWS), { times: random.integer(1, 2) });
    }
    connection.close(one(CODES));
    await connection.over();
    await steady.expectChat(`n${said.length - 1}`);
    await eventually(async () => (await world.ask("77")).state !== "live", {
      what: "the link to be down",
    });
  }
  await visitor.viewer.caughtUp();
  await visitor.leave();
  const seed = `${SEED_VARIABLE}=${random.seed}`;
  assert.deepEqual(await world.logged("77"), said, seed);
  assert.deepEqual(steady.contents, said, seed);
  assert.deepEqual(visitor.contents, said, seed);
  assert.equal((await world.ask("77")).stats.chats, said.length, seed);
});
