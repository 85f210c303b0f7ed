import assert from "node:assert/strict";
import { type Ids, systemIds } from "../../src/base/ids.ts";
import { newRoomId } from "../../src/device/room_id.ts";

const CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function idsOf(uuid: string): Ids {
  return { uuid: () => uuid, fraction: () => 0 };
}

function idsMade(count: number): string[] {
  return Array.from({ length: count }, () => newRoomId(systemIds));
}

Deno.test("newRoomId makes 8 characters, each A–Z or 0–9", () => {
  for (const id of idsMade(1000)) assert.match(id, /^[A-Z0-9]{8}$/);
});

Deno.test("newRoomId makes another id each time", () => {
  assert.equal(new Set(idsMade(2000)).size, 2000);
});

Deno.test("newRoomId uses every character in every place about as often", () => {
  const count = 20_000;
  const expected = count / CHARS.length;
  const ids = idsMade(count);
  for (let place = 0; place < 8; place++) {
    const counts = new Map([...CHARS].map((char) => [char, 0]));
    for (const id of ids) {
      const char = id.charAt(place);
      counts.set(char, (counts.get(char) ?? 0) + 1);
    }
    assert.equal(counts.size, CHARS.length);
    // Seven standard deviations: chance alone does not get there.
    for (const [char, seen] of counts) {
      const isNear = Math.abs(seen - expected) < 7 * Math.sqrt(expected);
      assert(isNear, `${char} in place ${place}: ${seen}, not ${expected}`);
    }
  }
});

Deno.test("newRoomId makes its halves of the first and the last 12 digits", () => {
  const ids = [
    "00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000-8000-000000000001",
    "00000000-0023-4000-8000-000000000024",
    "ffffffff-ffff-4fff-bfff-0000001fa400",
    "00000000-0000-4fff-bfff-00000019a0ff",
    "00000000-0000-4fff-bfff-00000019a100",
  ].map((uuid) => newRoomId(idsOf(uuid)));
  const head = (0xffff_ffff_ffff % 36 ** 4).toString(36).toUpperCase();
  const wrapped = (0x1fa400 % 36 ** 4).toString(36).toUpperCase();
  assert.deepEqual(ids, [
    "00000000",
    "00000001",
    "000Z0010",
    head.padStart(4, "0") + wrapped.padStart(4, "0"),
    "0000ZZZZ",
    "00000000",
  ]);
});
