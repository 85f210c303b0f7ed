import assert from "node:assert/strict";
import { LivePlace } from "../../src/web/live_place.ts";

const HERE = { epoch: "e/1", lastSeq: 10, recovered: false };

/** Messages that were shown, and what came of each. */
function note(place: LivePlace, ...seqs: number[]): boolean[] {
  return seqs.map((seq) => place.note({ seq }));
}

Deno.test("LivePlace asks for nothing before it was anywhere", () => {
  const place = new LivePlace();
  assert.equal(place.query(), "");
  assert.equal(place.oldestSeq, undefined);
});

Deno.test("LivePlace goes on after the last number that it was shown", () => {
  const place = new LivePlace();
  assert.equal(place.enter(HERE), false);
  assert.deepEqual(note(place, 11, 12), [true, true]);
  assert.equal(place.query(), "?since=12&epoch=e%2F1");
  assert.equal(place.oldestSeq, 11);
  const next = { epoch: "e/1", lastSeq: 0, recovered: true };
  assert.equal(place.enter(next), true);
  assert.equal(place.query(), "?since=12&epoch=e%2F1");
});

Deno.test("LivePlace goes on before a number that is missing, and shows nothing twice", () => {
  const place = new LivePlace();
  place.enter(HERE);
  assert.deepEqual(note(place, 11, 13, 14), [true, true, true]);
  assert.match(place.query(), /since=11&/);
  assert.deepEqual(note(place, 12, 13, 14, 15), [true, false, false, true]);
  assert.match(place.query(), /since=15&/);
  assert.deepEqual(note(place, 10, 15), [false, false]);
});

Deno.test("LivePlace takes a sum for all that it stands for", () => {
  const place = new LivePlace();
  place.enter(HERE);
  note(place, 12, 13);
  assert.equal(place.note({ seq: 15, "from_seq": 11 }), true);
  assert.match(place.query(), /since=15&/);
  assert.deepEqual(note(place, 11, 14), [false, false]);
});

Deno.test("LivePlace begins anew where what was missed does not follow", () => {
  const place = new LivePlace();
  place.enter(HERE);
  note(place, 11);
  for (
    const next of [
      { epoch: "e/1", lastSeq: 900, recovered: false },
      { epoch: "other", lastSeq: 3, recovered: true },
    ]
  ) {
    assert.equal(place.enter(next), false);
    assert.equal(place.oldestSeq, undefined);
    assert.match(place.query(), new RegExp(`since=${next.lastSeq}&`));
  }
});

Deno.test("LivePlace stays where nothing came but word of a gap", () => {
  const place = new LivePlace();
  place.enter(HERE);
  note(place, 11);
  const next = { epoch: "e/1", lastSeq: 0, recovered: false };
  assert.equal(place.enter(next), true);
  place.skip(12, 5_000_000);
  assert.match(place.query(), /since=5000000&/);
  assert.deepEqual(note(place, 5_000_001), [true]);
  assert.equal(place.oldestSeq, 11);
});

Deno.test("LivePlace remembers so many numbers after a missing one", () => {
  for (const [count, wanted] of [[1999, 10], [2000, 10], [2001, 2012]]) {
    const place = new LivePlace();
    place.enter(HERE);
    for (let index = 0; index < Number(count); index++) {
      place.note({ seq: 12 + index });
    }
    assert.match(place.query(), new RegExp(`since=${wanted}&`), `${count}`);
  }
});

Deno.test("LivePlace reads back from the oldest message that is shown", () => {
  const place = new LivePlace();
  place.enter(HERE);
  for (const seq of [8, 9, 10]) place.noteOlder(seq);
  note(place, 11, 12);
  assert.equal(place.oldestSeq, 8);
  place.forget(10);
  assert.equal(place.oldestSeq, 11);
  place.forget(4);
  assert.equal(place.oldestSeq, 11);
  place.noteOlder(10);
  assert.equal(place.oldestSeq, 10);
});
