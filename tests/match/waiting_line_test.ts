import assert from "node:assert/strict";
import { WaitingLine } from "../../src/match/waiting_line.ts";
import { newLink } from "./link_fixture.ts";

function newLine() {
  const line = new WaitingLine();
  const links = ["a", "b", "c"].map((id, order) => newLink(id, { order }));
  const [a, b, c] = links;
  assert(a && b && c);
  return { line, a, b, c };
}

Deno.test("WaitingLine gives the oldest, in whatever order they came", () => {
  const { line, a, b, c } = newLine();
  assert.equal(line.oldestFor("x"), undefined);
  for (const link of [b, c, a]) line.add(link);
  assert.equal(line.oldestFor("x"), a);
  assert.equal(line.size, 3);
  line.delete(a);
  assert.equal(line.oldestFor("x"), b);
  line.add(a);
  assert.equal(line.oldestFor("x"), a);
});

Deno.test("WaitingLine gives nobody oneself", () => {
  const { line, a, b } = newLine();
  line.add(a);
  assert.equal(line.oldestFor("a"), undefined);
  line.add(b);
  assert.equal(line.oldestFor("a"), b);
  assert.equal(line.oldestFor("b"), a);
});

Deno.test("WaitingLine passes over those who were tried, and keeps them", () => {
  const { line, a, b, c } = newLine();
  for (const link of [a, b, c]) line.add(link);
  assert.equal(line.oldestFor("x", new Set([a, b])), c);
  assert.equal(line.oldestFor("c", new Set([a, b])), undefined);
  assert.equal(line.size, 3);
  assert(line.has(a) && line.has(b) && line.has(c));
});
