import assert from "node:assert/strict";
import {
  CallbackReceiver,
  type Delivery,
} from "../support/callback_receiver.ts";
import { RandomFailure } from "../support/callback_receiver_failure.ts";
import { readLog } from "../support/room_log.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi, createRoom } from "../support/test_app.ts";
import { type Frame, joinRoom, type WsClient } from "../support/ws_client.ts";

const KILLS = 20;
const ROOMS = 3;
const SENDERS = 6;
const SECRET = "a-secret-that-both-sides-know";

/** Batches so small, and so often, that a kill falls into each step. */
const SETTINGS = {
  WS_BATCH_SIZE: "20",
  CHAT_HISTORY_BATCH_SIZE: "15",
  CHAT_HISTORY_BATCH_INTERVAL_SECONDS: "1",
  SESSION_HISTORY_BATCH_SIZE: "2",
  SESSION_HISTORY_BATCH_INTERVAL_SECONDS: "1",
  SYNC_INTERVAL_SECONDS: "1",
  CALLBACK_MAX_RETRIES: "100",
  CALLBACK_RETRY_DELAY_SECONDS: "0",
  CALLBACK_SECRET: SECRET,
};

/** What happens to one server, from its start to its death. */
class Run {
  readonly #server: ServerProcess;
  readonly #receiver: CallbackReceiver;
  readonly #random: SeededRandom;

  constructor(
    server: ServerProcess,
    { receiver, random }: {
      receiver: CallbackReceiver;
      random: SeededRandom;
    },
  ) {
    this.#server = server;
    this.#receiver = receiver;
    this.#random = random;
  }

  /** Talks, joins and leaves, and kills the server in the midst of it. */
  async untilKilled(roomIds: readonly string[]): Promise<void> {
    const { url } = this.#server;
    const clients = await Promise.all(
      Array.from({ length: SENDERS }, (_, index) => {
        const roomId = roomIds[index % roomIds.length] ?? "";
        return joinRoom(url, roomId, `user${index}`);
      }),
    );
    const killing = this.#kill();
    await Promise.all(clients.map((client) => this.#talk(client)));
    await killing;
  }

  /** Kills after so many callbacks as chance says, failed ones too. */
  async #kill(): Promise<void> {
    const { deliveries } = this.#receiver;
    const wanted = deliveries.length + this.#random.integer(1, 60);
    const holds = () => this.#receiver.deliveries.length >= wanted;
    await this.#receiver.until(holds, { what: "callbacks before a kill" });
    await this.#server.killHard();
  }

  async #talk(client: WsClient): Promise<void> {
    const stays = this.#random.integer(1, 40);
    try {
      for (let number = 1; number <= stays; number++) {
        client.sendChat(`${number}`, `${number}`);
        await client.expectAck(`${number}`);
      }
      await client.close();
    } catch (error) {
      // The end of the server is the end of each connection, and no other is.
      assert.match(String(error), /closed|No ack/i);
      await client.closed();
    }
  }
}

/** The first of each id, by room. */
function effectsOf(receiver: CallbackReceiver, roomId: string): Delivery[] {
  return receiver.effects.filter(({ body }) => body.room_id === roomId);
}

function listOf(deliveries: readonly Delivery[], field: string): Frame[] {
  return deliveries.flatMap(({ body }) => (body[field] ?? []) as Frame[]);
}

function chatBatches(effects: Delivery[]): Delivery[] {
  return effects.filter(({ type }) => type === "ChatHistoryBatch");
}

/** A batch that failed before the end may come after it: see README. */
async function expectWholeChat(
  url: string,
  roomId: string,
  receiver: CallbackReceiver,
) {
  const log = await readLog(url, roomId);
  const count = log.filter(({ type }) => type === "Message").length;
  const isWhole = () => {
    const batches = chatBatches(effectsOf(receiver, roomId));
    return listOf(batches, "messages").length >= count;
  };
  await receiver.until(isWhole, { what: `all ${count} messages` });
}

async function assertChat(url: string, roomId: string, effects: Delivery[]) {
  const batches = chatBatches(effects);
  const log = await readLog(url, roomId);
  assert.deepEqual(
    listOf(batches, "messages").map((
      { seq, id, user_id, content },
    ) => [seq, id, user_id, content]),
    log.filter(({ type }) => type === "Message").map((
      { seq, id, payload },
    ) => [seq, id, payload?.["from"], payload?.["content"]]),
  );
  assert.equal(batches.at(-1)?.body.is_last_batch, true);
}

async function assertStays(url: string, roomId: string, effects: Delivery[]) {
  const path = `/management/rooms/${roomId}/sessions?limit=5000`;
  const { body } = await askApi(url, `GET ${path}`);
  const rows: Frame[] = body.records.toSorted(byId);
  const told = listOf(effects, "sessions").toSorted(byId);
  assert.deepEqual(
    told.map((
      { session_id, user_id, joined_at, left_at, close_code },
    ) => [session_id, user_id, joined_at, left_at, close_code]),
    rows.map((
      { session_id, user_id, joined_at, left_at, close_code },
    ) => [session_id, user_id, joined_at, left_at, close_code]),
  );
  assertComings(effects, rows);
}

function byId(one: Frame, other: Frame): number {
  return String(one["session_id"]) < String(other["session_id"]) ? -1 : 1;
}

/** Each stay is told of twice: it begins, then it ends. */
function assertComings(effects: Delivery[], rows: Frame[]) {
  const open = new Set<unknown>();
  const past = new Set<unknown>();
  for (const { type, body } of effects) {
    const { session_id: id } = body;
    if (type === "UserJoined") {
      assert(!open.has(id) && !past.has(id), "a stay began twice");
      open.add(id);
    }
    if (type !== "UserLeft") continue;
    assert(open.delete(id), "a stay ended that had not begun");
    past.add(id);
  }
  assert.equal(open.size, 0);
  assert.deepEqual([...past].sort(), rows.map((row) => row["session_id"]));
}

async function assertTold(
  url: string,
  roomId: string,
  receiver: CallbackReceiver,
) {
  const effects = effectsOf(receiver, roomId);
  const events = effects.filter(({ path }) => path === "/api/room-events");
  assert.equal(events[0]?.type, "RoomCreated");
  assert.equal(events.at(-1)?.type, "RoomClosed");
  await assertChat(url, roomId, effects);
  await assertStays(url, roomId, effects);
}

async function killTwenty(
  random: SeededRandom,
  receiver: CallbackReceiver,
  cwd: string,
) {
  const env = { ...SETTINGS, ...receiver.settings() };
  let roomIds: string[] = [];
  receiver.failWith(new RandomFailure(0.3, { seed: random.seed }));
  for (let kill = 0; kill < KILLS; kill++) {
    await using server = await ServerProcess.start({ cwd, env });
    if (kill === 0) {
      const rooms = Array.from({ length: ROOMS }, () => createRoom(server.url));
      roomIds = await Promise.all(rooms);
    }
    // The last kill may fall between a room's end and what is told of it.
    if (kill === KILLS - 1) {
      await askApi(server.url, `DELETE /management/rooms/${roomIds[0]}`);
      roomIds.push(roomIds.shift() ?? "");
    }
    const talking = kill === KILLS - 1 ? roomIds.slice(0, -1) : roomIds;
    await new Run(server, { receiver, random }).untilKilled(talking);
  }
  receiver.recover();
  await using server = await ServerProcess.start({ cwd, env });
  for (const roomId of roomIds.slice(0, -1)) {
    await askApi(server.url, `DELETE /management/rooms/${roomId}`);
  }
  for (const roomId of roomIds) {
    await receiver.expectEvent("RoomClosed", roomId);
  }
  for (const roomId of roomIds) {
    await expectWholeChat(server.url, roomId, receiver);
    await assertTold(server.url, roomId, receiver);
  }
  assert(receiver.deliveries.every(({ isSigned }) => isSigned === true));
  const failed = receiver.deliveries.filter(({ answer }) => answer !== "200");
  assert(failed.length > KILLS, `only ${failed.length} failed`);
  await server.stop();
}

Deno.test(`A backend that fails at random, of a server killed ${KILLS} times, has what the server has`, async () => {
  using folder = new TempFolder();
  const random = new SeededRandom();
  await using receiver = CallbackReceiver.start({ secret: SECRET });
  try {
    await killTwenty(random, receiver, folder.path);
  } catch (error) {
    throw new Error(`With ${SEED_VARIABLE}=${random.seed}`, { cause: error });
  }
});
