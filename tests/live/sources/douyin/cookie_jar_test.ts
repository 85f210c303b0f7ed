import assert from "node:assert/strict";
import { CookieJar } from "../../../../src/live/sources/douyin/cookie_jar.ts";

function jarOf(...lines: readonly string[]): CookieJar {
  const jar = new CookieJar();
  const headers = new Headers();
  for (const line of lines) headers.append("set-cookie", line);
  jar.take(headers);
  return jar;
}

Deno.test("CookieJar keeps names and values", () => {
  const jar = jarOf("ttwid=1%7Cab==; Path=/; HttpOnly", "b=2");
  assert.equal(jar.get("ttwid"), "1%7Cab==");
  assert.equal(jar.header(), "ttwid=1%7Cab==; b=2");
});

Deno.test("CookieJar takes the last value of a name", () => {
  const jar = jarOf("a=1", "a=2");
  jar.set("c", "3");
  assert.equal(jar.header(), "a=2; c=3");
});

Deno.test("CookieJar passes over what is no cookie", () => {
  const jar = jarOf("nothing", "=x", "a b=1", "c=d e", 'q="x"', "ok=1");
  assert.equal(jar.header(), "ok=1");
});

Deno.test("CookieJar keeps cookies of at most 4096 characters", () => {
  const longest = "x".repeat(4094);
  const jar = jarOf(`a=${longest}`, `b=${longest}x`);
  assert.equal(jar.get("a"), longest);
  assert.equal(jar.get("b"), undefined);
});

Deno.test("CookieJar keeps 50 cookies", () => {
  const jar = jarOf(...Array.from({ length: 51 }, (_, at) => `c${at}=1`));
  assert.equal(jar.get("c49"), "1");
  assert.equal(jar.get("c50"), undefined);
  jar.take(new Headers({ "set-cookie": "c0=2" }));
  assert.equal(jar.get("c0"), "2");
});
