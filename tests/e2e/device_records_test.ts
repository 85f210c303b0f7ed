import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DeviceClient, sensor } from "../support/device_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

/** Rows of a query, as plain objects. */
function rowsOf(file: string, query: string): Record<string, unknown>[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return database.prepare(query).all().map((row) => ({ ...row }));
}

/** Has all that was accepted written. */
async function flush(app: TestApp): Promise<void> {
  await app.idle();
  const { status } = await app.api("POST /management/flush");
  assert.equal(status, 200);
}

/** Instants of the tests' day, as a view tells them. */
function atSecond(second: number): string {
  return `2026-01-01 00:00:${String(second).padStart(2, "0")}`;
}

/** Columns of the reference's tables, without ids that are not its own. */
const MESSAGES = `SELECT from_device_id, to_device_id, room_id,
  message_content, sent_at, message_type FROM messages ORDER BY id`;

Deno.test("messages has a row for each connection that a message went to, and device_messages one for each message", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using app = await newTestApp({ DATABASE_URL: `sqlite:${file}` });
  const one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  // Nobody hears it: it is kept, and went to no one.
  one.sendText('{"alone": 1.0}');
  await one.query();
  const two = await DeviceClient.enter(app.url, sensor("2", roomId));
  const again = await DeviceClient.enter(app.url, sensor("2", roomId));
  const three = await DeviceClient.enter(app.url, sensor("3", roomId));
  const elsewhere = await DeviceClient.enter(app.url, sensor("4"));
  await app.clock.advance(1000);
  const odd = ' {"b":12345678901234567890,"a":1,"a":"\\u00e9"}';
  one.sendText(odd);
  await one.query();
  await app.clock.advance(1000);
  const direct = '{"target_device_id":"2"}';
  three.sendText(direct);
  await three.query();
  await app.clock.advance(1000);
  two.sendBinary(Uint8Array.of(0, 1, 255));
  await two.query();
  await three.close();
  await app.expectConnections(4);
  await app.clock.advance(1000);
  one.sendText("[4]");
  await one.query();
  await flush(app);
  const bytes = Uint8Array.of(0, 1, 255);
  const wanted = [
    ["1", "2", odd, 1, "broadcast"],
    ["1", "2", odd, 1, "broadcast"],
    ["1", "3", odd, 1, "broadcast"],
    ["3", "2", direct, 2, "direct"],
    ["3", "2", direct, 2, "direct"],
    ["2", "1", bytes, 3, "broadcast"],
    ["2", "2", bytes, 3, "broadcast"],
    ["2", "3", bytes, 3, "broadcast"],
    ["1", "2", "[4]", 4, "broadcast"],
    ["1", "2", "[4]", 4, "broadcast"],
  ] as const;
  assert.deepEqual(
    rowsOf(file, MESSAGES),
    wanted.map(([from, to, content, second, type]) => ({
      "from_device_id": from,
      "to_device_id": to,
      "room_id": roomId,
      "message_content": content,
      "sent_at": atSecond(second),
      "message_type": type,
    })),
  );
  const each = rowsOf(
    file,
    `SELECT from_device_id, to_device_id, typeof(message_content) AS form,
      length(message_content) AS length, message_type, recipients
      FROM device_messages ORDER BY sent_at`,
  );
  assert.deepEqual(each.map((row) => Object.values(row)), [
    ["1", null, "text", 14, "broadcast", 0],
    ["1", null, "text", odd.length, "broadcast", 3],
    ["3", "2", "text", direct.length, "direct", 2],
    ["2", null, "blob", 3, "broadcast", 3],
    ["1", null, "text", 3, "broadcast", 2],
  ]);
  const ids = rowsOf(file, "SELECT DISTINCT CAST(id AS TEXT) FROM messages");
  assert.equal(ids.length, wanted.length);
  for (const client of [one, two, again, elsewhere]) await client.close();
});

Deno.test("rooms, devices, connections and room_queries tell who was where, when, and who asked", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using app = await newTestApp({ DATABASE_URL: `sqlite:${file}` });
  const managedId = await app.createRoom();
  await app.clock.advance(1000);
  const one = await DeviceClient.enter(app.url, sensor("1"));
  const { roomId } = one;
  await app.clock.advance(1000);
  const two = await DeviceClient.enter(app.url, {
    "device_id": "2",
    identity: "téléphone",
    "room_id": roomId,
  });
  await two.query();
  await app.clock.advance(1000);
  await two.close();
  await app.expectConnections(1);
  await app.idle();
  await app.clock.advance(1000);
  const back = await DeviceClient.enter(app.url, sensor("2"));
  await one.query();
  await flush(app);
  assert.deepEqual(
    rowsOf(file, "SELECT room_id, created_at FROM rooms ORDER BY created_at"),
    [
      // A script of the other reference server reads seconds.
      { "room_id": managedId, "created_at": Date.UTC(2026, 0, 1) / 1000 },
      { "room_id": roomId, "created_at": atSecond(1) },
    ],
  );
  const devices = "SELECT * FROM devices ORDER BY device_id";
  assert.deepEqual(rowsOf(file, devices), [
    {
      "device_id": "1",
      "first_connected_at": atSecond(1),
      "last_connected_at": atSecond(1),
      "last_room_id": roomId,
      "last_identity": "sensor",
    },
    {
      "device_id": "2",
      "first_connected_at": atSecond(2),
      "last_connected_at": atSecond(4),
      "last_room_id": roomId,
      "last_identity": "sensor",
    },
  ]);
  assert.deepEqual(
    rowsOf(file, "SELECT * FROM connections ORDER BY id").map((
      { id: _, ...row },
    ) => Object.values(row)),
    [
      ["1", roomId, "sensor", atSecond(1), null, "127.0.0.1"],
      ["2", roomId, "téléphone", atSecond(2), atSecond(3), "127.0.0.1"],
      ["2", roomId, "sensor", atSecond(4), null, "127.0.0.1"],
    ],
  );
  assert.deepEqual(
    rowsOf(file, "SELECT * FROM room_queries ORDER BY id").map((
      { id: _, ...row },
    ) => Object.values(row)),
    [
      ["2", roomId, atSecond(2)],
      ["1", roomId, atSecond(4)],
    ],
  );
  for (const client of [one, back]) await client.close();
});

Deno.test("Throughput and the share of devices online come out of the views as of the reference's tables", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using app = await newTestApp({ DATABASE_URL: `sqlite:${file}` });
  await using one = await DeviceClient.enter(app.url, sensor("1"));
  await using _two = await DeviceClient.enter(
    app.url,
    sensor("2", one.roomId),
  );
  const gone = await DeviceClient.enter(app.url, sensor("3", one.roomId));
  await gone.close();
  await app.expectConnections(2);
  for (let second = 1; second <= 3; second++) {
    await app.clock.advance(1000);
    for (let sent = 0; sent < second; sent++) one.sendText("{}");
    await one.query();
  }
  await flush(app);
  assert.deepEqual(
    rowsOf(
      file,
      `SELECT sent_at, COUNT(*) AS sent FROM messages
        GROUP BY sent_at ORDER BY sent_at`,
    ).map((row) => Object.values(row)),
    [[atSecond(1), 1], [atSecond(2), 2], [atSecond(3), 3]],
  );
  const [share] = rowsOf(
    file,
    `SELECT COUNT(DISTINCT CASE WHEN disconnected_at IS NULL
        THEN device_id END) AS online,
      COUNT(DISTINCT device_id) AS known FROM connections`,
  );
  assert.deepEqual(share, { online: 2, known: 3 });
});

Deno.test("A stop and a kill -9 leave no connection open in the records", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  const options = { cwd: folder.path };
  const query = `SELECT device_id, disconnected_at IS NULL AS is_open
    FROM connections ORDER BY id`;
  {
    await using server = await ServerProcess.start(options);
    const one = await DeviceClient.enter(server.url, sensor("1"));
    server.kill("SIGTERM");
    await one.expectClosed(4001);
    assert.equal((await server.exited()).code, 0);
  }
  assert.deepEqual(rowsOf(file, query).map((row) => Object.values(row)), [
    ["1", 0],
  ]);
  {
    await using server = await ServerProcess.start(options);
    const two = await DeviceClient.enter(server.url, sensor("2"));
    const three = await DeviceClient.enter(
      server.url,
      sensor("3", two.roomId),
    );
    await server.killHard();
    for (const client of [two, three]) await client.closed();
  }
  await using server = await ServerProcess.start(options);
  assert.deepEqual(rowsOf(file, query).map((row) => Object.values(row)), [
    ["1", 0],
    ["2", 0],
    ["3", 0],
  ]);
  await server.stop();
});

Deno.test("Whoever comes and goes in the middle of traffic has a row for what it heard, from the first to the last", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using app = await newTestApp({ DATABASE_URL: `sqlite:${file}` });
  await using sender = await DeviceClient.enter(app.url, sensor("sender"));
  const { roomId } = sender;
  const heard = new Map<string, number[]>();
  async function visit(name: string): Promise<void> {
    const identity = sensor(name, roomId);
    const query = { envelope: "true" };
    const client = await DeviceClient.enter(app.url, identity, query);
    for (let count = 0; count < 5; count++) await client.expectFrame("message");
    await client.close();
    const seqs = client.received.flatMap((one) =>
      "text" in one && one.json.type === "message" ? [one.json.seq] : []
    );
    heard.set(name, seqs);
  }
  let areVisiting = true;
  async function talk(): Promise<void> {
    for (let number = 0; areVisiting; number++) {
      for (let one = 0; one < 7; one++) sender.sendText(`${number}`);
      await sender.query();
    }
  }
  const talking = talk();
  const visits = [1, 2, 3, 4].map(async (device) => {
    for (let number = 0; number < 6; number++) {
      await visit(`d${device}-${number}`);
    }
  });
  await Promise.all(visits);
  areVisiting = false;
  await talking;
  await app.expectConnections(1);
  await flush(app);
  assert.equal(heard.size, 24);
  for (const [name, seqs] of heard) {
    const rows = rowsOf(
      file,
      `SELECT id >> 30 AS seq FROM messages
        WHERE to_device_id = '${name}' ORDER BY id`,
    ).map(({ seq }) => Number(seq));
    assert(seqs.length >= 5);
    // What was on its way when it hung up was sent to it all the same.
    assert.deepEqual(rows.slice(0, seqs.length), seqs, name);
  }
});
