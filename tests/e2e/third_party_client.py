"""A chat by the websockets package; prints what happened as one JSON object.

Usage: third_party_client.py URL

It talks until the server closes the connection.
"""

import json
import sys

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def main(url):
    seen = {}
    with connect(url, subprotocols=["parlor.v1.batch"]) as socket:
        seen["subprotocol"] = socket.subprotocol
    with connect(url) as socket:
        seen["welcome"] = json.loads(socket.recv(timeout=30))
        socket.ping().wait(30)
        # One message in three fragments, cut within a character.
        text = frame("SendMessage", content="héllo 👋", client_msg_id="p-1")
        data = text.encode()
        cut = data.index("👋".encode()) + 2
        socket.send([data[:10], data[10:cut], data[cut:]], text=True)
        said = [json.loads(socket.recv(timeout=30)) for _ in range(2)]
        seen["said"] = {one["type"]: one for one in said}
        try:
            while True:
                socket.recv(timeout=30)
        except ConnectionClosed as closed:
            seen["closed"] = [closed.rcvd.code, closed.rcvd.reason]
    print(json.dumps(seen))


def frame(kind, **payload):
    return json.dumps({"type": kind, "payload": payload}, ensure_ascii=False)


main(sys.argv[1])
