import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { ChatClient, Json } from "../support/chat_client.ts";
import {
  type ChatUser,
  logInAll,
  matchUp,
  newPair,
} from "../support/chat_user.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { eventually } from "../support/within.ts";

/** Messages that each side has under way at a time. */
const BURST = 10;

/** Small batches, so that a kill often falls into one. */
const ENV = { WS_BATCH_SIZE: "25", WS_FLUSH_INTERVAL: "1" };

/** Kills a server when so much was promised. */
class KillAfter {
  readonly #server: ServerProcess;
  readonly #countMax: number;
  #count = 0;

  constructor(server: ServerProcess, countMax: number) {
    this.#server = server;
    this.#countMax = countMax;
  }

  count(promised: number): void {
    const isBefore = this.#count < this.#countMax;
    this.#count += promised;
    if (isBefore && this.#count >= this.#countMax) this.#server.kill("SIGKILL");
  }
}

/** Sends in bursts, and marks what the other said, until the server is dead. */
async function chatUntilDead(
  client: ChatClient,
  name: string,
  due: KillAfter,
): Promise<void> {
  try {
    for (let sent = 0;; sent += BURST) {
      for (let one = 1; one <= BURST; one++) {
        client.say(`${name} says ${sent + one}`, `${name}-${sent + one}`);
      }
      await client.expectAck(`${name}-${sent + BURST}`);
      client.send("read_status", { message_ids: heardIds(client).slice(-50) });
      due.count(BURST);
    }
  } catch (error) {
    // The end of the server is the end of each connection, and no other is.
    await client.closed();
    assert.match(String(error), /closed|No ack/i);
  }
}

/** The ids of others' messages that a client has heard. */
function heardIds(client: ChatClient): number[] {
  return client.received
    .filter(({ type, message }) => type === "chat_message" && !message.is_own)
    .map(({ message }) => message.id);
}

function framesOf(client: ChatClient, type: string): Json[] {
  return client.received.filter((frame) => frame.type === type);
}

/** Fails unless a room still has all that a client was promised or told. */
function assertKept(messages: readonly Json[], client: ChatClient): void {
  const byId = new Map(messages.map((one) => [one.id, one]));
  for (const { message_id } of framesOf(client, "ack")) {
    assert(byId.has(message_id), `acknowledged message ${message_id} is gone`);
  }
  for (const { message } of framesOf(client, "chat_message")) {
    assert.equal(byId.get(message.id)?.content, message.content);
  }
  const marked = framesOf(client, "read_status_update")
    .flatMap(({ message_ids }) => message_ids);
  for (const id of marked) {
    assert.equal(byId.get(id)?.is_read, true, `read mark of ${id} is gone`);
  }
}

/** Runs what chance decides, and says in a failure how to repeat it. */
async function byChance(
  run: (random: SeededRandom) => Promise<void>,
): Promise<void> {
  const random = new SeededRandom();
  try {
    await run(random);
  } catch (error) {
    throw new Error(`With ${SEED_VARIABLE}=${random.seed}`, { cause: error });
  }
}

Deno.test("kill -9 in the middle of a chat takes back no message and no read mark", async () => {
  await byChance(killInChat);
});

async function killInChat(random: SeededRandom): Promise<void> {
  using folder = new TempFolder();
  const options = { cwd: folder.path, env: ENV };
  const acksMax = random.integer(50, 400);
  let pair: Awaited<ReturnType<typeof newPair>>;
  const clients: ChatClient[] = [];
  {
    await using server = await ServerProcess.start(options);
    pair = await newPair(server.url);
    const { ann, bob, roomId } = pair;
    clients.push(await ann.enter(roomId), await bob.enter(roomId));
    const due = new KillAfter(server, acksMax);
    await Promise.all(
      clients.map((one, index) => chatUntilDead(one, `c${index}`, due)),
    );
    await server.exited();
  }
  await using server = await ServerProcess.start(options);
  const ann = pair.ann.at(server.url);
  const { messages } = await ann.ask(`GET chat/${pair.roomId}/messages/`);
  assert(messages.length >= acksMax);
  for (const client of clients) assertKept(messages, client);
  const [annWas] = clients;
  assert(annWas);
  assert(framesOf(annWas, "read_status_update").length > 0);
  const names = messages.map(({ content }: Json) => content);
  assert.equal(new Set(names).size, names.length);
  // Who was there goes on where they were, and sends again what had no receipt.
  const query = { since: "0", epoch: annWas.welcome.epoch };
  await using back = await ann.enter(pair.roomId, { query });
  assert.equal(back.welcome.recovered, true);
  const again = await back.sayAndAck("c0 says 1", "c0-1");
  assert.deepEqual(again, framesOf(annWas, "ack")[0]);
}

Deno.test("kill -9 leaves who waits waiting, and who was matched matched", async () => {
  using folder = new TempFolder();
  const options = { cwd: folder.path };
  const users = new Map<string, ChatUser>();
  let roomId: string;
  let waiting: Json;
  {
    await using server = await ServerProcess.start(options);
    const names = ["ann", "bob", "cat", "dan", "eve", "fay"];
    const everyone = await logInAll(server.url, ...names);
    for (const user of everyone) users.set(user.userId, user);
    roomId = await matchUp(userAt("ann", server), userAt("bob", server));
    await userAt("fay", server).press();
    await userAt("fay", server).ask("POST heart_link/cancel/");
    waiting = await userAt("cat", server).press();
    const number = { number: "0815" };
    await userAt("dan", server).ask("POST number-match/", number);
    await server.killHard();
  }
  await using server = await ServerProcess.start(options);
  const [ann, bob] = [userAt("ann", server), userAt("bob", server)];
  assert.equal((await ann.press()).reconnect, true);
  const link = await bob.ask("GET heart_link/status/");
  assert.deepEqual([link.status, link.room_id], ["matched", roomId]);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  annIn.say("still us");
  await bobIn.expectChat("still us");
  const cat = userAt("cat", server);
  const pending = await cat.ask("GET heart_link/status/");
  assert.equal(pending.request_id, waiting.request_id);
  assert.equal(pending.status, "pending");
  assert.equal((await cat.api("POST heart_link/create/")).status, 400);
  assert.equal(await userAt("fay", server).linkStatus(), "cancelled");
  // Whoever comes next meets who waited.
  await using line = await cat.attend();
  await line.expectLink("pending");
  const matched = await userAt("eve", server).press();
  assert.equal(matched.matched_user, "cat");
  assert.equal((await line.expectLink("matched")).room_id, matched.room_id);
  const byNumber = await userAt("fay", server).ask("POST number-match/", {
    number: "0815",
  });
  assert.equal(byNumber.matched_user, "dan");

  function userAt(name: string, server: ServerProcess): ChatUser {
    const user = users.get(name);
    assert(user, name);
    return user.at(server.url);
  }
});

Deno.test("kill -9 while many press leaves each answer true, and nobody matched twice", async () => {
  await byChance(killInPress);
});

async function killInPress(random: SeededRandom): Promise<void> {
  using folder = new TempFolder();
  const options = { cwd: folder.path, env: ENV };
  const answersMax = random.integer(10, 70);
  let users: ChatUser[];
  const answers = new Map<string, Json>();
  {
    await using server = await ServerProcess.start(options);
    const names = Array.from({ length: 80 }, (_, index) => `user-${index}`);
    users = await logInAll(server.url, ...names);
    const due = new KillAfter(server, answersMax);
    await Promise.all(users.map(async (user) => {
      try {
        const answer = await user.press();
        answers.set(user.userId, answer);
        due.count(1);
      } catch (error) {
        // Of those who are not answered nothing was promised.
        assert(error instanceof TypeError, String(error));
      }
    }));
    await server.exited();
  }
  await using server = await ServerProcess.start(options);
  users = users.map((user) => user.at(server.url));
  for (const user of users) {
    const link = await user.ask("GET heart_link/status/");
    const answer = answers.get(user.userId);
    if (answer?.matched === true) {
      const { matched_user, room_id } = answer;
      assert.equal(link.status, "matched");
      assert.deepEqual([link.matched_user, link.room_id], [
        matched_user,
        room_id,
      ]);
    } else if (answer !== undefined) {
      assert.match(link.status, /^(pending|matched)$/);
    }
    if (link.status === "not_found") await user.press();
  }
  const partners = new Map<string, string>();
  for (const user of users) {
    // Two who both waited already are brought together within a second.
    await eventually(async () => await user.linkStatus() === "matched", {
      what: `a match of ${user.userId}`,
    });
    const link = await user.ask("GET heart_link/status/");
    partners.set(user.userId, link.matched_user);
  }
  for (const [user, partner] of partners) {
    assert.notEqual(user, partner);
    assert.equal(partners.get(partner), user);
  }
}

Deno.test("kill -9 leaves nobody online, and tells when each was seen last", async () => {
  using folder = new TempFolder();
  const options = { cwd: folder.path };
  let pair: Awaited<ReturnType<typeof newPair>>;
  {
    await using server = await ServerProcess.start(options);
    pair = await newPair(server.url);
    const inRoom = await pair.bob.enter(pair.roomId);
    const line = await pair.ann.attend();
    await eventually(() => onlineRows(folder.file("parlor.db")) === 2, {
      what: "two who are online in the database",
    });
    await server.killHard();
    await inRoom.closed();
    await line.closed();
  }
  await using server = await ServerProcess.start(options);
  assert.equal(onlineRows(folder.file("parlor.db")), 0);
  const ann = pair.ann.at(server.url);
  const path = `chat/${pair.roomId}`;
  const { online_users } = await ann.ask(`GET ${path}/online_users/`);
  for (const { is_online, last_seen, status } of online_users) {
    assert.deepEqual([is_online, status], [false, "offline"]);
    assert(Date.parse(last_seen) > 0, last_seen);
  }
  const { active_rooms } = await ann.ask("GET chat/active_rooms/");
  assert.deepEqual(active_rooms, []);
  await using line = await ann.attend();
  assert.equal(line.welcome.status, "online");
  const again = await ann.ask("GET chat/active_rooms/");
  assert.equal(again.active_room_count, 1);
});

/** How many users the database of a running server has as online. */
function onlineRows(file: string): number {
  using database = new DatabaseSync(file, { readOnly: true });
  const query = "SELECT count(*) AS count FROM presence WHERE is_online = 1";
  return Number(database.prepare(query).get()?.["count"]);
}
