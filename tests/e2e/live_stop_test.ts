import assert from "node:assert/strict";
import type { Json } from "../support/live_client.ts";
import {
  askLink,
  liveProcess,
  order,
  untilState,
} from "../support/live_process.ts";
import { startLiveUpstream } from "../support/live_upstream.ts";
import { chat } from "../support/live_world.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

/** A server may take this long to end, in ms. */
const STOP_MS_MAX = 5000;

/** Tells each room's status, until it is told to leave a question open. */
class StatusServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #over = Promise.withResolvers<void>();
  readonly #silentOn = new Set<string>();
  /** Questions that are open, by live id. */
  readonly open: string[] = [];

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(new URL(request.url).pathname.slice(1)),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/{live_id}`;
  }

  /** Never answers for a room from now on. */
  silence(liveId: string): void {
    this.#silentOn.add(liveId);
  }

  async #answer(liveId: string): Promise<Response> {
    if (this.#silentOn.has(liveId)) {
      this.open.push(liveId);
      await this.#over.promise;
    }
    return Response.json({ status: 0 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.resolve();
    await this.#server.shutdown();
  }
}

Deno.test("SIGTERM ends a server within 5 s whatever its links are at, and all that is wanted comes back", async () => {
  using folder = new TempFolder();
  await using upstream = startLiveUpstream();
  await using statuses = new StatusServer();
  const status = { url: statuses.url, field: "status", live: [0] };
  const options = liveProcess(folder.path, upstream, { source: { status } });
  const wanted = ["live", "waits", "hangs", "half-open", "slow"];
  {
    await using server = await ServerProcess.start(options);
    const { url } = server;
    const only = (liveId: string) => ({ liveId });
    upstream.misbehave({ kind: "half_open" }, only("half-open"));
    upstream.misbehave({ kind: "slow" }, only("slow"));
    for (const liveId of [...wanted, "over", "stopped"]) {
      await order(url, "start", liveId);
      if (liveId !== "slow") await upstream.connection(liveId);
    }
    upstream.send("live", chat("hello"));
    upstream.send("over", { type: "control", status: "ended" });
    await order(url, "stop", "stopped");
    upstream.misbehave({ kind: "refuse", status: 503 }, only("waits"));
    upstream.connections("waits").at(-1)?.drop();
    await untilState(url, "waits", "waiting");
    statuses.silence("hangs");
    statuses.silence("asked");
    upstream.connections("hangs").at(-1)?.drop();
    const asked = askApi(url, "POST /api/live/start", {
      body: { "live_id": "asked" },
    });
    await eventually(() => statuses.open.length === 2, {
      what: () => `two open questions, not ${statuses.open}`,
    });
    const states = { live: "live", hangs: "checking", "half-open": "live" };
    for (const [liveId, state] of Object.entries(states)) {
      await untilState(url, liveId, state);
    }
    await untilState(url, "slow", "connecting");
    await untilState(url, "over", "ended");
    const startedAt = performance.now();
    server.kill("SIGTERM");
    const { code } = await server.exited();
    const stopMs = performance.now() - startedAt;
    assert.equal(code, 0, server.lines.slice(-5).join("\n"));
    assert(stopMs < STOP_MS_MAX, `stopped after ${Math.round(stopMs)} ms`);
    const answer: Json = await asked.catch(() => undefined);
    assert.notEqual(answer?.status, 200, "a start that was given up succeeded");
    await upstream.gone("live");
  }
  upstream.behave();
  await using server = await ServerProcess.start({
    ...options,
    ...liveProcess(folder.path, upstream),
  });
  for (const liveId of wanted) await untilState(server.url, liveId, "live");
  const { stats } = await askLink(server.url, "live");
  assert.equal(stats.chats, 1);
  for (const [liveId, state] of [["over", "ended"], ["stopped", "stopped"]]) {
    const link = await askLink(server.url, liveId ?? "");
    assert.equal(link.state, state);
  }
  const asked = await askApi(server.url, "GET /api/live/asked");
  assert.equal(asked.status, 404);
  await server.stop();
});
