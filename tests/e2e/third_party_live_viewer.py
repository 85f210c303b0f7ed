"""Watches a live room by websockets, leaves, and resumes; prints one JSON object.

Usage: third_party_live_viewer.py SERVER LIVE_ID

It leaves when it has heard "first", prints "left", waits for a line on standard
input, and stays after that until the server closes the connection.
"""

import json
import sys
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def main(server, live_id):
    url = server.replace("http", "ws", 1) + "/ws/live/" + live_id
    seen = {}
    with connect(url, max_size=None) as viewer:
        seen["snapshot"] = take(viewer, "snapshot")
        first = take(viewer, "live_message")
        seen["first"] = first
        viewer.send(json.dumps({"type": "ping", "timestamp": 7}))
        seen["pong"] = take(viewer, "pong")
        viewer.send(json.dumps({"type": "history", "limit": 10}))
        seen["history"] = take(viewer, "history")
        viewer.send(json.dumps({"type": "chat", "content": "may I?"}))
        seen["refused"] = take(viewer, "error")
    print("left", flush=True)
    sys.stdin.readline()
    point = {"since": first["seq"], "epoch": seen["snapshot"]["epoch"]}
    with connect(url + "?" + urlencode(point), max_size=None) as viewer:
        seen["resumed"] = take(viewer, "snapshot")
        seen["missed"] = []
        try:
            while True:
                frame = json.loads(viewer.recv(timeout=30))
                if frame["type"] == "live_message":
                    seen["missed"].append([frame["seq"], frame["data"]["content"]])
                if frame["type"] == "live_message" and frame["seq"] == 4:
                    print("resumed", flush=True)
                seen["last"] = frame
        except ConnectionClosed as closed:
            seen["closed"] = [closed.rcvd.code, closed.rcvd.reason]
    print(json.dumps(seen))


def take(viewer, kind):
    """The next frame of a type; others before it are passed over."""
    while True:
        frame = json.loads(viewer.recv(timeout=30))
        if frame["type"] == kind:
            return frame


main(*sys.argv[1:])
