import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DeviceClient, type Json, sensor } from "../support/device_client.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";

const DEVICES = 5;

/** How often the server is killed. */
const KILLS = 5;

/** Messages that a device has under way at a time. */
const BURST = 12;

/** Batches so small that a kill often falls into one. */
const ENV = { WS_BATCH_SIZE: "25", WS_FLUSH_INTERVAL: "1" };

/** One message as the database has it. */
interface StoredMessage {
  readonly id: string;
  readonly from: string;
  readonly content: string | Uint8Array;
}

/** Kills a server once so much was acknowledged. */
class KillAfter {
  readonly #server: ServerProcess;
  #left: number;

  constructor(server: ServerProcess, receipts: number) {
    this.#server = server;
    this.#left = receipts;
  }

  count(receipts: number): void {
    const isBefore = this.#left > 0;
    this.#left -= receipts;
    if (isBefore && this.#left <= 0) this.#server.kill("SIGKILL");
  }
}

/** Sends texts and bytes in bursts until the server is dead. */
async function sendUntilDead(
  client: DeviceClient,
  name: string,
  due: KillAfter,
): Promise<void> {
  try {
    for (let sent = 0;; sent += BURST) {
      for (let one = 1; one <= BURST; one++) {
        client.sendJson({ "client_msg_id": `${name}-${sent + one}` });
      }
      client.sendBinary(new TextEncoder().encode(`${name}+${sent}`));
      await client.expectAck(`${name}-${sent + BURST}`);
      due.count(BURST);
    }
  } catch (error) {
    // The end of the server is the end of each connection, and no other is.
    await client.closed();
    assert.match(String(error), /closed|No ack/i);
  }
}

/** Every message of the database, in the order of each room's log. */
function storedMessages(file: string): StoredMessage[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const query =
    `SELECT device_messages.id AS id, from_device_id, message_content
    FROM device_messages JOIN log_entry ON log_entry.id = device_messages.id
    ORDER BY log_entry.seq`;
  return database.prepare(query).all().map((row) => {
    const content = row["message_content"];
    assert(typeof content === "string" || content instanceof Uint8Array);
    return { id: `${row["id"]}`, from: `${row["from_device_id"]}`, content };
  });
}

/** Frames of a type that a device was sent. */
function framesOf(client: DeviceClient, type: string): Json[] {
  return client.received.flatMap((one) =>
    "text" in one && one.json?.type === type ? [one.json] : []
  );
}

/** Asserts that all which a device was promised or told is there once. */
function assertKept(
  stored: readonly StoredMessage[],
  client: DeviceClient,
): number {
  const byId = new Map<string, StoredMessage>();
  for (const message of stored) {
    assert(!byId.has(message.id), `${message.id} is there twice`);
    byId.set(message.id, message);
  }
  const receipts = framesOf(client, "ack");
  for (const { id, client_msg_id: name } of receipts) {
    const content = byId.get(id)?.content;
    assert.equal(content, `{"client_msg_id":"${name}"}`, `lost: ${name}`);
  }
  for (const { id, from_device_id: from } of framesOf(client, "message")) {
    assert.equal(byId.get(id)?.from, from, `heard and lost: ${id}`);
  }
  return receipts.length;
}

/** Asserts that no message was accepted twice. */
function assertOnce(stored: readonly StoredMessage[]): void {
  const texts = stored.map(({ content }) =>
    typeof content === "string" ? content : new TextDecoder().decode(content)
  );
  assert.equal(new Set(texts).size, texts.length, "a message is there twice");
}

async function killInTraffic(random: SeededRandom): Promise<void> {
  using folder = new TempFolder();
  const options = { cwd: folder.path, env: ENV };
  const query = { ack: "true", envelope: "true" };
  const everyone: DeviceClient[] = [];
  let roomId: string | undefined;
  for (let kill = 1; kill <= KILLS; kill++) {
    await using server = await ServerProcess.start(options);
    const { url } = server;
    const host = await DeviceClient.enter(url, sensor("d0", roomId), query);
    roomId ??= host.roomId;
    assert.equal(host.roomId, roomId);
    const others = await Promise.all(
      Array.from({ length: DEVICES - 1 }, (_, index) => {
        const identity = sensor(`d${index + 1}`, roomId);
        return DeviceClient.enter(url, identity, query);
      }),
    );
    const clients = [host, ...others];
    everyone.push(...clients);
    const due = new KillAfter(server, random.integer(1, 600));
    await Promise.all(
      clients.map((client, index) =>
        sendUntilDead(client, `k${kill}-d${index}`, due)
      ),
    );
    await server.exited();
  }
  {
    await using server = await ServerProcess.start(options);
    await server.stop();
  }
  const stored = storedMessages(folder.file("parlor.db"));
  assertOnce(stored);
  let receipts = 0;
  for (const client of everyone) receipts += assertKept(stored, client);
  assert(receipts >= KILLS, `only ${receipts} were acknowledged`);
}

Deno.test(`A server killed ${KILLS} times in the traffic of ${DEVICES} devices has every message that it acknowledged, once`, async () => {
  const random = new SeededRandom();
  try {
    await killInTraffic(random);
  } catch (error) {
    throw new Error(`With ${SEED_VARIABLE}=${random.seed}`, { cause: error });
  }
});

Deno.test("A message sent again after kill -9 gets the receipt of before, and is there once", async () => {
  using folder = new TempFolder();
  const options = { cwd: folder.path };
  const query = { ack: "true" };
  const text = '{"client_msg_id":"m-1","n":1}';
  let receipt: Json;
  {
    await using server = await ServerProcess.start(options);
    const one = await DeviceClient.enter(server.url, sensor("1"), query);
    one.sendText(text);
    receipt = await one.expectAck("m-1");
    assert.equal(receipt.durability, "journal");
    await server.killHard();
    await one.closed();
  }
  await using server = await ServerProcess.start(options);
  await using one = await DeviceClient.enter(server.url, sensor("1"), query);
  one.sendText(text);
  assert.deepEqual(await one.expectAck("m-1"), receipt);
  one.sendText('{"client_msg_id":"m-2"}');
  assert.equal((await one.expectAck("m-2")).seq, 2);
  await one.close();
  await server.stop();
  const stored = storedMessages(folder.file("parlor.db"));
  assert.deepEqual(stored.map(({ content }) => content), [
    text,
    '{"client_msg_id":"m-2"}',
  ]);
});
