import assert from "node:assert/strict";
import { UnreachableError } from "../../cli/http_transport.ts";
import { ServerOrFile } from "../../cli/server_or_file.ts";
import type { OfflineServer, Transport } from "../../cli/transport.ts";

function answering(name: string, asked: string[]): OfflineServer {
  return {
    request(method, path) {
      asked.push(`${name} ${method} ${path}`);
      return Promise.resolve(new Response());
    },
    close: () => Promise.resolve(),
  };
}

function failing(error: Error): Transport {
  return { request: () => Promise.reject(error) };
}

const refused = new UnreachableError("refused", true);

Deno.test("ServerOrFile asks the server and leaves the file alone", async () => {
  const asked: string[] = [];
  const either = new ServerOrFile({
    server: answering("server", asked),
    openFile: () => assert.fail("the file must not be opened"),
  });
  await either.request("GET", "/a");
  await either.request("GET", "/b");
  assert.deepEqual(asked, ["server GET /a", "server GET /b"]);
});

Deno.test("ServerOrFile opens the file once when nothing listens", async () => {
  const asked: string[] = [];
  let openings = 0;
  const either = new ServerOrFile({
    server: failing(refused),
    openFile: () => {
      openings++;
      return Promise.resolve(answering("file", asked));
    },
  });
  await either.request("GET", "/a");
  await either.request("POST", "/b", {});
  assert.deepEqual(asked, ["file GET /a", "file POST /b"]);
  assert.equal(openings, 1);
});

Deno.test("ServerOrFile opens no file when a server may be there", async () => {
  const either = new ServerOrFile({
    server: failing(new UnreachableError("too late", false)),
    openFile: () => assert.fail("the file must not be opened"),
  });
  await assert.rejects(either.request("GET", "/a"), /too late/);
});

Deno.test("ServerOrFile stays with a server that went away", async () => {
  let isUp = true;
  const either = new ServerOrFile({
    server: {
      request: () =>
        isUp ? Promise.resolve(new Response()) : Promise.reject(refused),
    },
    openFile: () => assert.fail("the file must not be opened"),
  });
  await either.request("GET", "/a");
  isUp = false;
  await assert.rejects(either.request("GET", "/b"), /refused/);
});
