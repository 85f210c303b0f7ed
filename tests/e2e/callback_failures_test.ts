import assert from "node:assert/strict";
import { CallbackReceiver } from "../support/callback_receiver.ts";
import type { FailMode } from "../support/callback_receiver_failure.ts";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { GarbageServer } from "../support/garbage_server.ts";
import { newTestApp } from "../support/test_app.ts";

/** Somebody comes to a new room and goes; answers the room and its events. */
async function comeAndGo(
  { app }: CallbackWorld,
): Promise<{ roomId: string; ids: string[] }> {
  const roomId = await app.createRoom();
  const client = await app.joinRoom(roomId, "ann");
  const { session_id: sessionId } = client.welcome;
  await client.close();
  await app.expectConnections(0);
  const ids = [`created_${roomId}`, `joined_${sessionId}`, `left_${sessionId}`];
  return { roomId, ids };
}

type Repair = () => Promise<void>;

/** How a receiver is broken, and what an operator reads of it. */
interface Breakdown {
  readonly name: string;
  readonly error: string;
  /** Whether a request ends only when the server loses patience. */
  readonly isSlow?: boolean;
  readonly breakDown: (receiver: CallbackReceiver) => Promise<Repair>;
}

function failing(mode: FailMode): Breakdown["breakDown"] {
  return (receiver) => {
    receiver.failWith(mode);
    return Promise.resolve(() => Promise.resolve(receiver.recover()));
  };
}

const BREAKDOWNS: readonly Breakdown[] = [
  {
    name: "answers 500",
    error: "HTTP 500",
    breakDown: failing({ kind: "status", status: 500 }),
  },
  {
    name: "answers 429 with Retry-After",
    error: "HTTP 429",
    breakDown: failing({
      kind: "status",
      status: 429,
      headers: { "retry-after": "5" },
    }),
  },
  {
    name: "answers 503",
    error: "HTTP 503",
    breakDown: failing({ kind: "status", status: 503 }),
  },
  {
    name: "hangs",
    error: "Timed out after 30 s",
    isSlow: true,
    breakDown: failing({ kind: "hang" }),
  },
  {
    name: "drips",
    error: "Timed out after 30 s",
    isSlow: true,
    breakDown: failing({ kind: "drip" }),
  },
  {
    name: "breaks off within a body",
    error: "The answer broke off",
    breakDown: failing({ kind: "break" }),
  },
  {
    name: "is not there",
    error: "Connection refused",
    breakDown: async (receiver) => {
      await receiver.down();
      return () => Promise.resolve(receiver.up());
    },
  },
  {
    name: "does not speak HTTP",
    error: "The answer is not HTTP",
    breakDown: async (receiver) => {
      await receiver.down();
      const garbage = new GarbageServer(receiver.port);
      return async () => {
        await garbage[Symbol.asyncDispose]();
        receiver.up();
      };
    },
  },
];

/** Lets two rounds of attempts fail, at the first event of each of two rooms. */
async function failTwice(
  world: CallbackWorld,
  { isSlow = false, error }: Breakdown,
): Promise<void> {
  const { clock, receiver } = world;
  await world.tell();
  for (let round = 1; round <= 2; round++) {
    if (isSlow) {
      const holds = () => receiver.deliveries.length === 2 * round;
      await receiver.until(holds, { what: `attempts of round ${round}` });
      await clock.advance(30_000);
    }
    await world.quiet();
    const row = await world.endpoint("room-events");
    assert.deepEqual([row.backlog, row.last_error], [6, error]);
    if (round === 1) await clock.advance(5000);
  }
}

for (const breakdown of BREAKDOWNS) {
  Deno.test(`A receiver that ${breakdown.name} has everything once, in order, when it is well`, async () => {
    await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
    const { receiver } = world;
    const repair = await breakdown.breakDown(receiver);
    const rooms = [await comeAndGo(world), await comeAndGo(world)];
    await failTwice(world, breakdown);
    await repair();
    const taken = () =>
      receiver.deliveries.filter(({ answer }) => answer === "200");
    await world.pass(() => taken().length >= 6);
    for (const { roomId, ids } of rooms) {
      const inRoom = (one: { readonly body: { readonly room_id?: unknown } }) =>
        one.body.room_id === roomId;
      const effects = receiver.effects.filter(inRoom);
      assert.deepEqual(effects.map(({ id }) => id), ids);
      // What was acknowledged is not sent again.
      assert.deepEqual(taken().filter(inRoom).map(({ id }) => id), ids);
    }
    const row = await world.endpoint("room-events");
    assert.deepEqual([row.backlog, row.dead, row.breaker], [0, 0, "closed"]);
  });
}

Deno.test("A redirect to another host is not followed", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  await using elsewhere = CallbackReceiver.start({ hostname: "localhost" });
  const { receiver } = world;
  const url = elsewhere.url();
  receiver.failWith({ kind: "redirect", url }, { times: 2 });
  const { ids } = await comeAndGo(world);
  await world.quiet();
  const { last_error: error } = await world.endpoint("room-events");
  assert.equal(error, "Answered with a redirect (302), which is not followed");
  await world.pass(() => receiver.effects.length === 3);
  assert.equal(elsewhere.deliveries.length, 0);
  assert.deepEqual(world.secsOf(ids[0] ?? ""), [0, 5, 10]);
});

Deno.test("An answer of 100 MB is a success of which little is read", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { receiver } = world;
  receiver.failWith({ kind: "huge" });
  const { ids } = await comeAndGo(world);
  await world.quiet();
  // Each arrived once, and none had to wait for the rest of the one before.
  assert.deepEqual(receiver.deliveries.map(({ id }) => id), ids);
  // 64 KiB each; the rest is what sockets and streams hold.
  assert(receiver.hugeBytes < 30_000_000, `${receiver.hugeBytes} bytes`);
});

Deno.test("A receiver that drips is cut when CALLBACK_TIMEOUT_SECONDS are over", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "drip" }, { times: 1 });
  const settings = {
    ROOM_EVENT_CALLBACK_URL: receiver.url(),
    CALLBACK_TIMEOUT_SECONDS: "1",
    CALLBACK_RETRY_DELAY_SECONDS: "0",
  };
  await using app = await newTestApp(settings, { isRealTime: true });
  await app.createRoom();
  const dripped = await receiver.take();
  const proper = await receiver.take();
  assert.deepEqual([dripped.answer, proper.answer], ["drip", "200"]);
  assert(proper.at - dripped.at >= 1000, `${proper.at - dripped.at} ms`);
  assert.equal(proper.isRepeat, true);
});
