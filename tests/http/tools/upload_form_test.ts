import assert from "node:assert/strict";
import { type Context, Hono } from "@hono/hono";
import {
  announcedBytes,
  readUpload,
  type UploadForm,
} from "../../../src/http/tools/upload_form.ts";
import { STALL_MS_MAX } from "../../../src/http/tools/timely_body.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import {
  CLIENT_MSG_ID_CHARS_MAX,
  FILE_NAME_CHARS_MAX,
} from "../../../src/wire/limits.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const LIMITS = {
  contentCharsMax: 20,
  bytesMax: 10_000,
  clock: new FakeClock(),
};

/** What reading a request comes to. */
async function readBy<Value>(
  init: RequestInit,
  read: (c: Context) => Value | Promise<Value>,
): Promise<Value> {
  const result = Promise.withResolvers<Value>();
  const app = new Hono();
  app.post("/", async (c) => {
    try {
      result.resolve(await read(c));
    } catch (error) {
      result.reject(error);
    }
    return c.body(null);
  });
  const request = new Request("http://parlor.test/", {
    method: "POST",
    ...init,
  });
  await app.request(request);
  return await result.promise;
}

/** Reads a form with an image `cat.gif`, and other fields beside it. */
function readForm(
  fields: Record<string, string | File> = {},
  { name = "cat.gif" } = {},
): Promise<UploadForm> {
  const body = new FormData();
  body.set("image", new File(["GIF89a"], name));
  for (const [key, value] of Object.entries(fields)) body.set(key, value);
  return readBy({ body }, (c) => readUpload(c, "image", LIMITS));
}

Deno.test("readUpload reads a file and what is said of it", async () => {
  const form = await readForm({ content: "  look ", "client_msg_id": "m-1" });
  assert.equal(await form.file.text(), "GIF89a");
  assert.deepEqual(
    [form.fileName, form.content, form.clientMsgId],
    ["cat.gif", "look", "m-1"],
  );
});

Deno.test("readUpload needs nothing but the file", async () => {
  const form = await readForm();
  assert.equal(form.content, "");
  assert(!("clientMsgId" in form));
});

Deno.test("readUpload keeps of a name what no folder or terminal reads", async () => {
  const names: [name: string, kept: string][] = [
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ann\\cat.gif", "cat.gif"],
    ["a\u0085b\u009bc.gif", "abc.gif"],
    ["folder/", ""],
    ["猫.gif", "猫.gif"],
  ];
  for (const [name, kept] of names) {
    const { fileName } = await readForm({}, { name });
    assert.equal(fileName, kept, JSON.stringify(name));
  }
});

Deno.test("readUpload takes the name of its own field before that of the file", async () => {
  const { fileName } = await readForm({ "file_name": "a/my; cat=1.gif" });
  assert.equal(fileName, "my; cat=1.gif");
});

Deno.test("readUpload cuts a name at its bound, in no half of a character", async () => {
  for (const over of [-1, 0, 1]) {
    const name = "n".repeat(FILE_NAME_CHARS_MAX + over);
    const { fileName } = await readForm({}, { name });
    assert.equal(fileName, name.slice(0, FILE_NAME_CHARS_MAX));
  }
  const cut = `${"n".repeat(FILE_NAME_CHARS_MAX - 1)}😀`;
  const { fileName } = await readForm({}, { name: cut });
  assert(fileName.isWellFormed());
  assert.equal(fileName.length, FILE_NAME_CHARS_MAX);
});

Deno.test("readUpload takes texts up to their bounds", async () => {
  const content = "c".repeat(LIMITS.contentCharsMax);
  const id = "i".repeat(CLIENT_MSG_ID_CHARS_MAX);
  const form = await readForm({ content, "client_msg_id": id });
  assert.deepEqual([form.content, form.clientMsgId], [content, id]);
  await refuses(readForm({ content: `${content}c` }), /content/);
  await refuses(readForm({ "client_msg_id": `${id}i` }), /client_msg_id/);
});

/** Asserts `bad_request` with a message. */
function refuses(reading: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(reading, (error) => {
    assert(error instanceof ChatError);
    assert.equal(error.code, "bad_request");
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("readUpload wants the file in the field of its kind, as a file", async () => {
  const body = new FormData();
  body.set("photo", new File(["GIF89a"], "cat.gif"));
  const read = (c: Context) => readUpload(c, "image", LIMITS);
  await refuses(readBy({ body }, read), /no file in its field image/);
  const text = new FormData();
  text.set("image", "GIF89a");
  await refuses(readBy({ body: text }, read), /no file in its field image/);
});

Deno.test("readUpload refuses a file where a text belongs", async () => {
  const content = new File(["hello"], "content.txt");
  await refuses(readForm({ content }), /content/);
});

Deno.test("readUpload refuses what is no form", async () => {
  const read = (c: Context) => readUpload(c, "image", LIMITS);
  const types = [
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
  ];
  for (const type of types) {
    const init = { body: "{}", headers: { "Content-Type": type } };
    await refuses(readBy(init, read), /want multipart\/form-data/);
  }
  await refuses(readBy({}, read), /want multipart\/form-data/);
});

Deno.test("announcedBytes reads the length, and wants one", async () => {
  function read(length?: string): Promise<number> {
    const headers: HeadersInit = length === undefined
      ? {}
      : { "Content-Length": length };
    return readBy({ headers }, announcedBytes);
  }
  assert.equal(await read("0"), 0);
  assert.equal(await read("123456789012"), 123_456_789_012);
  for (const length of [undefined, "", "-1", "1.5", "1e3", "1234567890123"]) {
    await refuses(read(length), /Content-Length is missing/);
  }
});

Deno.test("readUpload takes the name that has a field of its own", async () => {
  const name = 'v 1.2=x;y "z".png';
  const { fileName } = await readForm({ "file_name": `../${name}` });
  assert.equal(fileName, name);
  const long = "n".repeat(FILE_NAME_CHARS_MAX + 1);
  const cut = await readForm({ "file_name": long });
  assert.equal(cut.fileName, long.slice(1));
});

Deno.test("readUpload reads the name of a part as clients escape it", async () => {
  const names = {
    "q%22uote%0D%0A.png": 'q"uote.png',
    'q\\"uote.png': 'q"uote.png',
    "100%25.png": "100%25.png",
    "a=b.png": "a",
  };
  for (const [name, kept] of Object.entries(names)) {
    const disposition = `form-data; name="image"; filename="${name}"`;
    const body = `--B\r\nContent-Disposition: ${disposition}\r\n` +
      "Content-Type: image/gif\r\n\r\nGIF89a\r\n--B--\r\n";
    const headers = { "Content-Type": "multipart/form-data; boundary=B" };
    const read = (c: Context) => readUpload(c, "image", LIMITS);
    const { fileName } = await readBy({ body, headers }, read);
    assert.equal(fileName, kept, name);
  }
});

Deno.test("readUpload gives up a form that does not come", async () => {
  const clock = new FakeClock();
  const headers = { "Content-Type": "multipart/form-data; boundary=B" };
  const read = (c: Context) => readUpload(c, "image", { ...LIMITS, clock });
  const refused = assert.rejects(
    readBy({ body: new ReadableStream(), headers }, read),
    { code: "busy" },
  );
  await clock.advance(STALL_MS_MAX);
  await refused;
});
