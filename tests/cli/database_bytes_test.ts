import assert from "node:assert/strict";
import { databaseBytes } from "../../cli/database_bytes.ts";

const DATABASE = "SQLite format 3\0and its pages";

function streamOf(...texts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return ReadableStream.from(texts.map((text) => encoder.encode(text)));
}

async function pass(...texts: string[]): Promise<string> {
  return await new Response(databaseBytes(streamOf(...texts)).stream).text();
}

Deno.test("databaseBytes passes a database on and counts it", async () => {
  const bytes = databaseBytes(streamOf(DATABASE, "more"));
  assert.equal(await new Response(bytes.stream).text(), `${DATABASE}more`);
  assert.equal(bytes.count(), DATABASE.length + 4);
});

Deno.test("databaseBytes knows a database whose first bytes come singly", async () => {
  assert.equal(await pass(...DATABASE), DATABASE);
});

Deno.test("databaseBytes fails on what is no database", async () => {
  const expected = /^The server did not answer with a database/;
  for (const texts of [["<html>"], [], ["SQLite format "], ["SQL", "ate"]]) {
    await assert.rejects(pass(...texts), (error: Error) => {
      assert.match(error.message, expected);
      return true;
    });
  }
});
