// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { ChatClient, chatUrl, presenceUrl } from "../support/chat_client.ts";
import { ChatUser, logIn, newPair } from "../support/chat_user.ts";
import { type RawHeaders, refusedUpgrade } from "../support/raw_socket.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { KEY_HEADERS, newTestApp } from "../support/test_app.ts";
import { roomUrl } from "../support/ws_client.ts";

const SECRET = "a-secret-of-thirty-two-characters";

/** Answers with status and code of a refused upgrade. */
async function refusal(
  url: string,
  headers: RawHeaders = {},
): Promise<[number, string]> {
  const { status, body } = await refusedUpgrade(url, headers);
  return [status, (body as { code: string }).code];
}

/** As a name taken as given says it. */
function named(userId: string, nickname = userId.toUpperCase()) {
  return { query: { user_id: userId, nickname } };
}

Deno.test("A chat room answers before the upgrade who may not enter, and why", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  const eve = await ChatUser.logIn(app.url, "eve");
  for (const hasSlash of [true, false]) {
    const room = chatUrl(app.url, roomId, { hasSlash });
    assert.deepEqual(await refusal(room), [401, "login_required"]);
    const forged = { Cookie: `${ann.cookie}x` };
    assert.deepEqual(await refusal(room, forged), [401, "login_required"]);
    assert.deepEqual(
      await refusal(room, eve.headers),
      [403, "not_participant"],
    );
    const nowhere = chatUrl(app.url, "nowhere", { hasSlash });
    // Nobody learns which rooms there are without a login.
    assert.deepEqual(await refusal(nowhere), [401, "login_required"]);
    assert.deepEqual(
      await refusal(nowhere, eve.headers),
      [404, "room_not_found"],
    );
  }
  const nameless = `${app.url.replace("http", "ws")}/ws/chat/`;
  assert.deepEqual(
    await refusal(nameless, eve.headers),
    [404, "room_not_found"],
  );
  const long = chatUrl(app.url, "x".repeat(129));
  assert.deepEqual(await refusal(long, eve.headers), [404, "room_not_found"]);
  const { body } = await refusedUpgrade(chatUrl(app.url, roomId), eve.headers);
  assert.equal((body as { error: string }).error, "您没有权限访问此聊天室");
});

Deno.test("A chat room that ended is refused with 410, also after a restart", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let bob: ChatUser;
  let roomId: string;
  {
    await using app = await newTestApp(settings);
    const pair = await newPair(app.url);
    ({ bob, roomId } = pair);
    await pair.ann.ask("POST heart_link/cleanup/", { room_id: roomId });
    for (const hasSlash of [true, false]) {
      const url = chatUrl(app.url, roomId, { hasSlash });
      assert.deepEqual(await refusal(url, bob.headers), [410, "room_ended"]);
    }
  }
  await using app = await newTestApp(settings);
  const url = chatUrl(app.url, roomId);
  assert.deepEqual(await refusal(url, bob.headers), [410, "room_ended"]);
  const page = await bob.at(app.url).api(`GET chat/${roomId}/messages/`);
  assert.deepEqual([page.status, page.body.room_ended], [410, true]);
});

Deno.test("A chat room lets its participants in, with the slash and without", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId, { hasSlash: false });
  annIn.say("both ways");
  await bobIn.expectChat("both ways");
});

Deno.test("A plain request to a chat room is told to upgrade", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  const response = await fetch(`${app.url}/ws/chat/${roomId}/`, {
    headers: ann.headers,
  });
  assert.equal(response.status, 426);
  assert.equal((await response.json()).code, "upgrade_required");
});

Deno.test("A cookie speaks for a page of this server, and for none of another", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  const url = chatUrl(app.url, roomId);
  const { host } = new URL(app.url);
  const foreign: RawHeaders[] = [
    { Origin: "https://evil.example" },
    { Origin: `http://${host}.evil.example` },
    { Origin: "http://127.0.0.1:1" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
  ];
  for (const source of foreign) {
    const headers = { ...ann.headers, ...source };
    const found = await refusal(url, headers);
    assert.deepEqual(found, [403, "cross_site_refused"], `${source["Origin"]}`);
    const presence = await refusal(presenceUrl(app.url), headers);
    assert.deepEqual(presence, [403, "cross_site_refused"]);
  }
  const own: Record<string, string>[] = [
    { Origin: `http://${host}` },
    { "Sec-Fetch-Site": "same-origin" },
    {},
  ];
  for (const headers of own) {
    await using annIn = await ann.enter(roomId, { headers });
    await annIn.expectFrame("user_joined");
  }
  // A name of one's own needs no cookie, and so no page of this server.
  const spoken = chatUrl(app.url, roomId, named("ann"));
  const headers = { Origin: "https://elsewhere.example" };
  await using annIn = await ChatClient.open(spoken, { headers });
  assert.equal(annIn.welcome.user, "ann");
});

Deno.test("ALLOWED_ORIGINS lets a page of another site use the cookie", async () => {
  const friend = "https://friend.example";
  await using app = await newTestApp({ ALLOWED_ORIGINS: friend });
  const { ann, roomId } = await newPair(app.url);
  const url = chatUrl(app.url, roomId);
  const foreign = { ...ann.headers, Origin: "https://evil.example" };
  assert.deepEqual(await refusal(url, foreign), [403, "origin_refused"]);
  await using annIn = await ann.enter(roomId, { headers: { Origin: friend } });
  await annIn.expectFrame("user_joined");
  const { host } = new URL(app.url);
  const home = { Origin: `http://${host}` };
  await using atHome = await ann.enter(roomId, { headers: home });
  await atHome.expectFrame("user_joined");
});

Deno.test("In open mode a name enters; a name beside another's cookie does not", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  await using bobIn = await ChatClient.open(
    chatUrl(app.url, roomId, named("bob", "Bobby")),
  );
  assert.equal(bobIn.welcome.user_profile.display_name, "Bobby");
  const stranger = chatUrl(app.url, roomId, named("eve"));
  assert.deepEqual(await refusal(stranger), [403, "not_participant"]);
  const nameless = chatUrl(app.url, roomId, { query: { user_id: "bob" } });
  assert.deepEqual(await refusal(nameless), [400, "bad_request"]);
  // What the request says of itself counts, whatever cookie goes along.
  assert.deepEqual(
    await refusal(stranger, ann.headers),
    [403, "not_participant"],
  );
});

Deno.test("With AUTH_SECRET only a token enters: in the query, a header or the login", async () => {
  await using app = await newTestApp({ AUTH_SECRET: SECRET });
  const tokens = await Promise.all(
    ["ann", "bob", "eve"].map((user) => app.mintToken(user)),
  );
  const cookies = await Promise.all(
    tokens.map((token) => logIn(app.url, { token })),
  );
  const [ann, bob, eve] = ["ann", "bob", "eve"].map((user, index) =>
    new ChatUser(app.url, user, cookies[index] ?? "")
  );
  assert(ann && bob && eve);
  await ann.press();
  const { room_id: roomId } = await bob.press();
  const room = chatUrl(app.url, roomId);
  assert.deepEqual(
    await refusal(chatUrl(app.url, roomId, named("ann"))),
    [401, "login_required"],
  );
  const [annToken = "", , eveToken = ""] = tokens;
  const bad = chatUrl(app.url, roomId, { query: { token: `${annToken}x` } });
  assert.deepEqual(await refusal(bad), [401, "token_invalid"]);
  const stranger = { query: { token: eveToken } };
  assert.deepEqual(
    await refusal(chatUrl(app.url, roomId, stranger)),
    [403, "not_participant"],
  );
  const asked = chatUrl(app.url, roomId, { query: { token: annToken } });
  await using byQuery = await ChatClient.open(asked);
  const headers = { Authorization: `Bearer ${annToken}` };
  await using byHeader = await ChatClient.open(room, { headers });
  await using byCookie = await ann.enter(roomId);
  for (const client of [byQuery, byHeader, byCookie]) {
    assert.equal(client.welcome.user, "ann");
  }
  const other = await app.mintToken("ann", { rooms: ["elsewhere"] });
  const elsewhere = { query: { token: other } };
  assert.deepEqual(
    await refusal(chatUrl(app.url, roomId, elsewhere)),
    [403, "room_refused"],
  );
});

Deno.test("A cookie of the open mode opens nothing once tokens are needed", async () => {
  const key = { ADMIN_API_KEY: "the-same-key-of-both-servers" };
  let cookie: string;
  {
    await using app = await newTestApp(key);
    cookie = await logIn(app.url, { user_id: "ann", nickname: "Ann" });
  }
  await using app = await newTestApp({ ...key, AUTH_SECRET: SECRET });
  const headers = { Cookie: cookie };
  for (const url of [chatUrl(app.url, "general"), presenceUrl(app.url)]) {
    assert.deepEqual(await refusal(url, headers), [401, "login_required"]);
  }
});

Deno.test("A token that ends takes its connection along, unless it is renewed", async () => {
  await using app = await newTestApp({ AUTH_SECRET: SECRET });
  const expires_in_secs = 60;
  const [ann, bob] = await Promise.all(
    ["ann", "bob"].map((user) => app.mintToken(user, { expires_in_secs })),
  );
  const entering = [ann, bob].map((token = "") =>
    ChatClient.open(chatUrl(app.url, "general", { query: { token } }))
  );
  const [annIn, bobIn] = await Promise.all(entering);
  assert(annIn && bobIn);
  const token = await app.mintToken("ann", { expires_in_secs: 3600 });
  annIn.send("refresh_token", { token });
  const { expires_at } = await annIn.expectFrame("token_refreshed");
  assert.equal(expires_at, app.clock.now() + 3_600_000);
  await app.clock.advance(61_000);
  await bobIn.expectClosed(4401);
  await annIn.caughtUp();
  annIn.send("refresh_token", { token: bob });
  await annIn.expectFrame("error");
  await annIn.close();
});

Deno.test("A login that ends takes its connection along", async () => {
  await using app = await newTestApp({ LOGIN_HOURS: "1" });
  const ann = await ChatUser.logIn(app.url, "ann");
  await using inRoom = await ann.enter("general");
  await using line = await ann.attend();
  await app.clock.advance(3_600_000);
  await inRoom.expectClosed(4501);
  await line.expectClosed(4501);
  const url = chatUrl(app.url, "general");
  assert.deepEqual(await refusal(url, ann.headers), [401, "login_required"]);
});

Deno.test("A private room is private by the rooms dialect and over HTTP, too", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  const eve = await ChatUser.logIn(app.url, "eve");
  const names = { user_id: "eve", nickname: "Eve" };
  assert.deepEqual(
    await refusal(roomUrl(app.url, roomId, names)),
    [403, "not_participant"],
  );
  const routes = [
    "GET messages/",
    "POST send/",
    "POST mark-read/",
    "POST delete-message/2/",
    "GET online_users/",
    "GET participants/",
  ];
  for (const route of routes) {
    const line = route.replace(" ", ` chat/${roomId}/`);
    const { status, body } = await eve.api(line, {
      ...(route.startsWith("POST") ? { body: { content: "hi" } } : {}),
    });
    assert.deepEqual([status, body.code], [403, "not_participant"], route);
    assert.equal(body.success, false);
  }
  const cleanup = await eve.api("POST heart_link/cleanup/", {
    body: { room_id: roomId },
  });
  assert.equal(cleanup.status, 403);
  assert.equal(cleanup.body.error, "您没有权限结束此聊天室");
  await using annIn = await ann.enter(roomId);
  await annIn.expectFrame("user_joined");
});

Deno.test("A room admin and a token admin enter a private room; the key alone names no user", async () => {
  await using app = await newTestApp();
  const { roomId } = await newPair(app.url);
  const admin = await app.mintToken("root", { admin: true });
  const asked = chatUrl(app.url, roomId, { query: { token: admin } });
  await using root = await ChatClient.open(asked);
  assert.equal(root.welcome.user, "root");
  const keyed = chatUrl(app.url, roomId, named("operator"));
  assert.deepEqual(
    await refusal(keyed, KEY_HEADERS),
    [403, "not_participant"],
  );
  await app.api(`PUT /management/rooms/${roomId}/admins`, {
    body: { admin_user_ids: ["operator"] },
  });
  assert.deepEqual(await refusal(keyed), [403, "admin_proof_required"]);
  await using operator = await ChatClient.open(keyed, {
    headers: KEY_HEADERS,
  });
  assert.equal(operator.welcome.user, "operator");
});

Deno.test("A banned participant is refused before the upgrade", async () => {
  await using app = await newTestApp();
  const { bob, roomId } = await newPair(app.url);
  await app.api(`POST /management/rooms/${roomId}/bans`, {
    body: { user_id: "bob" },
  });
  const url = chatUrl(app.url, roomId);
  assert.deepEqual(await refusal(url, bob.headers), [403, "user_banned"]);
});
