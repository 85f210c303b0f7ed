import assert from "node:assert/strict";
import fc from "fast-check";
import { LinkBook } from "../../src/match/link_book.ts";
import { WaitingLine } from "../../src/match/waiting_line.ts";
import { RandomLinks } from "./random_links.ts";
import { lives } from "./random_steps.ts";

const holds = fc.asyncProperty(lives, (life) => new RandomLinks().live(life));

/** Puts methods in the place of a class's own, while it is not disposed. */
function broken<Methods extends object>(
  prototype: Methods,
  methods: Partial<Methods>,
): Disposable {
  const own = Object.fromEntries(
    Object.keys(methods).map((name) => [name, Reflect.get(prototype, name)]),
  );
  Object.assign(prototype, methods);
  return { [Symbol.dispose]: () => void Object.assign(prototype, own) };
}

async function assertCaught(): Promise<void> {
  const { failed } = await fc.check(holds, {
    numRuns: 200,
    endOnFailure: true,
  });
  assert(failed, "Nothing was found in what is broken");
}

Deno.test("HeartLinks keeps its promises, whatever people press and whatever fails", async () => {
  await fc.assert(holds, { numRuns: 1000 });
});

Deno.test("HeartLinks lets nobody wait on whose match was recorded in a room that ended at once", async () => {
  // Found at random: the answer to a match is lost, and its room ends.
  await new RandomLinks().live([
    [{ kind: "press", user: "a" }, { kind: "land", index: 0, failure: null }],
    [
      { kind: "press", user: "f" },
      { kind: "press", user: "e" },
      { kind: "press", user: "a" },
    ],
    [{ kind: "press", user: "b" }, { kind: "land", index: 3, failure: "bug" }],
    [{ kind: "advance", ms: 300_000 }],
    [
      { kind: "land", index: 1, failure: null },
      { kind: "land", index: 0, failure: "bug" },
    ],
    [
      { kind: "land", index: 0, failure: "answer" },
      { kind: "end", index: 0 },
      { kind: "leave", user: "f" },
    ],
    [{ kind: "press", user: "a" }],
    [{ kind: "land", index: 0, failure: null }],
    [{ kind: "advance", ms: 1 }],
  ]);
});

Deno.test("RandomLinks catches a line that leaves those in it who are taken", async () => {
  using _broken = broken(WaitingLine.prototype, { delete: () => {} });
  await assertCaught();
});

Deno.test("RandomLinks catches a line that gives the second oldest", async () => {
  const { oldestFor } = WaitingLine.prototype;
  using _broken = broken(WaitingLine.prototype, {
    oldestFor(userId, tried = new Set()) {
      const oldest = oldestFor.call(this, userId, tried);
      if (oldest === undefined) return undefined;
      return oldestFor.call(this, userId, new Set([...tried, oldest])) ??
        oldest;
    },
  });
  await assertCaught();
});

Deno.test("RandomLinks catches a book that forgets those whose match failed", async () => {
  using _broken = broken(LinkBook.prototype, {
    release: (link) => link.release(),
  });
  await assertCaught();
});

Deno.test("RandomLinks catches a line in which people meet themselves", async () => {
  const { oldestFor } = WaitingLine.prototype;
  const { seeking } = LinkBook.prototype;
  using _line = broken(WaitingLine.prototype, {
    oldestFor(_userId, tried) {
      return oldestFor.call(this, "nobody", tried);
    },
  });
  // Else the rule of one request a user hides it.
  using _book = broken(LinkBook.prototype, {
    seeking(userId, kind) {
      return kind === "number" ? seeking.call(this, userId, kind) : undefined;
    },
  });
  await assertCaught();
});
