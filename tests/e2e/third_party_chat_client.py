"""Heart link and chat by urllib and websockets; prints one JSON object.

Usage: third_party_chat_client.py SERVER

It logs in by the form, presses heart link, and talks until the server closes
the connection. Whoever waits there should say something first.
"""

import gzip
import json
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def main(server):
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    form = urlencode({"user_id": "py", "nickname": "Python 🐍"}).encode()
    opener.open(server + "/login", form, timeout=30).close()
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
    press = Request(server + "/tools/api/heart_link/create/", b"")
    with opener.open(press, timeout=30) as answer:
        seen = {"pressed": json.load(answer)}
    url = server.replace("http", "ws", 1)
    url += "/ws/chat/" + seen["pressed"]["room_id"] + "/"
    with connect(url, origin=server, additional_headers={"Cookie": cookie}) as chat:
        talk(chat, seen)
    with opener.open(server + "/tools/api/heart_link/status/", timeout=30) as answer:
        seen["status"] = json.load(answer)
    print(json.dumps(seen))


def talk(chat, seen):
    seen["welcome"] = take(chat, "connection_established")
    seen["joined"] = take(chat, "user_joined")
    seen["heard"] = take(chat, "chat_message")
    ids = [seen["heard"]["message"]["id"]]
    chat.send(json.dumps({"type": "read_status", "message_ids": ids}))
    seen["read"] = take(chat, "read_status_update")
    chat.send(json.dumps({"type": "typing", "is_typing": True}))
    seen["typing"] = take(chat, "user_typing")
    chat.send(json.dumps({"type": "heartbeat_ack"}))
    seen["heartbeat"] = take(chat, "heartbeat_ack")
    # The other ends the room once this is heard, so it comes last.
    # A frame without a type is a message, here in the seed's envelope.
    data = gzip.compress(json.dumps({"content": "héllo 👋"}).encode()).hex()
    chat.send(json.dumps({"compressed": True, "data": data}))
    seen["own"] = take(chat, "chat_message")
    try:
        while True:
            seen["last"] = json.loads(chat.recv(timeout=30))
    except ConnectionClosed as closed:
        seen["closed"] = [closed.rcvd.code, closed.rcvd.reason]


def take(chat, kind):
    """The next frame of a type; others before it are passed over."""
    while True:
        frame = json.loads(chat.recv(timeout=30))
        if frame["type"] == kind:
            return frame


main(sys.argv[1])
