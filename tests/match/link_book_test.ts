import assert from "node:assert/strict";
import { kindOf } from "../../src/match/link_book.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newBook, newLink } from "./link_fixture.ts";
import { person } from "./link_world.ts";

const MATCH = { roomId: "r", partner: person("b"), at: START_AT };

Deno.test("LinkBook finds a request by all that it is known by, from its entry to its end", () => {
  const { book, clock } = newBook();
  const link = newLink("a");
  book.enter(link);
  assert.equal(book.seeking("a", "anyone"), link);
  assert.equal(book.newest("a"), link);
  assert.deepEqual(book.counts, { pending: 1, matched: 0 });
  book.settleIn(link, "w");
  assert.deepEqual(book.inRoom("w"), [link]);
  assert(book.line.has(link));
  assert.equal(clock.armed, 1);
  book.claim(link);
  assert(!book.line.has(link));
  assert(book.hasRoom("w"));
  assert.equal(clock.armed, 0);
  book.meet(link, MATCH, 0);
  assert.deepEqual([book.hasRoom("w"), book.hasRoom("r")], [false, true]);
  assert.equal(book.seeking("a", "anyone"), undefined);
  assert.deepEqual(book.counts, { pending: 0, matched: 1 });
  book.close(link, "expired");
  assert.equal(book.newest("a"), link);
  assert(!book.hasRoom("r"));
  assert.deepEqual(book.counts, { pending: 0, matched: 0 });
  assert.equal(clock.armed, 0);
});

Deno.test("LinkBook forgets a request that entered in vain", () => {
  const { book } = newBook();
  const link = newLink("a", { number: "1234" });
  book.enter(link);
  assert.equal(book.seeking("a", "number"), link);
  book.discard(link);
  assert.equal(book.newest("a"), undefined);
  assert.deepEqual(book.counts, { pending: 0, matched: 0 });
});

Deno.test("LinkBook lets nobody take a request that its user wants back", () => {
  for (const number of [null, "1234"]) {
    const { book, expiry } = newBook();
    const link = newLink("a", { number });
    book.enter(link);
    book.settleIn(link, null);
    book.claim(link);
    link.isLeaving = true;
    book.release(link);
    assert.equal(book.line.size + book.numbers.size, 0);
    link.isLeaving = false;
    book.resume(link);
    assert.equal(book.line.size + book.numbers.size, 1);
    expiry[Symbol.dispose]();
  }
});

Deno.test("LinkBook expires a released request on time", async () => {
  const { book, clock, expired } = newBook();
  const link = newLink("a");
  book.enter(link);
  book.settleIn(link, "w");
  book.claim(link);
  await clock.advance(700_000);
  assert.deepEqual(expired, []);
  book.release(link);
  await clock.advance(0);
  assert.deepEqual(expired, [link]);
  assert.equal(book.line.size, 0);
});

Deno.test("LinkBook numbers requests in their order", () => {
  const { book } = newBook();
  assert.deepEqual([book.nextOrder(), book.nextOrder()], [1, 2]);
});

Deno.test("kindOf tells a request by number from the other kind", () => {
  assert.equal(kindOf(newLink("a")), "anyone");
  assert.equal(kindOf(newLink("a", { number: "0000" })), "number");
});
