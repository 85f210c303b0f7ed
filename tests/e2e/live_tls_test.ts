import assert from "node:assert/strict";
import {
  AUTHORITY,
  CERTIFICATES,
  SERVER_KEY,
} from "../support/live_certificates.ts";
import { type Json, LiveClient, liveUrl } from "../support/live_client.ts";
import {
  type LiveUpstream,
  startLiveUpstream,
} from "../support/live_upstream.ts";
import { chat, writeSources } from "../support/live_world.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

/** An upstream that shows a certificate; on a port of its own without one. */
function startSecure(
  certificate: keyof typeof CERTIFICATES,
  port = 0,
): LiveUpstream {
  const tls = { cert: CERTIFICATES[certificate], key: SERVER_KEY };
  return startLiveUpstream({ port, tls });
}

/** A server that trusts the tests' authority, with an upstream for a source. */
async function startServer(
  folder: TempFolder,
  upstream: LiveUpstream,
): Promise<ServerProcess> {
  const authority = folder.file("authority.pem");
  Deno.writeTextFileSync(authority, AUTHORITY);
  return await ServerProcess.start({
    cwd: folder.path,
    env: {
      DENO_CERT: authority,
      LIVE_BACKOFF_JITTER: "0",
      LIVE_DEFAULT_SOURCE: "demo",
      LIVE_SOURCES_FILE: writeSources(folder, upstream),
    },
  });
}

async function expectLink(
  server: ServerProcess,
  fits: (link: Json) => boolean,
): Promise<Json> {
  let link: Json;
  return await eventually(async () => {
    link = (await askApi(server.url, "GET /api/live/77")).body;
    return fits(link) && link;
  }, { what: () => `a link, not ${JSON.stringify(link)}` });
}

for (const certificate of ["wrongName", "expired"] as const) {
  Deno.test(`A link whose server shows a certificate that is ${certificate} fails with tls_failed until it shows the right one`, async () => {
    using folder = new TempFolder();
    let port: number;
    const wrong = startSecure(certificate);
    await using server = await startServer(folder, wrong);
    {
      await using _upstream = wrong;
      port = wrong.port;
      await askApi(server.url, "POST /api/live/start", {
        body: { "live_id": "77" },
      });
      // It is not given up after the first attempts.
      const failed = await expectLink(
        server,
        ({ state, reconnect_count: count }) =>
          state === "waiting" && count >= 1,
      );
      assert.equal(failed.fault, "tls_failed");
      assert.equal(wrong.triedCount("77"), 0);
    }
    await using right = startSecure("right", port);
    const connection = await right.connection("77");
    await expectLink(server, ({ state }) => state === "live");
    await using viewer = await LiveClient.open(liveUrl(server.url, "77"));
    connection.send(chat("safe and sound"));
    await viewer.expectChat("safe and sound");
    await server.stop();
  });
}
