# SPDX-License-Identifier: Apache-2.0
"""Servers before the products of a sandbox that pass each request on and note it, in the order of all."""

import urllib.error
import urllib.request

import servers

KEPT = ("authorization", "content-type", "x-organisation")


class RequestCounter:
    """`env` points socctl at the servers; `seen` has (product, method, path) of each request, `requests` all of it."""

    def __init__(self, sandbox):
        self.seen, self.requests = [], []
        self._servers = {name: servers.Server(self._passer(name, url)) for name, url in sandbox.urls.items()}
        self.env = sandbox.env()
        for name, server in self._servers.items():
            self.env[f"SOCCTL_{name.upper()}_URL"] = server.url

    def _passer(self, name, url):
        def respond(request):
            self.seen.append((name, request.method, request.path))
            self.requests.append(request)
            headers = {key: value for key, value in request.headers.items() if key in KEPT}
            asked = urllib.request.Request(url + request.path, request.body or None, headers, method=request.method)
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:
                    return pass_on(answer.status, answer.headers, answer.read())
            except urllib.error.HTTPError as error:
                return pass_on(error.code, error.headers, error.read())
        return respond

    def close(self):
        for server in self._servers.values():
            server.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def pass_on(status, headers, body):
    total = f"X-Total: {headers['X-Total']}\r\n" if headers["X-Total"] else ""
    return servers.answer(status, body, headers["Content-Type"] or "text/plain", total)
