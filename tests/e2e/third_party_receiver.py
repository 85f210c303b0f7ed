"""A receiver of callbacks made of Python alone, as a backend of the seed has it.

Usage: third_party_receiver.py SECRET

It prints its port, takes callbacks until a room has closed and every path was
used, and then prints what it knows as one JSON object. A callback that lacks a
field is answered with 500, and one that is not signed as the text of Standard
Webhooks says with 401.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECS = 300


class Backend:
    def __init__(self, key):
        self.key = key
        self.lock = threading.Lock()
        self.seen = set()
        self.paths = {}
        self.faults = []
        self.rooms = {}
        self.is_closed = False
        self.done = threading.Event()

    def room(self, room_id):
        empty = {"messages": [], "sessions": [], "chat_batches": [], "stay_batches": []}
        return self.rooms.setdefault(room_id, empty)

    def verify(self, headers, body):
        """Checks a signature by the rules, not by a library."""
        message_id = headers["webhook-id"]
        timestamp = headers["webhook-timestamp"]
        if abs(time.time() - int(timestamp)) > TOLERANCE_SECS:
            raise PermissionError("too old or too new")
        content = f"{message_id}.{timestamp}.".encode() + body
        digest = hmac.new(self.key, content, hashlib.sha256).digest()
        wanted = base64.b64encode(digest).decode()
        for versioned in headers["webhook-signature"].split(" "):
            version, _, signature = versioned.partition(",")
            if version == "v1" and hmac.compare_digest(signature, wanted):
                return message_id
        raise PermissionError("no signature matches")

    def take(self, path, message_id, data):
        with self.lock:
            self.paths[path] = self.paths.get(path, 0) + 1
            if message_id not in self.seen:
                self.apply(path, data)
                self.seen.add(message_id)
            if self.is_closed and len(self.paths) == 5:
                self.done.set()

    def apply(self, path, data):
        room = self.room(data["room_id"])
        if path == "/sync/room":
            return self.apply_sync(room, data)
        kind = data["event_type"]
        if kind == "RoomCreated":
            room["name"] = data["room_name"]
            room["admins"] = data["admin_ids"]
        elif kind == "RoomClosed":
            room["final_stats"] = data["final_stats"]
            self.is_closed = True
        elif kind == "UserJoined":
            room["joined"] = data["user_id"]
        elif kind == "UserLeft":
            room["left"] = [data["user_id"], data["duration"]]
        elif kind == "ChatHistoryBatch":
            for message in data["messages"]:
                fields = ["user_id", "nickname", "content", "created_at"]
                room["messages"].append([message[one] for one in fields][:3])
            room["chat_batches"].append([data["batch_id"], data["is_last_batch"]])
        elif kind == "SessionHistoryBatch":
            for stay in data["sessions"]:
                length = stay["leave_time"] - stay["join_time"]
                if length != stay["duration_seconds"]:
                    raise ValueError("a stay does not add up")
                room["sessions"].append([stay["user_id"], stay["nickname"]])
            room["stay_batches"].append([data["batch_id"], data["is_last_batch"]])
        elif kind == "PeriodicSync":
            info = data["room_info"]
            fields = ["room_name", "admin_user_ids", "current_connections"]
            room["info"] = [info[one] for one in fields]
            int(info["created_at"] + info["last_activity"] + data["last_sync_time"])
        else:
            raise ValueError(f"unknown event_type {kind}")
        if kind != "PeriodicSync":
            int(data["timestamp"])

    def apply_sync(self, room, data):
        counts = ["current_users", "peak_users", "total_joins"]
        room["sync"] = [data[one] for one in counts]
        room["sync_chat"] = [one["content"] for one in data["chat_history"]]
        room["sync_stays"] = [one["user_id"] for one in data["session_history"]]
        int(data["start_time"])
        list(data["admin_user_ids"])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            message_id = self.backend.verify(self.headers, body)
            data = json.loads(body)
            if not data:
                return self.answer(400, {"error": "No data provided"})
            self.backend.take(self.path, message_id, data)
            self.answer(200, {"status": "success", "message": "received"})
        except PermissionError as error:
            self.fail(401, error)
        except Exception as error:
            self.fail(500, error)

    def fail(self, status, error):
        self.backend.faults.append(f"{self.path}: {error!r}")
        self.answer(status, {"error": str(error)})

    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def main(secret):
    backend = Backend(base64.b64decode(secret.removeprefix("whsec_")))
    Handler.backend = backend
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    backend.done.wait(60)
    with backend.lock:
        facts = {"rooms": backend.rooms, "paths": sorted(backend.paths)}
        print(json.dumps({**facts, "faults": backend.faults}), flush=True)


main(sys.argv[1])
