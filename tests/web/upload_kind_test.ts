import assert from "node:assert/strict";
import { uploadForm, uploadKind } from "../../src/web/upload_kind.ts";

Deno.test("uploadKind takes what the server shows in place for what it is", () => {
  assert.equal(uploadKind("image/png"), "image");
  assert.equal(uploadKind("audio/ogg"), "audio");
  assert.equal(uploadKind("video/mp4"), "video");
});

Deno.test("uploadKind takes anything else for a file", () => {
  for (const type of ["", "image/svg+xml", "image/tiff", "text/html"]) {
    assert.equal(uploadKind(type), "file", type);
  }
});

Deno.test("uploadForm brings the file, and its name in a field of its own", () => {
  const name = 'v 1.2=x;y "z".png';
  const form = uploadForm("image", new File(["GIF89a"], name));
  assert.equal(form.get("file_name"), name);
  assert(form.get("image") instanceof File);
});
