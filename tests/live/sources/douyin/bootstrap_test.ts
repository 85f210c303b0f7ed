import assert from "node:assert/strict";
import {
  isLook,
  type Look,
  look,
} from "../../../../src/live/sources/douyin/bootstrap.ts";
import type { SourceEnd } from "../../../../src/live/source.ts";
import { DouyinUpstream } from "../../../support/douyin_upstream.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const NEVER = new AbortController().signal;

const PORTS = {
  userAgent: "Mozilla/5.0 (X)",
  fetch,
  clock: new FakeClock(),
  ids: { fraction: () => 0 },
};

function lookAt(pageUrl: string, ttwid?: string): Promise<Look | SourceEnd> {
  return look("room_1", { ...PORTS, pageUrl }, { ttwid, signal: NEVER });
}

/** Looks at a room of a server that answers in one way. */
async function lookWhere(serve: (url: URL) => Response) {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ url }) => serve(new URL(url)),
  );
  return await lookAt(`http://127.0.0.1:${server.addr.port}`);
}

Deno.test("look brings a cookie, the room's number and its state", async () => {
  await using upstream = new DouyinUpstream();
  assert.deepEqual(await lookAt(upstream.settings.pageUrl), {
    visit: {
      roomId: "7412345678901234567",
      ttwid: "1%7Cvisitor",
      userUniqueId: "7000000000000000000",
    },
    status: { kind: "live" },
  });
  const enter = "/webcast/room/web/enter/";
  assert.deepEqual(upstream.paths, ["/", "/room_1", enter]);
});

Deno.test("look asks as the platform's page does", async () => {
  await using upstream = new DouyinUpstream();
  const { pageUrl } = upstream.settings;
  await lookAt(pageUrl);
  const token = "A".repeat(182);
  const [first, page, state] = upstream.requests;
  assert.equal(first?.headers.get("cookie"), `msToken=${token}`);
  assert.equal(
    page?.headers.get("cookie"),
    `msToken=${token}; ttwid=1%7Cvisitor; __ac_nonce=0abc`,
  );
  assert.equal(page?.headers.get("user-agent"), "Mozilla/5.0 (X)");
  assert.equal(state?.headers.get("referer"), `${pageUrl}/room_1`);
  assert.deepEqual(Array.from(state?.query ?? []), [
    ["aid", "6383"],
    ["app_name", "douyin_web"],
    ["live_id", "1"],
    ["device_platform", "web"],
    ["language", "zh-CN"],
    ["enter_from", "page_refresh"],
    ["cookie_enabled", "true"],
    ["screen_width", "1920"],
    ["screen_height", "1080"],
    ["browser_language", "zh-CN"],
    ["browser_platform", "Win32"],
    ["browser_name", "Mozilla"],
    ["browser_version", "5.0 (X)"],
    ["web_rid", "room_1"],
    ["room_id_str", "7412345678901234567"],
    ["is_need_double_stream", "false"],
    ["msToken", token],
  ]);
});

Deno.test("look asks for no cookie where it has one", async () => {
  await using upstream = new DouyinUpstream();
  const looked = await lookAt(upstream.settings.pageUrl, "mine");
  assert(isLook(looked));
  assert.equal(looked.visit.ttwid, "mine");
  assert.deepEqual(upstream.paths, ["/room_1", "/webcast/room/web/enter/"]);
});

Deno.test("look says what state a room is in", async () => {
  await using upstream = new DouyinUpstream();
  const kinds = [];
  for (const status of [2, 3]) {
    upstream.roomStatus = status;
    const looked = await lookAt(upstream.settings.pageUrl);
    kinds.push(isLook(looked) ? looked.status : looked);
  }
  assert.deepEqual(kinds, [{ kind: "ended" }, { kind: "abnormal", code: 3 }]);
});

Deno.test("look takes the room's number from its state where the page has none", async () => {
  await using upstream = new DouyinUpstream();
  upstream.roomId = "";
  upstream.stateText = '{"data":{"room_status":0,"data":[{"id_str":"75"}]}}';
  const looked = await lookAt(upstream.settings.pageUrl);
  assert(isLook(looked));
  assert.equal(looked.visit.roomId, "75");
});

Deno.test("look knows nothing of a live room without a number", async () => {
  await using upstream = new DouyinUpstream();
  upstream.roomId = "";
  const looked = await lookAt(upstream.settings.pageUrl);
  assert(isLook(looked));
  assert.deepEqual(looked.status, {
    kind: "unknown",
    fault: "status_unknown",
  });
});

Deno.test("look knows nothing where it is turned away", async () => {
  const unknown = { kind: "unknown", fault: "status_unknown" };
  const live = '{"data":{"room_status":0}}';
  for (const answer of [["", 200], ["<html>", 200], [live, 403]] as const) {
    const looked = await lookWhere(({ pathname }) =>
      pathname.startsWith("/webcast/")
        ? new Response(answer[0], { status: answer[1] })
        : new Response('"roomId":"5"')
    );
    assert(isLook(looked));
    assert.deepEqual(looked.status, unknown);
    assert.equal(looked.visit.roomId, "5");
  }
});

Deno.test("look follows redirects on the host, with their cookies", async () => {
  const seen: string[] = [];
  const looked = await lookWhere(({ pathname }) => {
    seen.push(pathname);
    if (pathname === "/room_1") {
      return new Response(null, {
        status: 302,
        headers: { "location": "/moved", "set-cookie": "ttwid=late" },
      });
    }
    return new Response('{"data":{"room_status":0}} "roomId":"5"');
  });
  assert(isLook(looked));
  assert(seen.includes("/moved"));
  assert.equal(looked.visit.roomId, "5");
  assert.equal(looked.visit.ttwid, "late");
});

Deno.test("look follows three redirects, and none to elsewhere", async () => {
  const seen: string[] = [];
  await lookWhere(({ pathname }) => {
    seen.push(pathname);
    if (pathname === "/") {
      const headers = { location: "http://localhost:1/" };
      return new Response(null, { status: 302, headers });
    }
    const headers = { location: `${pathname}x` };
    return new Response(null, { status: 302, headers });
  });
  assert.equal(seen.filter((path) => path === "/").length, 1);
  const hops = seen.filter((path) => path.startsWith("/room_1"));
  assert.deepEqual(hops, ["/room_1", "/room_1x", "/room_1xx", "/room_1xxx"]);
});

Deno.test("look says that nobody is there", async () => {
  const ports = {
    ...PORTS,
    pageUrl: "http://host",
    fetch: () => Promise.reject(new TypeError("Connection refused")),
  };
  const looked = await look("1", ports, { signal: NEVER });
  assert.deepEqual(looked, { fault: "connect_failed" });
});
