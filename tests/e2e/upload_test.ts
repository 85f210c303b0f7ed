// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import type { Json } from "../support/chat_client.ts";
import { ChatUser, newPair } from "../support/chat_user.ts";
import { LeapingClock } from "../support/leaping_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;

/** The first bytes of one format of each kind. */
const GIF = new TextEncoder().encode("GIF89a: the rest is never looked at");
const OGG = new TextEncoder().encode("OggS: the rest is never looked at");
const FLV = new TextEncoder().encode("FLV\x01: the rest is never looked at");
const PAGE = new TextEncoder().encode(
  "<script>alert(document.cookie)</script>",
);

/** A file, and what the form says beside it. */
interface Sending {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name?: string;
  readonly type?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Sends a file into a room, as a page does. */
async function upload(
  app: TestApp,
  user: ChatUser,
  path: string,
  { bytes, name = "cat.gif", type = "image/gif", fields = {} }: Sending,
): Promise<{ status: number; body: Json }> {
  const [, kind = ""] = /send-(\w+)/.exec(path) ?? [];
  const form = new FormData();
  form.set(kind, new File([bytes], name, { type }));
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  // As bytes, since a browser announces how many there are.
  const encoded = new Response(form);
  const response = await fetch(`${app.url}/tools/api/chat/${path}/`, {
    method: "POST",
    headers: {
      ...user.headers,
      "Content-Type": encoded.headers.get("content-type") ?? "",
    },
    body: await encoded.bytes(),
  });
  return { status: response.status, body: await response.json() };
}

/** Asks for a file; the body is read. */
async function download(
  app: TestApp,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; bytes: Uint8Array }> {
  const response = await fetch(`${app.url}${path}`, { headers });
  const bytes = await response.bytes();
  return { status: response.status, headers: response.headers, bytes };
}

/** So many bytes that begin as a format does. */
function padded(head: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  bytes.set(head);
  return bytes;
}

function settingsIn(folder: TempFolder): Record<string, string> {
  return { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
}

Deno.test("A file that is sent is a message to both, and is served as what it is", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const { ann, bob, roomId } = await newPair(app.url);
  await using bobIn = await bob.enter(roomId);
  const kinds = [
    ["image", GIF, "image/gif", "inline"],
    ["audio", OGG, "audio/ogg", "inline"],
    ["video", FLV, "video/x-flv", "inline"],
    ["file", GIF, "application/octet-stream", "attachment"],
  ] as const;
  for (const [kind, bytes, contentType, disposition] of kinds) {
    const path = `${roomId}/send-${kind}`;
    const name = "../../故事.exe";
    const { status, body } = await upload(app, ann, path, { bytes, name });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.upload_info, {
      file_name: "故事.exe",
      file_size: bytes.length,
    });
    const { message } = await bobIn.expectFrame("chat_message");
    assert.deepEqual(body.message, { ...message, is_own: true });
    assert.deepEqual(
      [message.message_type, message.file_name, message.content],
      [kind, "故事.exe", ""],
    );
    const url: string = message.file_url;
    assert.match(url, new RegExp(`^/tools/uploads/${roomId}/[0-9a-f-]{36}-`));
    const file = await download(app, url, bob.headers);
    assert.equal(file.status, 200);
    assert.deepEqual(file.bytes, bytes);
    assert.equal(file.headers.get("content-type"), contentType);
    assert.equal(file.headers.get("x-content-type-options"), "nosniff");
    const shown = file.headers.get("content-disposition") ?? "";
    assert.match(shown, new RegExp(`^${disposition}; filename="[0-9a-z.-]+"$`));
    assert.match(
      file.headers.get("content-security-policy") ?? "",
      /default-src 'none'; sandbox/,
    );
  }
});

Deno.test("A file goes by its bytes: a page that calls itself a picture is refused", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const { ann, bob, roomId } = await newPair(app.url);
  await using bobIn = await bob.enter(roomId);
  await bobIn.expectFrame("user_joined");
  const lies = [["image", PAGE], ["audio", GIF], ["video", OGG]] as const;
  for (const [kind, bytes] of lies) {
    const sent = await upload(app, ann, `${roomId}/send-${kind}`, { bytes });
    assert.deepEqual([sent.status, sent.body.code], [400, "file_refused"]);
    assert.equal(sent.body.error, "不支持的文件格式");
  }
  const none = await upload(app, ann, `${roomId}/send-file`, {
    bytes: new Uint8Array(),
  });
  assert.equal(none.status, 400);
  await bobIn.expectSilence();
  // As a file it is taken, and never shown.
  const sent = await upload(app, ann, `${roomId}/send-file`, { bytes: PAGE });
  const url = sent.body.message.file_url;
  const { headers } = await download(app, url, ann.headers);
  assert.match(headers.get("content-disposition") ?? "", /^attachment/);
  assert.equal(headers.get("content-type"), "application/octet-stream");
});

Deno.test("A file has as many bytes as its kind may have, and no more", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const { ann, roomId } = await newPair(app.url);
  const bounds = [["image", GIF, 5], ["audio", OGG, 10], ["file", OGG, 10]];
  for (const [kind, head, mib] of bounds as [string, Uint8Array, number][]) {
    const path = `${roomId}/send-${kind}`;
    const most = padded(head, mib * MIB);
    const taken = await upload(app, ann, path, { bytes: most });
    assert.equal(taken.status, 200, kind);
    assert.equal(taken.body.upload_info.file_size, mib * MIB);
    const bytes = padded(head, mib * MIB + 1);
    const refused = await upload(app, ann, path, { bytes });
    assert.deepEqual(
      [refused.status, refused.body.code],
      [413, "file_too_large"],
      kind,
    );
  }
});

Deno.test("Only who may read a room sends files to it and sees them", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const { ann, bob, roomId } = await newPair(app.url);
  const eve = await ChatUser.logIn(app.url, "eve");
  const path = `${roomId}/send-image`;
  const refused = await upload(app, eve, path, { bytes: GIF });
  assert.deepEqual(
    [refused.status, refused.body.code],
    [403, "not_participant"],
  );
  const { body } = await upload(app, ann, path, { bytes: GIF });
  const url: string = body.message.file_url;
  assert.equal((await download(app, url)).status, 401);
  assert.equal((await download(app, url, eve.headers)).status, 403);
  assert.equal((await download(app, `${url}x`, bob.headers)).status, 404);
  const escapes = ["%2e%2e%2fparlor.db", "..%5cparlor.db", "parlor.db"];
  for (const name of escapes) {
    const other = `/tools/uploads/${roomId}/${name}`;
    assert.equal((await download(app, other, bob.headers)).status, 404, name);
  }
  // A page of another site cannot send one by the cookie.
  const form = new FormData();
  form.set("image", new File([GIF], "cat.gif"));
  const response = await fetch(`${app.url}/tools/api/chat/${path}/`, {
    method: "POST",
    headers: { ...ann.headers, Origin: "https://evil.example" },
    body: form,
  });
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "cross_site_refused");
});

Deno.test("No room's id leads a file out of the folder", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const ann = await ChatUser.logIn(app.url, "ann");
  const roomId = "test-room-x/../../../escaped";
  const path = `${encodeURIComponent(roomId)}/send-image`;
  const { status, body } = await upload(app, ann, path, { bytes: GIF });
  assert.equal(status, 200, JSON.stringify(body));
  const { file_url } = body.message;
  const file = await download(app, file_url, ann.headers);
  assert.deepEqual(file.bytes, GIF);
  const uploads = [...Deno.readDirSync(folder.file("parlor.db.uploads"))];
  assert.equal(uploads.length, 1);
  assert(folder.names().every((name) => name.startsWith("parlor.db")));
});

Deno.test("A range of a file is served, as players ask for it", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const { ann, roomId } = await newPair(app.url);
  const { body } = await upload(app, ann, `${roomId}/send-audio`, {
    bytes: OGG,
  });
  const url: string = body.message.file_url;
  const Range = "bytes=2-5";
  const part = await download(app, url, { ...ann.headers, Range });
  assert.equal(part.status, 206);
  assert.deepEqual(part.bytes, OGG.slice(2, 6));
  const range = part.headers.get("content-range");
  assert.equal(range, `bytes 2-5/${OGG.length}`);
});

Deno.test("An upload that is sent again by its name is one message", async () => {
  using folder = new TempFolder();
  await using app = await newTestApp(settingsIn(folder));
  const { ann, bob, roomId } = await newPair(app.url);
  const fields = { client_msg_id: "u-1", content: "my cat" };
  for (const _ of [1, 2]) {
    const path = `${roomId}/send-image`;
    const sent = await upload(app, ann, path, { bytes: GIF, fields });
    assert.equal(sent.body.message.id, 2);
    const { file_url } = sent.body.message;
    assert.equal((await download(app, file_url, bob.headers)).status, 200);
  }
  const { messages } = await bob.ask(`GET chat/${roomId}/messages/`);
  assert.equal(messages.length, 1);
  assert.equal(messages[0].content, "my cat");
  const { file_url } = messages[0];
  assert.equal((await download(app, file_url, bob.headers)).status, 200);
  // What the retry brought is not kept beside it.
  const files = [...Deno.readDirSync(folder.file("parlor.db.uploads"))];
  assert.equal(files.length, 1);
  const kept = `${folder.file("parlor.db.uploads")}/${files[0]?.name}`;
  assert.equal([...Deno.readDirSync(kept)].length, 1);
});

Deno.test("UPLOAD_TOTAL_BYTES_MAX is the end of it, and a restart forgets none", async () => {
  using folder = new TempFolder();
  const settings = {
    ...settingsIn(folder),
    UPLOAD_TOTAL_BYTES_MAX: String(2 * MIB),
  };
  let ann: ChatUser;
  let roomId: string;
  {
    await using app = await newTestApp(settings);
    const pair = await newPair(app.url);
    ({ ann, roomId } = pair);
    const bytes = padded(GIF, 2 * MIB - 100);
    const sent = await upload(app, ann, `${roomId}/send-image`, { bytes });
    assert.equal(sent.status, 200);
  }
  await using app = await newTestApp(settings);
  const path = `${roomId}/send-image`;
  const full = await upload(app, ann, path, { bytes: padded(GIF, 101) });
  assert.deepEqual([full.status, full.body.code], [507, "uploads_full"]);
  const last = await upload(app, ann, path, { bytes: padded(GIF, 100) });
  assert.equal(last.status, 200);
});

Deno.test("Without a database file no upload is taken", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  const path = `${roomId}/send-image`;
  const { status, body } = await upload(app, ann, path, { bytes: GIF });
  assert.deepEqual([status, body.code], [503, "storage_unavailable"]);
});

Deno.test("Files outlive their room until it is purged, and go with it", async () => {
  using folder = new TempFolder();
  const clock = new LeapingClock();
  const settings = { ...settingsIn(folder), CLEANUP_RETENTION_DAYS: "1" };
  await using app = await newTestApp(settings, { clock });
  const { ann, bob, roomId } = await newPair(app.url);
  const { body } = await upload(app, ann, `${roomId}/send-image`, {
    bytes: GIF,
  });
  const url: string = body.message.file_url;
  await bob.ask("POST heart_link/cleanup/", { room_id: roomId });
  assert.equal((await download(app, url, ann.headers)).status, 200);
  const late = await upload(app, ann, `${roomId}/send-image`, { bytes: GIF });
  assert.deepEqual([late.status, late.body.code], [410, "room_ended"]);
  clock.leap(23 * HOUR_MS);
  await app.runJob("room_purge");
  assert.equal((await download(app, url, ann.headers)).status, 200);
  clock.leap(2 * HOUR_MS);
  await app.runJob("room_purge");
  assert.equal((await download(app, url, ann.headers)).status, 404);
  const uploads = folder.file("parlor.db.uploads");
  assert.deepEqual([...Deno.readDirSync(uploads)], []);
  const { status } = await ann.api(`GET chat/${roomId}/messages/`);
  assert.equal(status, 404);
});
