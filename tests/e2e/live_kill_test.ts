import assert from "node:assert/strict";
import { type Json, LiveClient, liveUrl } from "../support/live_client.ts";
import {
  askLink,
  assertCounted,
  liveProcess,
  order,
  readLiveLog,
  ResentFeed,
  untilCounted,
  untilState,
} from "../support/live_process.ts";
import {
  type LiveUpstream,
  startLiveUpstream,
} from "../support/live_upstream.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi } from "../support/test_app.ts";

/** How often the server is killed in the flow. */
const KILLS = 5;

/** Chats of one group of messages, beside a like, a member and a gift. */
const CHATS = 7;

const WHO = { "user_id": "7001", "user_name": "小雨", "user_avatar": "" };

/**
 * Ten messages, the last of each lane a chat and a gift. Two groups are what
 * the upstream tells again, so one that was heard whole is never needed again.
 */
function groupOf(name: string): { readonly id: string }[] {
  const chats = Array.from({ length: CHATS }, (_, index) => ({
    type: "chat",
    id: `${name}-${index}`,
    ...WHO,
    content: `${name}-${index}`,
  }));
  return [
    { type: "like", id: `${name}-like`, ...WHO, count: 3 } as { id: string },
    { type: "member", id: `${name}-member`, ...WHO } as { id: string },
    {
      type: "gift",
      id: `${name}-gift`,
      ...WHO,
      "gift_name": "玫瑰",
      "gift_count": 2,
    } as { id: string },
    ...chats,
  ];
}

/** One live room over all lives of a server: its feed and who watches it. */
class FlowingRoom {
  readonly liveId: string;
  readonly feed: ResentFeed;
  /** Chats and gifts that viewers heard, over all connections. */
  readonly heard: Json[] = [];
  #groups = 0;
  #sinceSeq = 0;
  #epoch: string | undefined;
  #viewer: LiveClient | undefined;

  constructor(upstream: LiveUpstream, liveId: string) {
    this.liveId = liveId;
    this.feed = new ResentFeed(upstream, liveId);
  }

  /** Watches from where the last life of the server ended. */
  async watch(server: string): Promise<void> {
    const query = this.#epoch === undefined
      ? undefined
      : { since: `${this.#sinceSeq}`, epoch: this.#epoch };
    const url = liveUrl(server, this.liveId, query && { query });
    const viewer = await LiveClient.open(url);
    const { epoch, last_seq: lastSeq, messages, recovered } = viewer.snapshot;
    if (this.#epoch !== undefined) {
      assert.deepEqual([epoch, recovered, messages], [this.#epoch, true, []]);
      assert(lastSeq >= this.#sinceSeq, "numbers go back");
    }
    this.#epoch = epoch;
    this.#viewer = viewer;
  }

  /** Says a group, and waits until it is heard whole. */
  async flow(): Promise<void> {
    const name = this.#nextGroup();
    await this.#viewer?.expectChat(`${name}-${CHATS - 1}`);
    await this.#viewer?.expect(
      ({ data }) => data?.id === `${name}-gift`,
      `${name}-gift`,
    );
  }

  /** Says a group, of which the server is killed at some chat. */
  async flowUntil(chatIndex: number): Promise<void> {
    const name = this.#nextGroup();
    await this.#viewer?.expectChat(`${name}-${chatIndex}`);
  }

  /** The server was killed: what was heard until then is noted. */
  async broken(): Promise<void> {
    const viewer = this.#viewer;
    assert(viewer);
    await viewer.close();
    for (const message of viewer.messages) {
      this.#sinceSeq = Math.max(this.#sinceSeq, message.seq);
      const { type } = message.data;
      if (type === "chat" || type === "gift") this.heard.push(message);
    }
  }

  #nextGroup(): string {
    const name = `${this.liveId}-${++this.#groups}`;
    for (const message of groupOf(name)) this.feed.say(message);
    return name;
  }
}

/** Asserts that a room's log has all that was said once, and viewers too. */
async function assertWhole(server: string, room: FlowingRoom): Promise<void> {
  const log = await readLiveLog(server, room.liveId);
  const ids = log.map(({ data }) => data.id);
  const said = room.feed.said.map(({ id }) => id);
  assert.deepEqual(ids.toSorted(), said.toSorted());
  const lanes = (list: readonly Json[], type: string) =>
    list.filter(({ data }) => data.type === type).map(({ data }) => data.id);
  for (const type of ["chat", "gift"]) {
    const wanted = lanes(log, type);
    assert.deepEqual(wanted, said.filter((id) => wanted.includes(id)));
    assert.deepEqual(lanes(room.heard, type), wanted);
  }
  const bySeq = new Map(log.map((entry) => [entry.seq, entry.data.id]));
  for (const { seq, data } of room.heard) {
    assert.equal(bySeq.get(seq), data.id);
  }
  assertCounted(await askLink(server, room.liveId), log);
}

async function killInFlow(random: SeededRandom): Promise<void> {
  using folder = new TempFolder();
  await using upstream = startLiveUpstream();
  const env = { WS_BATCH_SIZE: "25", WS_FLUSH_INTERVAL: "1" };
  const options = liveProcess(folder.path, upstream, { env });
  const rooms = ["one", "two"].map((id) => new FlowingRoom(upstream, id));
  const roomIds = new Set<string>();
  for (let life = 0; life <= KILLS; life++) {
    await using server = await ServerProcess.start(options);
    const { url } = server;
    await Promise.all(rooms.map(async (room) => {
      if (life === 0) await order(url, "start", room.liveId);
      await room.feed.connected();
      roomIds.add((await untilState(url, room.liveId, "live")).room_id);
      await room.watch(url);
    }));
    const groups = random.integer(1, 6);
    for (let group = 0; group < groups; group++) {
      await Promise.all(rooms.map((room) => room.flow()));
    }
    if (life < KILLS) {
      const indexes = rooms.map(() => random.integer(0, CHATS - 1));
      const flows = rooms.map((room, index) =>
        room.flowUntil(indexes[index] ?? 0)
      );
      await Promise.race(flows);
      server.kill("SIGKILL");
      await Promise.allSettled(flows);
      await server.exited();
    }
    for (const room of rooms) await room.broken();
    if (life < KILLS) continue;
    for (const room of rooms) await assertWhole(url, room);
    await server.stop();
  }
  assert.equal(roomIds.size, 2, "a live room has another room");
}

Deno.test(`A server killed ${KILLS} times in the flow of live rooms has each message once, goes on counting, and viewers resume`, async () => {
  const random = new SeededRandom();
  try {
    await killInFlow(random);
  } catch (error) {
    throw new Error(`With ${SEED_VARIABLE}=${random.seed}`, { cause: error });
  }
});

Deno.test("Links come back after kill -9 as they were: live, waiting, over and stopped", async () => {
  using folder = new TempFolder();
  await using upstream = startLiveUpstream();
  const options = liveProcess(folder.path, upstream);
  const before = new Map<string, Json>();
  {
    await using server = await ServerProcess.start(options);
    const { url } = server;
    for (const liveId of ["live-1", "live-2", "waits", "over", "stopped"]) {
      await order(url, "start", liveId);
      const connection = await upstream.connection(liveId);
      for (const message of groupOf(liveId)) connection.send(message);
      await untilCounted(url, liveId, 10);
    }
    upstream.send("over", { type: "control", id: "end", status: "ended" });
    await untilState(url, "over", "ended");
    upstream.misbehave({ kind: "refuse", status: 503 }, { liveId: "waits" });
    upstream.connections("waits").at(-1)?.drop();
    const waiting = await untilState(url, "waits", "waiting");
    assert.equal(waiting.wanted, true);
    await order(url, "stop", "stopped");
    for (const liveId of ["live-1", "live-2", "waits", "over", "stopped"]) {
      before.set(liveId, await askLink(url, liveId));
    }
    await server.killHard();
  }
  const tried = upstream.triedCount("waits");
  await using server = await ServerProcess.start(options);
  const { url } = server;
  for (const liveId of ["live-1", "live-2"]) {
    await upstream.connection(liveId);
    const link = await untilState(url, liveId, "live");
    const known = before.get(liveId);
    for (const field of ["room_id", "epoch", "last_seq", "stats", "added_at"]) {
      assert.deepEqual(link[field], known[field], `${field} of ${liveId}`);
    }
    assertCounted(link, await readLiveLog(url, liveId));
  }
  await upstream.tried("waits", tried + 1);
  const refused = await untilState(url, "waits", "waiting");
  assert.deepEqual(
    [refused.wanted, refused.room_id],
    [true, before.get("waits").room_id],
  );
  upstream.behave();
  await untilState(url, "waits", "live");
  for (const [liveId, state] of [["over", "ended"], ["stopped", "stopped"]]) {
    assert(liveId !== undefined);
    const link = await askLink(url, liveId);
    assert.deepEqual([link.state, link.wanted], [state, false]);
    assert.equal(upstream.triedCount(liveId), 1);
    const known = before.get(liveId);
    assert.equal(link.room_id, known.room_id);
    for (const name of ["chats", "gifts", "likes", "members"]) {
      assert.equal(link.stats[name], known.stats[name], `${name} of ${liveId}`);
    }
  }
  const { body } = await askApi(url, "GET /api/live/status");
  assert.deepEqual(body.active_rooms.toSorted(), [
    "live-1",
    "live-2",
    "over",
    "waits",
  ]);
  await server.stop();
});

Deno.test("A server that finds another at its database leaves that one's links alone", async () => {
  using folder = new TempFolder();
  await using upstream = startLiveUpstream();
  const options = liveProcess(folder.path, upstream);
  await using server = await ServerProcess.start(options);
  await order(server.url, "start", "77");
  await upstream.connection("77");
  await untilState(server.url, "77", "live");
  await using second = new ServerProcess(options);
  const { code } = await second.exited();
  assert.equal(code, 1, second.lines.join("\n"));
  assert.deepEqual(
    [upstream.triedCount("77"), upstream.openCount("77")],
    [1, 1],
  );
  await server.stop();
});
