import assert from "node:assert/strict";
import { feedInPieces } from "../../src/room/feed_pieces.ts";
import type { Fed } from "../../src/room/room_input.ts";
import type { LiveMessage } from "../../src/wire/live.ts";
import { liveMessage } from "./fixture.ts";

function weighing(...weights: number[]): LiveMessage[] {
  return weights.map((weight) =>
    liveMessage("chat", { text: "x".repeat(weight) })
  );
}

/** Feeds; what is kept of each piece is given, all where it is not. */
async function feed(
  messages: readonly LiveMessage[],
  { countMax = Infinity, kept = [] }: {
    countMax?: number;
    kept?: (number | Error)[];
  } = {},
) {
  const pieces: number[] = [];
  let lastSeq = 0;
  const fed = await feedInPieces(messages, {
    countMax: () => countMax,
    feed: (piece): Promise<Fed> => {
      const keptCount = kept[pieces.length] ?? piece.length;
      pieces.push(piece.length);
      if (keptCount instanceof Error) return Promise.reject(keptCount);
      lastSeq += keptCount;
      return Promise.resolve({ keptCount, lastSeq });
    },
  });
  return { ...fed, pieces };
}

Deno.test("feedInPieces() feeds at once what fits a turn", async () => {
  const messages = weighing(30_000, 35_535, 1);
  assert.deepEqual(await feed(messages), {
    keptCount: 3,
    lastSeq: 3,
    pieces: [3],
  });
});

Deno.test("feedInPieces() cuts by weight, and never within a message", async () => {
  const { pieces } = await feed(weighing(65_536, 1, 65_535, 1, 100_000, 1));
  assert.deepEqual(pieces, [1, 2, 1, 1, 1]);
});

Deno.test("feedInPieces() cuts by how many messages fill a turn", async () => {
  const messages = weighing(1, 1, 1, 1, 1);
  const piecesOf = async (countMax: number) =>
    (await feed(messages, { countMax })).pieces;
  assert.deepEqual(await piecesOf(1), [1, 1, 1, 1, 1]);
  assert.deepEqual(await piecesOf(4), [4, 1]);
  assert.deepEqual(await piecesOf(5), [5]);
});

Deno.test("feedInPieces() stops behind the first message that was not kept", async () => {
  const messages = weighing(1, 1, 1, 1, 1);
  const fed = await feed(messages, { countMax: 2, kept: [2, 1] });
  assert.deepEqual(fed, { keptCount: 3, lastSeq: 3, pieces: [2, 2] });
});

Deno.test("feedInPieces() says what was kept when a later piece is refused", async () => {
  const messages = weighing(1, 1, 1);
  const kept = [2, new Error("busy")];
  const fed = await feed(messages, { countMax: 2, kept });
  assert.deepEqual(fed, { keptCount: 2, lastSeq: 2, pieces: [2, 1] });
});

Deno.test("feedInPieces() fails as the first piece does", async () => {
  const kept = [new Error("busy")];
  await assert.rejects(feed(weighing(1, 1), { kept }), /busy/);
});
