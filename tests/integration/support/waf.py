# SPDX-License-Identifier: Apache-2.0
"""A proxy in front of a server that refuses requests by their content, as a web application firewall does."""

import http.client
import urllib.parse

from servers import RESET, Server, answer

PAGE = "<html><head><title>{0} Request rejected</title></head><body>Support id 4711</body></html>"

# Refusals of firewalls and gateways: name -> the answer that replaces the server's.
REFUSALS = {
    "403 page": answer(403, PAGE.format(403), "text/html"),
    "401 page": answer(401, PAGE.format(401), "text/html"),
    "402 text": answer(402, "payment required", "text/plain"),
    "406 page": answer(406, PAGE.format(406), "text/html"),
    "400 page": answer(400, PAGE.format(400), "text/html"),
    "404 page": answer(404, PAGE.format(404), "text/html"),
    "gateway JSON": answer(403, {"message": "Forbidden"}),
    "429 for an hour": answer(429, PAGE.format(429), "text/html", extra="Retry-After: 3600\r\n"),
    "503 for an hour": answer(503, PAGE.format(503), "text/html", extra="Retry-After: 3600\r\n"),
    "redirect": answer(302, "", "text/html", extra="Location: https://block.example/\r\n"),
    "200 page": answer(200, PAGE.format(200), "text/html"),
    "reset": RESET,
}
DROPPED = ("connection", "content-length", "transfer-encoding", "host", "expect")


class Waf(Server):
    """Forwards requests for which `refuses(request)` is false; answers `refusal` to the others. Both can be changed
    while it runs."""

    def __init__(self, upstream, refuses, refusal=REFUSALS["403 page"]):
        self.upstream, self.refuses, self.refusal = urllib.parse.urlsplit(upstream), refuses, refusal
        self.refused = []
        super().__init__(self._filter)

    def _filter(self, request):
        if self.refuses(request):
            self.refused.append(request)
            return self.refusal
        return self._pass_on(request)

    def _pass_on(self, request):
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=20)
        headers = {name: value for name, value in request.headers.items() if name not in DROPPED}
        connection.request(request.method, request.path, request.body or None, headers)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return answer(reply.status, body, reply.headers.get("Content-Type", "application/json"))


def holds(phrase):
    """Refuses every request whose body has this phrase."""
    return lambda request: phrase.encode() in request.body


def everything(_):
    return True
