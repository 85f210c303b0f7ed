import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { systemIds } from "../../../src/base/ids.ts";
import { STALL_MS_MAX } from "../../../src/http/tools/timely_body.ts";
import { toolsApi } from "../../../src/http/tools/tools_api.ts";
import {
  sendFileRoutes,
  uploadedFiles,
} from "../../../src/http/tools/upload_routes.ts";
import { DiskUploadFolder } from "../../../src/upload/disk_upload_folder.ts";
import { Uploads } from "../../../src/upload/uploads.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { settle } from "../../support/fake_clock.ts";
import { newMessage } from "../../support/fake_messages.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { newTestTools } from "../../support/test_tools.ts";

const GIF = new TextEncoder().encode("GIF89a-and-more");

class World implements Disposable {
  readonly temp = new TempFolder();
  readonly tools = newTestTools();
  readonly room = this.tools.rooms.open("r1", newChat(["u1", "u2"]));
  readonly #app = new Hono();

  constructor() {
    const uploads = new Uploads({
      folder: new DiskUploadFolder(this.temp.path),
      totalBytesMax: 2 ** 30,
      ids: systemIds,
    });
    const { deps } = this.tools;
    const all = { ...deps, uploads };
    this.#app.route("/tools/api", toolsApi(all, sendFileRoutes(all)));
    this.#app.route("/tools/uploads", uploadedFiles(all));
  }

  /** Sends a file as u1, unless another is named. */
  async send(
    kind: string,
    bytes: Uint8Array<ArrayBuffer>,
    more: {
      name?: string;
      user?: string;
      field?: string;
      fields?: Record<string, string>;
    } = {},
  ): Promise<Response> {
    const { name = "cat.gif", user = "u1", field = kind, fields = {} } = more;
    const form = new FormData();
    form.set(field, new File([bytes], name));
    for (const [key, value] of Object.entries(fields)) form.set(key, value);
    const body = new Response(form);
    const encoded = await body.bytes();
    return await this.ask(`/tools/api/chat/r1/send-${kind}/`, {
      method: "POST",
      user,
      body: encoded,
      headers: {
        "Content-Type": body.headers.get("Content-Type") ?? "",
        "Content-Length": String(encoded.length),
      },
    });
  }

  async ask(
    path: string,
    { user = "u1", headers = {}, ...more }: {
      user?: string;
      method?: string;
      body?: BodyInit;
      headers?: Record<string, string>;
    } = {},
  ): Promise<Response> {
    return await this.#app.request(`http://parlor.test${path}`, {
      ...more,
      headers: { Authorization: `Bearer ${user}`, ...headers },
    });
  }

  /** The files that are kept. */
  get files(): string[] {
    return this.temp.names().flatMap((room) =>
      Array.from(Deno.readDirSync(this.temp.file(room)), ({ name }) => name)
    );
  }

  [Symbol.dispose](): void {
    this.temp[Symbol.dispose]();
  }
}

Deno.test("sendFileRoutes post a picture and serve it to the other", async () => {
  using world = new World();
  const response = await world.send("image", GIF, {
    fields: { content: " look ", client_msg_id: "m1" },
  });
  const { success, message, upload_info } = await response.json();
  assert.equal(success, true);
  assert.equal(message.message_type, "image");
  assert.equal(message.content, "look");
  assert.equal(message.file_name, "cat.gif");
  assert.equal(message.is_own, true);
  assert.deepEqual(upload_info, {
    file_name: "cat.gif",
    file_size: GIF.length,
  });
  const [posted] = world.room.posts;
  assert.equal(posted?.author.userId, "u1");
  assert.deepEqual(posted?.command, {
    type: "chat",
    content: "look",
    messageType: "image",
    fileUrl: message.file_url,
    fileName: "cat.gif",
    clientMsgId: "m1",
  });
  const file = await world.ask(message.file_url, { user: "u2" });
  assert.equal(file.status, 200);
  assert.equal(file.headers.get("Content-Type"), "image/gif");
  assert.equal(file.headers.get("X-Content-Type-Options"), "nosniff");
  assert.match(
    file.headers.get("Content-Disposition") ?? "",
    /^inline; filename="[0-9a-f-]{36}-image\.gif"$/,
  );
  assert.match(
    file.headers.get("Content-Security-Policy") ?? "",
    /default-src 'none'; sandbox/,
  );
  assert.deepEqual(await file.bytes(), GIF);
});

Deno.test("sendFileRoutes keep a page that is sent as a file from being shown", async () => {
  using world = new World();
  const page = new TextEncoder().encode("<script>alert(1)</script>");
  const response = await world.send("file", page, { name: "a.html" });
  const { message } = await response.json();
  const file = await world.ask(message.file_url);
  assert.equal(file.headers.get("Content-Type"), "application/octet-stream");
  assert.match(file.headers.get("Content-Disposition") ?? "", /^attachment;/);
  await file.body?.cancel();
});

Deno.test("sendFileRoutes look at the bytes and not at the name", async () => {
  using world = new World();
  const page = new TextEncoder().encode("<script>alert(1)</script>");
  const response = await world.send("image", page, { name: "cat.png" });
  assert.equal(response.status, 400);
  const { success, code, error } = await response.json();
  assert.equal(success, false);
  assert.equal(code, "file_refused");
  assert.equal(error, "不支持的文件格式");
  assert.deepEqual(world.room.posts, []);
  assert.deepEqual(world.files, []);
});

Deno.test("sendFileRoutes take each kind up to its bound", async () => {
  using world = new World();
  const bounds = { image: 5, audio: 10, file: 10, video: 50 };
  for (const [kind, mib] of Object.entries(bounds)) {
    const bytes = new Uint8Array(mib * 2 ** 20 + 1);
    const head = kind === "video"
      ? "FLV\x01"
      : kind === "audio"
      ? "ID3"
      : "GIF89a";
    bytes.set(new TextEncoder().encode(head));
    const fits = await world.send(kind, bytes.subarray(0, -1));
    assert.equal(fits.status, 200, kind);
    await fits.body?.cancel();
    const over = await world.send(kind, bytes);
    assert.equal(over.status, 413, kind);
    assert.equal((await over.json()).code, "file_too_large");
  }
});

Deno.test("sendFileRoutes keep no file whose message was refused", async () => {
  using world = new World();
  world.room.postRefusal = new ChatError("user_muted");
  const response = await world.send("image", GIF);
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "user_muted");
  assert.deepEqual(world.files, []);
});

Deno.test("sendFileRoutes strip folders and control characters from a name", async () => {
  using world = new World();
  const names = { "../../etc/passwd": "passwd", "C:\\a\\b.gif": "b.gif" };
  for (const [name, plain] of Object.entries(names)) {
    const response = await world.send("image", GIF, { name });
    assert.equal((await response.json()).message.file_name, plain);
  }
});

Deno.test("sendFileRoutes refuse a body that is no form, or has no file", async () => {
  using world = new World();
  const path = "/tools/api/chat/r1/send-image";
  const json = await world.ask(path, {
    method: "POST",
    body: "{}",
    headers: { "Content-Type": "application/json", "Content-Length": "2" },
  });
  assert.equal(json.status, 400);
  assert.equal((await json.json()).code, "bad_request");
  const other = await world.send("image", GIF, { field: "photo" });
  assert.equal((await other.json()).code, "bad_request");
  const endless = await world.ask(path, { method: "POST", body: "x" });
  assert.equal((await endless.json()).code, "bad_request");
});

Deno.test("sendFileRoutes and uploadedFiles are closed to strangers", async () => {
  using world = new World();
  const sent = await world.send("image", GIF, { user: "u3" });
  assert.equal((await sent.json()).code, "not_participant");
  const { message } = await (await world.send("image", GIF)).json();
  const seen = await world.ask(message.file_url, { user: "u3" });
  assert.equal(seen.status, 403);
  assert.equal((await seen.json()).code, "not_participant");
});

Deno.test("uploadedFiles serve one range, so that a film can be skipped through", async () => {
  using world = new World();
  const { message } = await (await world.send("image", GIF)).json();
  const headers = { Range: "bytes=3-5" };
  const part = await world.ask(message.file_url, { headers });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("Content-Range"), "bytes 3-5/15");
  assert.equal(part.headers.get("Content-Length"), "3");
  assert.equal(await part.text(), "89a");
  const end = await world.ask(message.file_url, {
    headers: { Range: "bytes=-4" },
  });
  assert.equal(end.headers.get("Content-Range"), "bytes 11-14/15");
  assert.equal(await end.text(), "more");
  for (const Range of ["bytes=0-1,3-4", "x"]) {
    const whole = await world.ask(message.file_url, { headers: { Range } });
    assert.equal(whole.status, 200, Range);
    assert.equal((await whole.bytes()).length, GIF.length);
  }
});

Deno.test("uploadedFiles refuse a range behind the file", async () => {
  using world = new World();
  const { message } = await (await world.send("image", GIF)).json();
  const headers = { Range: "bytes=15-" };
  const refused = await world.ask(message.file_url, { headers });
  assert.equal(refused.status, 416);
  assert.equal(refused.headers.get("Content-Range"), "bytes */15");
  assert.equal(await refused.text(), "");
});

Deno.test("uploadedFiles answer HEAD without the file", async () => {
  using world = new World();
  const { message } = await (await world.send("image", GIF)).json();
  const head = await world.ask(message.file_url, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("Content-Type"), "image/gif");
  assert.equal(await head.text(), "");
});

Deno.test("uploadedFiles know no other file", async () => {
  using world = new World();
  Deno.writeTextFileSync(world.temp.file("secret"), "secret");
  for (const name of ["secret", "..%2Fsecret", "x.gif"]) {
    const response = await world.ask(`/tools/uploads/r1/${name}`);
    assert.equal(response.status, 404, name);
    assert.equal((await response.json()).code, "file_not_found");
  }
});

Deno.test("sendFileRoutes answer a repeated id with the file that came first", async () => {
  using world = new World();
  const fields = { "client_msg_id": "m1" };
  const { message } = await (await world.send("image", GIF, { fields })).json();
  const fileUrl: string = message.file_url;
  world.tools.messages.entries = [
    newMessage({ roomId: "r1", seq: 7, actor: "u1", payload: { fileUrl } }),
  ];
  assert.deepEqual(world.tools.recorder.flushes, []);
  world.room.posted = { ...world.room.posted, isRepeated: true };
  const again = await world.send("image", GIF, { fields });
  assert.equal((await again.json()).message.file_url, fileUrl);
  assert.equal(world.files.length, 1);
  world.tools.messages.failure = new Error("The database failed");
  const blind = await world.send("image", GIF, { fields });
  assert.equal(blind.status, 200);
  const shown = (await blind.json()).message;
  assert.deepEqual([shown.id, shown.file_url], [7, undefined]);
  assert.equal(world.files.length, 1);
});

Deno.test("sendFileRoutes let a deletion find the sender's file", async () => {
  using world = new World();
  const { message } = await (await world.send("image", GIF)).json();
  const payload = { fileUrl: message.file_url };
  async function removeBy(user: string): Promise<void> {
    const entry = newMessage({ roomId: "r1", seq: 7, actor: user, payload });
    world.tools.messages.entries = [entry];
    const path = "/tools/api/chat/r1/delete-message/7/";
    const response = await world.ask(path, { method: "POST", user });
    assert.equal(response.status, 200);
    await response.text();
  }
  await removeBy("u2");
  assert.equal(world.files.length, 1);
  await removeBy("u1");
  assert.deepEqual(world.files, []);
});

Deno.test("sendFileRoutes say that the disk failed, once, and name no path", async () => {
  using world = new World();
  Deno.writeTextFileSync(world.temp.file("r1"), "in the way");
  const response = await world.send("image", GIF);
  assert.equal(response.status, 503);
  const text = await response.text();
  assert.equal(JSON.parse(text).code, "storage_unavailable");
  assert(!text.includes(world.temp.path));
  assert.equal(world.tools.log.lines.length, 1);
});

Deno.test("sendFileRoutes let no user hold all memory", async () => {
  using world = new World();
  const stalled = [1, 2].map(() =>
    world.ask("/tools/api/chat/r1/send-video", {
      method: "POST",
      body: new ReadableStream(),
      headers: {
        "Content-Type": "multipart/form-data; boundary=B",
        "Content-Length": String(10 * 2 ** 20),
      },
    })
  );
  await settle();
  const refused = await world.send("image", GIF);
  assert.equal(refused.status, 503);
  assert.equal((await refused.json()).code, "busy");
  const other = await world.send("image", GIF, { user: "u2" });
  assert.equal(other.status, 200);
  await other.text();
  await world.tools.clock.advance(STALL_MS_MAX);
  for (const response of await Promise.all(stalled)) {
    assert.equal((await response.json()).code, "busy");
  }
  assert.equal((await world.send("image", GIF)).status, 200);
});

Deno.test("sendFileRoutes and uploadedFiles know no device room", async () => {
  using world = new World();
  const sent = await world.send("image", GIF);
  const { message } = await sent.json();
  world.room.current = { ...world.room.current, kind: "device", chat: null };
  assert.equal((await world.send("image", GIF)).status, 404);
  const served = await world.ask(message.file_url);
  assert.deepEqual([served.status, (await served.json()).code], [
    404,
    "room_not_found",
  ]);
});
