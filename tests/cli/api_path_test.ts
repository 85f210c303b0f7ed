import assert from "node:assert/strict";
import {
  cleanupPath,
  devicePath,
  livePath,
  liveSocketPath,
  roomPath,
  withQuery,
} from "../../cli/api_path.ts";

Deno.test("roomPath encodes ids so that none becomes a path of its own", () => {
  assert.equal(roomPath("r1"), "/management/rooms/r1");
  assert.equal(
    roomPath("a/b?", "bans", "小明 #1"),
    "/management/rooms/a%2Fb%3F/bans/%E5%B0%8F%E6%98%8E%20%231",
  );
});

Deno.test("roomPath refuses an id that a URL takes for a folder", () => {
  assert.throws(() => roomPath("r1", "bans", ".."), {
    message: 'Cannot name ".." in a URL',
  });
  assert.throws(() => roomPath("."), /Cannot name/);
});

Deno.test("devicePath encodes and refuses as roomPath does", () => {
  assert.equal(
    devicePath("a/b", "disconnect"),
    "/management/devices/a%2Fb/disconnect",
  );
  assert.throws(() => devicePath(".."), /Cannot name/);
});

Deno.test("livePath and liveSocketPath encode and refuse as roomPath does", () => {
  assert.equal(livePath("a/b", "retry"), "/api/live/a%2Fb/retry");
  assert.equal(liveSocketPath("a/b"), "/ws/live/a%2Fb");
  assert.throws(() => livePath(".."), /Cannot name/);
  assert.throws(() => liveSocketPath("."), /Cannot name/);
});

Deno.test("cleanupPath encodes and refuses as roomPath does", () => {
  assert.equal(cleanupPath("a/b"), "/management/cleanup/a%2Fb");
  assert.throws(() => cleanupPath(".."), /Cannot name/);
});

Deno.test("withQuery leaves out what is not set", () => {
  assert.equal(withQuery("/a", { page: 2, from: undefined }), "/a?page=2");
  assert.equal(withQuery("/a", { from: undefined }), "/a");
});
