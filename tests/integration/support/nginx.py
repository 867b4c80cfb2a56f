# SPDX-License-Identifier: Apache-2.0
"""nginx of this test alone, as the proxy in front of a product: broken in all the ways that proxies are."""

import datetime
import random
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import trustme

PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"

CONFIG = """
daemon off; master_process off; worker_processes 1; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  server {{ listen 127.0.0.1:{html}; default_type text/html;
    location / {{ return 200 "<!doctype html><title>Sign in</title><h1>Corporate proxy</h1>"; }} }}
  server {{ listen 127.0.0.1:{bad_gateway}; location / {{ proxy_pass http://127.0.0.1:1; }} }}
  server {{ listen 127.0.0.1:{redirect}; location / {{ return 302 https://login.example/; }} }}
{tls}
}}
"""

TLS_SERVER = """  server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {dir}/{name}.pem; ssl_certificate_key {dir}/{name}.key;
    location / {{ return 200 "{{}}"; }} }}
"""


def free_port():
    """Not an ephemeral port: the kernel could assign it to another process while a server starts."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(100):
        try:
            with socket.create_server(("127.0.0.1", random.SystemRandom().randrange(10000, max(lowest, 10100)))) as server:
                return server.getsockname()[1]
        except OSError:
            pass  # it is taken
    raise RuntimeError("no port is free")


class Proxy:
    """Base URLs of each fault in `urls`; `ca` is the file with the CA that signed all but `wrong_ca`."""

    PLAIN = ("html", "bad_gateway", "redirect")
    TLS = ("expired", "wrong_ca", "wrong_host", "valid")

    def __init__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="socbridge-nginx-"))
        self.dir.chmod(0o755)
        self.ports = {name: free_port() for name in self.PLAIN + self.TLS}
        self._make_certificates()
        tls = "".join(TLS_SERVER.format(port=self.ports[name], dir=self.dir, name=name) for name in self.TLS)
        config = self.dir / "nginx.conf"
        config.write_text(CONFIG.format(dir=self.dir, tls=tls, **self.ports))
        self.process = subprocess.Popen([PROGRAM, "-p", str(self.dir), "-c", str(config), "-e",
                                         str(self.dir / "start.log")], stderr=subprocess.PIPE)
        self.urls = {name: f"http://127.0.0.1:{self.ports[name]}" for name in self.PLAIN}
        self.urls |= {name: f"https://localhost:{self.ports[name]}" for name in self.TLS}
        self._wait()

    def _make_certificates(self):
        ca, other = trustme.CA(), trustme.CA()
        self.ca = self.dir / "ca.pem"
        ca.cert_pem.write_to_path(self.ca)
        yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        leaves = {"expired": ca.issue_cert("localhost", "127.0.0.1", not_after=yesterday),
                  "wrong_ca": other.issue_cert("localhost", "127.0.0.1"),
                  "wrong_host": ca.issue_cert("elsewhere.example"),
                  "valid": ca.issue_cert("localhost", "127.0.0.1")}
        for name, leaf in leaves.items():
            leaf.cert_chain_pems[0].write_to_path(self.dir / f"{name}.pem")
            leaf.private_key_pem.write_to_path(self.dir / f"{name}.key")

    def _wait(self):
        for port in self.ports.values():
            for _ in range(200):
                if self.process.poll() is not None:
                    raise RuntimeError("nginx did not start: " + self.process.stderr.read().decode())
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.02)

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stderr.close()
        shutil.rmtree(self.dir)
