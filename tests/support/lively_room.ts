/**
 * What goes on in a live room that is made up: a handful of people who talk,
 * like and give, as long as somebody asks what came next.
 *
 * @module
 */

import { SeededRandom } from "./seeded_random.ts";

/** A message in a shape of COMPAT 4.3, with an id. */
export type LivelyMessage = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly id: string;
};

const PEOPLE = [
  "小雨",
  "Alice",
  "老王",
  "Ben",
  "星星点灯",
  "Chloé",
  "夜猫子",
  "Diego",
] as const;

const SAYINGS = [
  "主播好!",
  "Hello from Lisbon",
  "这首歌叫什么?",
  "What a view 🌅",
  "来晚了,错过什么了吗",
  "First time here",
  "哈哈哈哈",
  "Sound is perfect today",
  "求再唱一遍",
  "Who wrote this?",
] as const;

const GIFTS = ["小心心", "玫瑰", "Rocket", "Balloon"] as const;

/** Of so many messages one is about the audience. */
const STATS_EVERY = 20;

/** Most gifts of one combo. */
const COMBO_MAX = 10;

/** A room's course; its ids go on over all connections to it. */
export class LivelyRoom {
  readonly #idStart: string;
  readonly #random: SeededRandom;
  readonly #now: () => number;
  #count = 0;
  #visits = 1200;
  #combo: { name: string; gift: string; count: number } | undefined;

  /** @param idStart what the ids of its messages begin with. */
  constructor(
    idStart: string,
    { seed, now }: { seed: number; now: () => number },
  ) {
    this.#idStart = idStart;
    this.#random = new SeededRandom(seed);
    this.#now = now;
  }

  /** Messages so far. */
  get count(): number {
    return this.#count;
  }

  /** What comes next. */
  next(): LivelyMessage {
    this.#count++;
    const fields = this.#fields();
    return {
      ...fields,
      id: `${this.#idStart}-${this.#count}`,
      timestamp: this.#now() / 1000,
    };
  }

  #fields(): { type: string } & Record<string, unknown> {
    if (this.#count % STATS_EVERY === 1) return this.#stats();
    if (this.#combo !== undefined) return this.#gift(this.#combo);
    const name = this.#one(PEOPLE);
    const user = this.#user(name);
    const chance = this.#random.fraction();
    if (chance < 0.5) {
      return { type: "chat", ...user, content: this.#one(SAYINGS) };
    }
    if (chance < 0.75) {
      return { type: "like", ...user, count: this.#random.integer(1, 12) };
    }
    if (chance < 0.9) {
      this.#visits++;
      const gender = this.#one(["女", "男", "未知"]);
      return { type: "member", ...user, gender };
    }
    if (chance < 0.94) return { type: "follow", ...user };
    return this.#gift({ name, gift: this.#one(GIFTS), count: 0 });
  }

  /** One more of a combo, which goes on until chance ends it. */
  #gift(combo: { name: string; gift: string; count: number }) {
    combo.count++;
    const isOver = combo.count === COMBO_MAX || this.#random.fraction() < 0.4;
    this.#combo = isOver ? undefined : combo;
    return {
      type: "gift",
      ...this.#user(combo.name),
      gift_name: combo.gift,
      gift_count: combo.count,
      // How many more than the combo's last message said.
      gift_delta: 1,
    };
  }

  #stats() {
    const here = 400 + this.#random.integer(0, 60);
    return {
      type: "stats",
      current_viewers: here,
      total_viewers: `${(this.#visits / 10_000).toFixed(2)}万`,
    };
  }

  #user(name: string) {
    const index = PEOPLE.findIndex((person) => person === name);
    return { user_id: `${7001 + index}`, user_name: name, user_avatar: "" };
  }

  #one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.#random.integer(0, items.length - 1)] ?? items[0];
  }
}
