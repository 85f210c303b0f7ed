/**
 * The page of the user's active rooms: kept so by what the server pushes, and
 * every 30 s as in the seed.
 *
 * @module
 */
/// <reference lib="dom" />

import { type ActiveRooms, onlineCount } from "./active_rooms.ts";
import { get, post } from "./api.ts";
import { byId, showText } from "./elements.ts";
import { fill } from "./fill.ts";
import { LinkPanel } from "./link_panel.ts";
import { listen } from "./push_line.ts";
import { roomCard } from "./room_card.ts";
import { clockText } from "./times.ts";
import { words } from "./words.ts";

const REFRESH_MS = 30_000;
/** How long pushes are gathered before the page asks again, in ms. */
const GATHER_MS = 150;

const language = document.documentElement.lang;
const userId = byId("main", HTMLElement).dataset["userId"] ?? "";
const list = byId("rooms", HTMLUListElement);
const news = byId("news", HTMLElement);
const fault = byId("fault", HTMLElement);
const refresh = byId("refresh", HTMLButtonElement);
const leave = byId("leave", HTMLDialogElement);
const panel = new LinkPanel(() => void load());

let gathering: ReturnType<typeof setTimeout> | undefined;
let loads = 0;
let newest = Promise.resolve(false);
/** The room that the dialog asks about. */
let leavingId: string | undefined;

/** Resolves once the newest facts are shown: `false` when they did not come. */
function load(): Promise<boolean> {
  newest = loadNow(++loads);
  return newest;
}

async function loadNow(turn: number): Promise<boolean> {
  refresh.setAttribute("aria-busy", "true");
  const answer = await get<ActiveRooms>("/tools/api/chat/active_rooms/");
  // A later load has newer facts.
  if (turn !== loads) return await newest;
  refresh.removeAttribute("aria-busy");
  const { isOk, body, reason } = answer;
  showText(fault, isOk ? "" : fill(words.loadFailed, { reason }));
  if (isOk) show(body);
  return isOk;
}

function show(facts: Partial<ActiveRooms>): void {
  const rooms = facts.active_rooms ?? [];
  byId("room-count", HTMLElement).textContent = String(rooms.length);
  byId("online-count", HTMLElement).textContent = String(onlineCount(rooms));
  const link = facts.heart_link_status ?? null;
  byId("link-state", HTMLElement).textContent = link === null
    ? words.linkNone
    : words.linkWaiting;
  panel.show(link);
  byId("empty", HTMLElement).hidden = rooms.length > 0;
  const focused = focusedRoomId();
  list.replaceChildren(
    ...rooms.map((room) =>
      roomCard(room, { userId, language, onLeave: askToLeave })
    ),
  );
  if (focused !== undefined) focusRoom(focused);
}

/** Redrawing must not take the keyboard's place away. */
function focusedRoomId(): string | undefined {
  const card = document.activeElement?.closest("[data-room-id]");
  return card instanceof HTMLElement ? card.dataset["roomId"] : undefined;
}

function focusRoom(roomId: string): void {
  for (const card of list.children) {
    const isCard = card instanceof HTMLElement &&
      card.dataset["roomId"] === roomId;
    if (isCard) card.querySelector("a")?.focus();
  }
}

function askToLeave(roomId: string): void {
  leavingId = roomId;
  leave.returnValue = "stay";
  leave.showModal();
}

async function onLeaveAnswered(): Promise<void> {
  const roomId = leavingId;
  leavingId = undefined;
  if (leave.returnValue !== "leave" || roomId === undefined) return;
  const { isOk, reason } = await post("/tools/api/heart_link/cleanup/", {
    room_id: roomId,
    force_end: true,
  });
  if (await load() && !isOk) showText(fault, reason);
}

function loadSoon(): void {
  clearTimeout(gathering);
  gathering = setTimeout(() => void load(), GATHER_MS);
}

leave.addEventListener("close", () => void onLeaveAnswered());
refresh.addEventListener("click", async () => {
  if (!await load()) return;
  const time = clockText(Date.now(), language);
  news.textContent = fill(words.refreshed, { time });
});
listen({
  active_rooms_changed: loadSoon,
  heart_link: loadSoon,
  presence_update: loadSoon,
  presence_established: loadSoon,
});
setInterval(() => void load(), REFRESH_MS);
void load();
