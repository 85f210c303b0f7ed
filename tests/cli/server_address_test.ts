import assert from "node:assert/strict";
import { addressOf } from "../../cli/server_address.ts";
import { readConfig } from "../../src/config.ts";

function addressFor(bindAddress: string): string {
  return addressOf(readConfig({ BIND_ADDRESS: bindAddress }).server);
}

Deno.test("addressOf names the host that the server binds", () => {
  assert.equal(addressFor("192.168.1.5:80"), "http://192.168.1.5:80");
  assert.equal(addressFor("[fd00::1]:3000"), "http://[fd00::1]:3000");
});

Deno.test("addressOf takes the loopback for every interface", () => {
  assert.equal(addressFor("0.0.0.0:3000"), "http://127.0.0.1:3000");
  assert.equal(addressFor("[::]:3000"), "http://[::1]:3000");
});
