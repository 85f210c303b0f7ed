import assert from "node:assert/strict";
import {
  claimsSchema,
  ROOM_ID_CHARS_MAX,
  TOKEN_ROOMS_MAX,
} from "../../src/identity/token_claims.ts";

const schema = claimsSchema({ userIdCharsMax: 8, nicknameCharsMax: 8 });

function isTaken(claims: Record<string, unknown>): boolean {
  return schema.safeParse({ sub: "u1", ...claims }).success;
}

Deno.test("claimsSchema takes null for absent, as some issuers write it", () => {
  const claims = { sub: "u1", name: null, rooms: null, admin: null, exp: null };
  assert.deepEqual(schema.parse(claims), {
    userId: "u1",
    rooms: null,
    admin: false,
    expiresAt: null,
  });
});

Deno.test("claimsSchema tells no rooms from any room", () => {
  assert.deepEqual(schema.parse({ sub: "u1", rooms: [] }).rooms, new Set());
  assert.equal(schema.parse({ sub: "u1" }).rooms, null);
});

Deno.test("claimsSchema reads a broken second of exp to the millisecond", () => {
  assert.equal(schema.parse({ sub: "u1", exp: 10.0009 }).expiresAt, 10_000);
});

Deno.test("claimsSchema bounds the number of rooms and their length", () => {
  const rooms = (count: number) => Array(count).fill("r");
  const roomId = (chars: number) => ["r".repeat(chars)];
  for (const claim of ["rooms", "admin"]) {
    assert(isTaken({ [claim]: rooms(TOKEN_ROOMS_MAX) }));
    assert(!isTaken({ [claim]: rooms(TOKEN_ROOMS_MAX + 1) }));
    assert(isTaken({ [claim]: roomId(ROOM_ID_CHARS_MAX) }));
    assert(!isTaken({ [claim]: roomId(ROOM_ID_CHARS_MAX + 1) }));
  }
});

Deno.test("claimsSchema takes an exp up to the last date and no further", () => {
  assert(isTaken({ exp: 8_640_000_000_000 }));
  assert(!isTaken({ exp: 8_640_000_000_001 }));
  assert(!isTaken({ exp: -1 }));
});
