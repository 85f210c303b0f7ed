// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  assertKept,
  assertNoGap,
  assertSentOnce,
  readLog,
} from "../support/room_log.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi, createRoom, KEY_HEADERS } from "../support/test_app.ts";
import { type Frame, joinRoom, type WsClient } from "../support/ws_client.ts";

const KILLS = 20;
const SENDERS = 6;

/** Messages that a sender has under way at a time. */
const BURST = 12;

/** Batches so small that a kill often falls into one. */
const SETTINGS = { WS_BATCH_SIZE: "25", WS_FLUSH_INTERVAL: "1" };

/** What a run of a server until its death has promised. */
class Run {
  readonly #server: ServerProcess;
  readonly #clients: readonly WsClient[];
  readonly #acksMax: number;
  #ackCount = 0;
  #isKilled = false;

  constructor(server: ServerProcess, clients: WsClient[], acksMax: number) {
    this.#server = server;
    this.#clients = clients;
    this.#acksMax = acksMax;
  }

  /** Sends from all at once, and kills the server while they do. */
  async untilKilled(name: string): Promise<void> {
    const sending = this.#clients.map((client, index) =>
      this.#send(client, `${name}-${index}`)
    );
    await Promise.all(sending);
    await this.#server.exited();
  }

  #killWhenDue(): void {
    if (this.#isKilled || this.#ackCount < this.#acksMax) return;
    this.#isKilled = true;
    this.#server.kill("SIGKILL");
  }

  async #send(client: WsClient, name: string): Promise<void> {
    try {
      for (let sent = 0;; sent += BURST) {
        for (let one = 1; one <= BURST; one++) {
          client.sendChat(
            `${name} says ${sent + one}`,
            `${name}-${sent + one}`,
          );
        }
        await client.expectAck(`${name}-${sent + BURST}`);
        this.#ackCount += BURST;
        this.#killWhenDue();
      }
    } catch (error) {
      // The end of the server is the end of each connection, and no other is.
      await client.closed();
      assert.match(String(error), /closed|No ack/i);
    }
  }
}

/** Kills a server while it brings back what the last one left. */
async function killInStart(cwd: string): Promise<void> {
  await using server = new ServerProcess({ cwd, env: SETTINGS });
  await server.expectLine("open_mode_noticed");
  await server.killHard();
}

async function assertSessionsClosed(url: string, roomId: string) {
  const path = `/management/rooms/${roomId}/sessions?limit=5000`;
  const { body } = await askApi(url, `GET ${path}`);
  const open = body.records.filter((row: Frame) => row["left_at"] === null);
  assert.deepEqual(open, []);
  assert(body.records.every((row: Frame) => row["close_code"] !== null));
}

async function killTwenty(random: SeededRandom, cwd: string): Promise<void> {
  let roomId: string | undefined;
  const everyone: WsClient[] = [];
  let checkedSeq = 0;
  for (let kill = 0; kill <= KILLS; kill++) {
    if (kill > 0 && random.integer(1, 4) === 1) await killInStart(cwd);
    await using server = await ServerProcess.start({ cwd, env: SETTINGS });
    const { url } = server;
    roomId ??= await createRoom(url);
    await assertSessionsClosed(url, roomId);
    const log = await readLog(url, roomId, checkedSeq);
    assertNoGap(log, checkedSeq);
    checkedSeq = log.at(-1)?.seq ?? checkedSeq;
    if (kill === KILLS) break;
    const joins = Array.from(
      { length: SENDERS },
      (_, index) => joinRoom(url, roomId ?? "", `user${index}`),
    );
    const clients = await Promise.all(joins);
    everyone.push(...clients);
    const acksMax = random.integer(1, 600);
    await new Run(server, clients, acksMax).untilKilled(`k${kill}`);
  }
  await using server = await ServerProcess.start({ cwd, env: SETTINGS });
  const log = await readLog(server.url, roomId ?? "");
  assertNoGap(log);
  assertSentOnce(log);
  for (const client of everyone) assertKept(log, client);
  const acked = everyone.flatMap(({ received }) =>
    received.filter(({ type }) => type === "Ack")
  );
  assert(
    acked.length > KILLS * BURST,
    `only ${acked.length} were acknowledged`,
  );
  await server.stop();
}

Deno.test(`A server killed ${KILLS} times under load keeps all that it acknowledged`, async () => {
  using folder = new TempFolder();
  const random = new SeededRandom();
  try {
    await killTwenty(random, folder.path);
  } catch (error) {
    throw new Error(`With ${SEED_VARIABLE}=${random.seed}`, { cause: error });
  }
});

Deno.test("A send repeated after kill -9 is acknowledged as before, and heard once", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  let roomId: string;
  let first: Frame;
  let epoch: unknown;
  {
    await using server = await ServerProcess.start({ cwd });
    roomId = await createRoom(server.url);
    await using ann = await joinRoom(server.url, roomId, "ann");
    ({ epoch } = ann.welcome);
    ann.sendChat("did you get this?", "m-1");
    first = await ann.expectAck("m-1");
    assert.equal(first.payload?.["durability"], "journal");
    await server.killHard();
  }
  await using server = await ServerProcess.start({ cwd });
  const query = { since: "0", epoch: String(epoch) };
  await using ann = await joinRoom(server.url, roomId, "ann", { query });
  assert.equal(ann.welcome.recovered, true);
  await ann.expectChat("did you get this?");
  ann.sendChat("did you get this?", "m-1");
  assert.deepEqual(await ann.expectAck("m-1"), first);
  ann.sendChat("next", "m-2");
  const next = await ann.expectAck("m-2");
  assert.equal(next.payload?.["seq"], 2);
  assert.equal((await readLog(server.url, roomId)).length, 2);
});

Deno.test("DURABILITY=fsync acknowledges what is on the disk, and keeps it", async () => {
  using folder = new TempFolder();
  const options = { cwd: folder.path, env: { DURABILITY: "fsync" } };
  let roomId: string;
  let ann: WsClient;
  {
    await using server = await ServerProcess.start(options);
    roomId = await createRoom(server.url);
    ann = await joinRoom(server.url, roomId, "ann");
    for (let number = 1; number <= 200; number++) {
      ann.sendChat(`${number}`, `n${number}`);
    }
    const { payload } = await ann.expectAck("n100");
    assert.equal(payload?.["durability"], "fsync");
    await server.killHard();
    await ann.closed();
  }
  await using server = await ServerProcess.start(options);
  const log = await readLog(server.url, roomId);
  assertNoGap(log);
  assertKept(log, ann);
  assert(log.length >= 100);
});

Deno.test("A room is as it was after kill -9: people put out, settings, admins", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  let roomId: string;
  {
    await using server = await ServerProcess.start({ cwd });
    roomId = await createRoom(server.url);
    await using admin = await joinRoom(server.url, roomId, "admin", {
      headers: KEY_HEADERS,
    });
    admin.send("KickUser", { user_id: "bob" });
    admin.send("MuteUser", { user_id: "cat" });
    await admin.expectFrame("UserMuted");
    const room = `/management/rooms/${roomId}`;
    const patch = { pinned: "hello", slow_mode_secs: 7 };
    await askApi(server.url, `PATCH ${room}`, { body: patch });
    const admins = { admin_user_ids: ["dan", "eve"] };
    await askApi(server.url, `PUT ${room}/admins`, { body: admins });
    await server.killHard();
  }
  await using server = await ServerProcess.start({ cwd });
  const { body } = await askApi(server.url, `GET /management/rooms/${roomId}`);
  assert.deepEqual(body.settings, {
    name: "Lounge",
    slow_mode_secs: 7,
    max_members: null,
    pinned: "hello",
  });
  assert.deepEqual(body.admin_user_ids, ["dan", "eve"]);
  assert.deepEqual([body.ban_count, body.mute_count], [1, 1]);
  assert.equal(body.total_joins, 1);
  assert.equal(body.last_seq, 4);
});
