import assert from "node:assert/strict";
import {
  extensionOf,
  type FileKind,
  servingOf,
} from "../../src/upload/file_format.ts";

function bytes(...parts: (string | number[])[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((part) =>
      typeof part === "string"
        ? [...part].map((char) => char.charCodeAt(0))
        : part
    ),
  );
}

const SAMPLES: readonly [FileKind, string, Uint8Array, string][] = [
  ["image", "jpg", bytes([0xff, 0xd8, 0xff, 0xe0]), "image/jpeg"],
  ["image", "png", bytes([0x89], "PNG\r\n", [0x1a, 0x0a]), "image/png"],
  ["image", "gif", bytes("GIF89a"), "image/gif"],
  ["image", "webp", bytes("RIFF", [1, 2, 3, 4], "WEBPVP8 "), "image/webp"],
  ["audio", "mp3", bytes("ID3", [4, 0]), "audio/mpeg"],
  ["audio", "mp3", bytes([0xff, 0xfb, 0x90]), "audio/mpeg"],
  ["audio", "aac", bytes([0xff, 0xf1, 0x50]), "audio/aac"],
  ["audio", "wav", bytes("RIFF", [1, 2, 3, 4], "WAVEfmt "), "audio/wav"],
  ["audio", "ogg", bytes("OggS", [0, 2]), "audio/ogg"],
  ["audio", "flac", bytes("fLaC"), "audio/flac"],
  ["audio", "amr", bytes("#!AMR\n"), "audio/amr"],
  ["audio", "m4a", bytes([0, 0, 0, 32], "ftypM4A "), "audio/mp4"],
  ["audio", "webm", bytes([0x1a, 0x45, 0xdf, 0xa3]), "audio/webm"],
  ["video", "webm", bytes([0x1a, 0x45, 0xdf, 0xa3]), "video/webm"],
  ["video", "mp4", bytes([0, 0, 0, 32], "ftypisom"), "video/mp4"],
  ["video", "mov", bytes([0, 0, 0, 32], "ftypqt  "), "video/quicktime"],
  ["video", "avi", bytes("RIFF", [1, 2, 3, 4], "AVI LIST"), "video/x-msvideo"],
  [
    "video",
    "wmv",
    bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66]),
    "video/x-ms-wmv",
  ],
  ["video", "flv", bytes("FLV", [1, 5]), "video/x-flv"],
];

Deno.test("extensionOf tells each format by its bytes, and servingOf its type", () => {
  for (const [kind, extension, head, contentType] of SAMPLES) {
    assert.equal(extensionOf(kind, head), extension, contentType);
    const serving = servingOf(kind, extension);
    assert.deepEqual(serving, { contentType, isShown: true });
  }
});

Deno.test("extensionOf refuses bytes that are no format of the kind", () => {
  const page = bytes("<!doctype html><script>alert(1)</script>");
  const picture = bytes("GIF89a");
  assert.equal(extensionOf("image", page), undefined);
  assert.equal(extensionOf("image", bytes("<svg xmlns=")), undefined);
  assert.equal(extensionOf("video", picture), undefined);
  assert.equal(extensionOf("audio", picture), undefined);
  assert.equal(extensionOf("image", bytes()), undefined);
});

Deno.test("extensionOf takes anything as a file, to be saved and never shown", () => {
  const page = bytes("<!doctype html>");
  assert.equal(extensionOf("file", page), "bin");
  assert.equal(extensionOf("file", bytes("GIF89a")), "bin");
  assert.deepEqual(servingOf("file", "bin"), {
    contentType: "application/octet-stream",
    isShown: false,
  });
});

Deno.test("servingOf shows nothing that it does not know", () => {
  assert.equal(servingOf("image", "svg").isShown, false);
  assert.equal(servingOf("image", "mp4").isShown, false);
  assert.equal(servingOf("constructor", "png").isShown, false);
  assert.equal(servingOf("image", "constructor").isShown, false);
});
