import assert from "node:assert/strict";
import { ChatNews } from "../src/chat_news.ts";
import type { PresenceFacts } from "../src/wire/presence.ts";
import type { PushFrame } from "../src/wire/presence_frame.ts";
import type { ChatSpec } from "../src/wire/record.ts";
import { FakeClock, settle } from "./support/fake_clock.ts";
import { RecordingLog } from "./support/recording_log.ts";

/** A private room for some users, by their names. */
function roomFor(
  ...userIds: string[]
): { readonly id: string; readonly chat: ChatSpec } {
  const participants = userIds.map((userId) => ({ userId, nickname: userId }));
  const isWaiting = userIds.length < 2;
  const chat = { access: "participants", participants, isWaiting } as const;
  return { id: userIds.join("+"), chat };
}

/** A clock that a test moves while work is done. */
class WorkClock extends FakeClock {
  workedMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.workedMs;
  }
}

class World implements Disposable {
  readonly clock = new WorkClock();
  readonly log = new RecordingLog();
  /** Who is connected where things are pushed. */
  readonly listening = new Set<string>();
  readonly rooms: { readonly id: string; readonly chat: ChatSpec | null }[] =
    [];
  /** Where users are, by id. */
  readonly places = new Map<string, string>();
  /** How long a look at a user's rooms takes, and a push, in ms. */
  costMs = 0;
  /** How long it went on without a yield, each time, in ms. */
  readonly slicesMs: number[] = [];
  #sliceAt = 0;
  /** Whom the facts were asked of, once for each time. */
  readonly asked: (readonly string[])[] = [];
  /** Users of whom nothing is known. */
  readonly unknown = new Set<string>();
  readonly pushed: { readonly to: string; readonly frame: PushFrame }[] = [];
  failure: Error | undefined;
  readonly news: ChatNews;

  constructor() {
    this.news = new ChatNews({
      clock: this.clock,
      log: this.log,
      yield: (next) => {
        this.endSlice();
        queueMicrotask(next);
      },
      roomsOf: (userId) => {
        this.clock.workedMs += this.costMs;
        return this.rooms
          .filter(({ chat }) =>
            chat?.participants.some((one) => one.userId === userId)
          )
          .map((facts) => ({ id: facts.id, facts: () => facts }));
      },
      factsOf: (userIds) => this.#factsOf(userIds),
      hub: {
        isListening: (userId) => this.listening.has(userId),
        push: (to, frame) => {
          this.clock.workedMs += this.costMs;
          return this.pushed.push({ to, frame });
        },
      },
    });
  }

  /** What was pushed, each as `user type` and the users that it names. */
  takeWords(): string[] {
    return this.pushed.splice(0).map(({ to, frame }) => {
      const names = frame.type === "presence_update"
        ? ` ${frame.users.map(({ userId }) => userId).join("+")}`
        : "";
      return `${to} ${frame.type}${names}`;
    }).sort();
  }

  /** Notes how long work went on since the last yield. */
  endSlice(): void {
    this.slicesMs.push(this.clock.workedMs - this.#sliceAt);
    this.#sliceAt = this.clock.workedMs;
  }

  [Symbol.dispose](): void {
    this.news[Symbol.dispose]();
  }

  // deno-lint-ignore require-await -- a refusal is a rejection.
  async #factsOf(userIds: readonly string[]): Promise<PresenceFacts[]> {
    this.asked.push(userIds);
    if (this.failure !== undefined) throw this.failure;
    return userIds.filter((userId) => !this.unknown.has(userId)).map(
      (userId) => ({
        userId,
        nickname: userId,
        status: "online",
        isOnline: true,
        lastSeenAt: 0,
        roomId: this.places.get(userId) ?? null,
      }),
    );
  }
}

Deno.test("ChatNews tells the participants of a room that changed, if they listen", async () => {
  using world = new World();
  world.listening.add("ann").add("eve");
  world.news.roomChanged(roomFor("ann", "bob"));
  await world.clock.advance(0);
  assert.deepEqual(world.takeWords(), ["ann active_rooms_changed"]);
});

Deno.test("ChatNews tells nobody of a room that is no chat room", async () => {
  using world = new World();
  world.listening.add("ann");
  world.news.roomChanged({ chat: null });
  await world.clock.advance(1000);
  assert.deepEqual(world.takeWords(), []);
  assert.equal(world.clock.armed, 0);
});

Deno.test("ChatNews tells of many changes of rooms once a second", async () => {
  using world = new World();
  world.listening.add("ann").add("bob");
  world.news.roomChanged(roomFor("ann", "bob"));
  await world.clock.advance(0);
  world.takeWords();
  for (let change = 0; change < 10; change++) {
    world.news.roomChanged(roomFor("ann", `b${change}`));
  }
  await world.clock.advance(999);
  assert.deepEqual(world.takeWords(), []);
  await world.clock.advance(1);
  assert.deepEqual(world.takeWords(), ["ann active_rooms_changed"]);
});

Deno.test("ChatNews tells users of themselves and of those they share a room with", async () => {
  using world = new World();
  world.rooms.push(roomFor("ann", "bob"), roomFor("ann", "cat"));
  world.rooms.push(roomFor("bob", "dan"), { id: "m", chat: null });
  for (const userId of ["ann", "bob", "dan", "eve"]) {
    world.listening.add(userId);
  }
  world.news.presenceChanged(["ann"]);
  await settle();
  assert.deepEqual(world.takeWords(), [
    "ann presence_update ann",
    "bob presence_update ann",
  ]);
});

Deno.test("ChatNews tells each reader of all who changed in one frame, asked for once", async () => {
  using world = new World();
  world.rooms.push(roomFor("ann", "bob"), roomFor("ann", "cat"));
  // Two rooms with the same person tell of them once.
  world.rooms.push(roomFor("bob", "ann"));
  world.listening.add("ann");
  world.news.presenceChanged(["bob", "cat", "zoe"]);
  await settle();
  assert.deepEqual(world.takeWords(), ["ann presence_update bob+cat"]);
  assert.deepEqual(world.asked, [["bob", "cat"]]);
});

Deno.test("ChatNews asks for nobody when nobody listens", async () => {
  using world = new World();
  world.rooms.push(roomFor("ann", "bob"));
  world.news.presenceChanged(["ann", "bob"]);
  await settle();
  assert.deepEqual([world.asked, world.takeWords()], [[], []]);
});

Deno.test("ChatNews leaves out users of whom nothing is known", async () => {
  using world = new World();
  world.rooms.push(roomFor("ann", "bob"), roomFor("ann", "cat"));
  world.listening.add("ann");
  world.unknown.add("bob");
  world.news.presenceChanged(["bob", "cat"]);
  await settle();
  assert.deepEqual(world.takeWords(), ["ann presence_update cat"]);
});

Deno.test("ChatNews goes on when the database cannot say how users are", async () => {
  using world = new World();
  world.listening.add("ann");
  world.failure = new Error("the disk is gone");
  world.news.presenceChanged(["ann"]);
  await settle();
  const [line] = world.log.lines;
  assert.equal(line?.fields["event"], "presence_news_failed");
  assert.deepEqual(world.takeWords(), []);
  world.failure = undefined;
  world.news.presenceChanged(["ann"]);
  await settle();
  assert.deepEqual(world.takeWords(), ["ann presence_update ann"]);
});

Deno.test("ChatNews tells no more of rooms once it is disposed of", async () => {
  const world = new World();
  world.listening.add("ann");
  world.news.roomChanged(roomFor("ann"));
  world[Symbol.dispose]();
  world.news.roomChanged(roomFor("ann"));
  await world.clock.advance(1000);
  assert.deepEqual(world.takeWords(), []);
  assert.equal(world.clock.armed, 0);
});

Deno.test("ChatNews tells where others are only to those who take part there", async () => {
  using world = new World();
  world.rooms.push(roomFor("ann", "bob"), roomFor("cat", "bob"));
  world.listening.add("ann").add("bob").add("cat");
  function roomsTold(): string[] {
    return world.pushed.splice(0).map(({ to, frame }) => {
      assert(frame.type === "presence_update");
      return `${to} ${frame.users.map(({ roomId }) => roomId).join()}`;
    }).sort();
  }
  world.places.set("bob", "cat+bob");
  world.news.presenceChanged(["bob"]);
  await settle();
  assert.deepEqual(roomsTold(), ["ann ", "bob cat+bob", "cat cat+bob"]);
  world.places.set("bob", "general");
  world.news.presenceChanged(["bob"]);
  await settle();
  assert.deepEqual(roomsTold(), ["ann ", "bob general", "cat "]);
});

Deno.test("ChatNews tells much news in slices of 4 ms at most", async () => {
  using world = new World();
  const userIds = Array.from({ length: 1001 }, (_, index) => `u${index}`);
  for (const userId of userIds) world.listening.add(userId);
  world.costMs = 1;
  await world.news.presenceChanged(userIds);
  world.endSlice();
  assert.equal(world.pushed.length, 1001);
  assert.equal(world.clock.workedMs, 2002);
  assert(Math.max(...world.slicesMs) <= 4, `${Math.max(...world.slicesMs)}`);
  assert.deepEqual(world.asked.map(({ length }) => length), [500, 500, 1]);
});

Deno.test("ChatNews tells many users of their rooms in slices too", async () => {
  using world = new World();
  const userIds = Array.from({ length: 100 }, (_, index) => `u${index}`);
  for (const userId of userIds) world.listening.add(userId);
  world.costMs = 1;
  for (const userId of userIds) world.news.roomChanged(roomFor(userId));
  await world.clock.advance(0);
  await settle();
  world.endSlice();
  assert.equal(world.pushed.length, 100);
  assert(Math.max(...world.slicesMs) <= 4, `${Math.max(...world.slicesMs)}`);
});

Deno.test("ChatNews leaves the rest when it is disposed of", async () => {
  const world = new World();
  const userIds = Array.from({ length: 1001 }, (_, index) => `u${index}`);
  for (const userId of userIds) world.listening.add(userId);
  world.costMs = 1;
  const telling = world.news.presenceChanged(userIds);
  world[Symbol.dispose]();
  await telling;
  assert.deepEqual([world.pushed, world.asked], [[], []]);
  assert(world.clock.workedMs < 10);
});
