# SPDX-License-Identifier: Apache-2.0
"""Small TCP servers that answer as TheHive does, or as it should not."""

import json
import socket
import threading
import time
import urllib.parse

HANG = object()  # keep the connection open without an answer
RESET = object()  # close with a reset after the request
DRIP = object()   # an answer without end, a byte each 20 ms: fools time-outs that only see idle time


class Held(bytes):
    """Bytes after which the connection stays open and silent."""


def answer(status, body, content_type="application/json", extra=""):
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    head = (f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
            f"{extra}Connection: close\r\n\r\n")
    return head.encode() + body


class Request:
    def __init__(self, head, body):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = first.split(" ", 2)
        self.headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        self.body = body

    def json(self):
        return json.loads(self.body)


class Server:
    """Calls respond(request) per request; it returns bytes, HANG or RESET."""

    def __init__(self, respond):
        self.respond = respond
        self.requests = []
        self.seen = threading.Event()  # a complete request was received
        self._kept = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._acceptor = threading.Thread(target=self._serve, daemon=True)
        self._acceptor.start()

    def _serve(self):
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        try:
            data = b""
            while b"\r\n\r\n" not in data:
                more = peer.recv(65536)
                if not more:
                    return
                data += more
            head, _, body = data.partition(b"\r\n\r\n")
            request = Request(head, body)
            length = int(request.headers.get("content-length", 0))
            if request.headers.get("expect"):
                peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            while len(request.body) < length:
                more = peer.recv(65536)
                if not more:
                    return
                request.body += more
            self.requests.append(request)
            reply = self.respond(request)
            self.seen.set()
            if reply is HANG:
                self._kept.append(peer)
                return
            if isinstance(reply, Held):
                peer.sendall(reply)
                self._kept.append(peer)
                return
            if reply is DRIP:
                peer.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                for _ in range(3000):
                    peer.sendall(b"x")
                    time.sleep(0.02)
            elif reply is RESET:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            else:
                peer.sendall(reply)
        except OSError:
            pass
        peer.close()

    def posts(self):
        return [request for request in self.requests if request.method == "POST"]

    def close(self):
        # Wakes accept(): closed under a waiting thread, the descriptor's number would go to the next server.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._socket.close()
        for peer in self._kept:
            peer.close()


class TheHive(Server):
    """Status, create and the duplicate rule of TheHive 5, under a path prefix."""

    def __init__(self, prefix="", version="5.7.3-1"):
        self.prefix, self.version = prefix, version
        self.alerts = {}
        self._lock = threading.Lock()
        super().__init__(self._answer)

    def _answer(self, request):
        if (request.method, request.path) == ("GET", self.prefix + "/api/v1/status/public"):
            return answer(200, {"version": self.version, "config": {}})
        if request.method == "GET" and request.path.startswith(self.prefix + "/api/v1/alert/"):
            key = tuple(urllib.parse.unquote(request.path.rsplit("/", 1)[1]).split(";"))
            with self._lock:
                if key in self.alerts:
                    return answer(200, {"_id": "~1", "_type": "alert", **self.alerts[key]})
            return answer(404, {"type": "NotFoundError", "message": "Alert not found"})
        if (request.method, request.path) != ("POST", self.prefix + "/api/v1/alert"):
            return answer(404, {"type": "NotFound", "message": "no such route"})
        alert = request.json()
        key = (alert["type"], alert["source"], alert["sourceRef"])
        with self._lock:
            if key in self.alerts:
                text = "Alert {}:{}:{} already exist in organisation soc".format(*key)
                return answer(400, {"type": "CreateError", "message": text})
            self.alerts[key] = {**alert, "_createdAt": int(time.time() * 1000)}
        return answer(201, {"_id": f"~{4096 * len(self.alerts)}", "_type": "alert", **alert})
