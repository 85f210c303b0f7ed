"""A device made of the websockets package; prints what happened as JSON.

Usage: device_third_party.py URL ROOM

It comes into the room twice, and talks until it is disconnected. Whoever waits
there says back what it says at its first stay.
"""

import asyncio
import json
import sys

import websockets

IDENTITY = {"device_id": "py", "identity": "Fühler 🐍"}
TEXT = json.dumps({"type": "text", "content": "héllo 👋"}, ensure_ascii=False)
# Compression, where it is agreed on, would make this small.
LONG_TEXT = json.dumps({"content": "ab" * 30000})
BINARY = bytes(range(256)) * 200


async def main(url, room_id):
    seen = {}
    # Pings often, and ends the connection when a pong does not come.
    async with websockets.connect(url, ping_interval=0.1, ping_timeout=30) as socket:
        seen["greeting"] = await take(socket)
        await socket.send(json.dumps({**IDENTITY, "room_id": room_id}))
        seen["room"] = await take(socket)
        seen["said_back"] = [await say(socket, one) for one in (TEXT, LONG_TEXT, BINARY)]
        # One message in three fragments, cut within a character.
        data = TEXT.encode()
        cut = data.index("👋".encode()) + 2
        await socket.send([data[:10], data[10:cut], data[cut:]])
        seen["fragments_said_back"] = await take(socket) == data
        await socket.send(json.dumps({"type": "query_room"}))
        seen["query"] = await take(socket)
        await pong(socket)
    async with websockets.connect(url, compression=None) as socket:
        await take(socket)
        await socket.send(json.dumps(IDENTITY))
        seen["home"] = await take(socket)
        await socket.send('"home"')
        try:
            while True:
                seen["last"] = await take(socket)
        except websockets.ConnectionClosed as closed:
            seen["closed"] = [closed.rcvd.code, closed.rcvd.reason]
    print(json.dumps(seen))


async def say(socket, message):
    """Whether the same comes back, as the same kind of frame."""
    await socket.send(message)
    return await take(socket) == message


async def take(socket):
    return await asyncio.wait_for(socket.recv(), 30)


async def pong(socket):
    """Waits until a ping of the package's own was answered."""
    for _ in range(300):
        if socket.latency > 0:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("No pong came")


asyncio.run(main(*sys.argv[1:]))
