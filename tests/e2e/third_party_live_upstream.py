"""A live upstream made of Python's websockets; prints what it saw, as JSON lines.

The first line is {"port": N}. What follows tells of each connection. Each
misbehaves in the next way of WAYS, the last one in none.
"""

import asyncio
import json

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

MESSAGES = []

# Whether the messages come in fragments, and with what the connection is closed.
WAYS = [(True, 1012), (False, 1001), (True, 1013), (False, None)]


def tell(**fields):
    print(json.dumps(fields), flush=True)


def chat(content):
    MESSAGES.append(json.dumps({
        "type": "chat",
        "id": f"py-{len(MESSAGES) + 1}",
        "user_id": "7001",
        "user_name": "小雨",
        "content": content,
        "user_avatar": "",
    }, ensure_ascii=False))


def fragments(text, size):
    return [text[at:at + size] for at in range(0, len(text), size)]


async def answer(connection):
    is_fragmented, code = WAYS.pop(0)
    tell(event="connected", path=connection.request.path)
    chat(f"héllo 👋 {len(MESSAGES) + 1}")
    chat("long " + "长" * 20000)
    # Everything of before is said again.
    for text in MESSAGES:
        await connection.send(fragments(text, 7) if is_fragmented else text)
    latency = await (await connection.ping())
    tell(event="pong", latency=latency >= 0)
    if code is not None:
        # Long enough that the library's own keepalive has asked, too.
        await asyncio.sleep(0.3)
        await connection.close(code, "as told")
        tell(event="closed", code=connection.close_code)
        return
    try:
        async for text in connection:
            tell(event="heard", text=text)
    except ConnectionClosed:
        pass
    tell(event="gone", code=connection.close_code)


async def main():
    async with serve(
        answer, "127.0.0.1", 0, ping_interval=0.1, ping_timeout=5
    ) as server:
        tell(port=server.sockets[0].getsockname()[1])
        await server.serve_forever()


asyncio.run(main())
