// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { EVIL, PageWorld } from "./page_world.ts";

function sessionOf(response: Response): string {
  const cookie = response.headers.get("Set-Cookie") ?? "";
  return /^parlor_session=([^;]*)/.exec(cookie)?.[1] ?? "";
}

Deno.test("loginRoutes logs in under a name in open mode", async () => {
  const world = new PageWorld();
  const response = await world.ask("/login", {
    form: { user_id: "ann", nickname: "Ann", next: "/tools/heart_link/" },
  });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("Location"), "/tools/heart_link/");
  assert.match(
    response.headers.get("Set-Cookie") ?? "",
    /; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const session = await world.sessions.open(sessionOf(response));
  assert.equal(session?.userId, "ann");
  assert.equal(session?.nickname, "Ann");
  assert.equal(session?.isProven, false);
});

Deno.test("loginRoutes calls a user without a nickname by the user id", async () => {
  const world = new PageWorld();
  const form = { user_id: "ann", nickname: " " };
  const response = await world.ask("/login", { form });
  const session = await world.sessions.open(sessionOf(response));
  assert.equal(session?.nickname, "ann");
});

Deno.test("loginRoutes shows wrong names in the form again, escaped", async () => {
  const world = new PageWorld();
  const response = await world.ask("/login", {
    form: { user_id: EVIL, nickname: "Ann", next: "/tools/heart_link/" },
  });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("Set-Cookie"), null);
  const text = await response.text();
  assert.match(text, /aria-invalid="true"/);
  assert.match(text, /1 to 12 characters/);
  assert(!text.includes("<img"), text);
  assert.match(text, /name="next" value="\/tools\/heart_link\/"/);
});

Deno.test("loginRoutes leads only to paths of this server afterwards", async () => {
  const world = new PageWorld();
  for (const next of ["https://a.test/", "//a.test", "/\\a.test", ""]) {
    const form = { user_id: "ann", next };
    const response = await world.ask("/login", { form });
    assert.equal(response.headers.get("Location"), "/", next);
  }
});

Deno.test("loginRoutes wants a token where the server does", async () => {
  const world = new PageWorld({ isTokenRequired: true });
  assert.match(await (await world.ask("/login")).text(), /name="token"/);
  const named = await world.ask("/login", { form: { user_id: "ann" } });
  assert.equal(named.status, 400);
  world.token = {
    userId: "ann",
    nickname: "Ann",
    rooms: null,
    admin: false,
    expiresAt: world.clock.now() + 60_000,
  };
  const response = await world.ask("/login", { form: { token: " a.b.c " } });
  assert.equal(response.status, 303);
  assert.match(response.headers.get("Set-Cookie") ?? "", /Max-Age=60;/);
  const session = await world.sessions.open(sessionOf(response));
  assert.equal(session?.isProven, true);
});

Deno.test("loginRoutes says when tokens cannot be checked, and shows none", async () => {
  const world = new PageWorld({ isTokenRequired: true });
  world.token = "identity_unavailable";
  const response = await world.ask("/login", { form: { token: "secret" } });
  const text = await response.text();
  assert.match(text, /cannot be checked now/);
  assert(!text.includes("secret"));
});

Deno.test("loginRoutes logs out, on a word from this site alone", async () => {
  const world = new PageWorld();
  const response = await world.ask("/logout", { form: {} });
  assert.equal(response.status, 303);
  assert.match(response.headers.get("Set-Cookie") ?? "", /^parlor_session=;/);
  for (const path of ["/logout", "/login"]) {
    const foreign = await world.ask(path, {
      form: { user_id: "ann" },
      headers: { "Sec-Fetch-Site": "cross-site" },
    });
    assert.equal(foreign.status, 403, path);
  }
});

Deno.test("loginRoutes sends the seed's address on", async () => {
  const world = new PageWorld();
  const response = await world.ask("/users/login/?next=/tools/heart_link/");
  assert.equal(response.status, 302);
  assert.equal(
    response.headers.get("Location"),
    "/login?next=%2Ftools%2Fheart_link%2F",
  );
});
