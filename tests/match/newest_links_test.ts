import assert from "node:assert/strict";
import { NewestLinks } from "../../src/match/newest_links.ts";
import { newLink } from "./link_fixture.ts";

Deno.test("NewestLinks knows the newest of each user, also once it is settled", () => {
  const links = new NewestLinks(1);
  const older = newLink("a", { order: 1 });
  const newer = newLink("a", { order: 2 });
  links.note(newer);
  links.note(older);
  assert.equal(links.of("a"), newer);
  links.close(newer);
  assert.equal(links.of("a"), newer);
  assert.equal(links.of("b"), undefined);
});

Deno.test("NewestLinks forgets the one that was settled first", () => {
  const links = new NewestLinks(2);
  const [a, b, c] = ["a", "b", "c"].map((id) => newLink(id));
  assert(a && b && c);
  for (const link of [c, b, a]) links.note(link);
  for (const link of [a, b]) links.close(link);
  assert.equal(links.of("a"), a);
  links.close(c);
  assert.deepEqual(["a", "b", "c"].map((id) => links.of(id)), [
    undefined,
    b,
    c,
  ]);
});

Deno.test("NewestLinks keeps a newer request when it forgets an older one", () => {
  const links = new NewestLinks(0);
  const older = newLink("a", { order: 1 });
  const newer = newLink("a", { order: 2 });
  links.note(older);
  links.note(newer);
  links.close(older);
  assert.equal(links.of("a"), newer);
  links.close(newer);
  assert.equal(links.of("a"), undefined);
});
