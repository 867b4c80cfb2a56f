# SPDX-License-Identifier: Apache-2.0
"""nginx in front of OpenSearch, for the functions of its security plug-in: TLS, passwords, client certificates,
limits."""

import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import trustme

import nginx
from ports import free_port

CONFIG = """
daemon off; master_process off; worker_processes 1; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; client_max_body_size 64m;
  limit_req_zone $server_port zone=few:1m rate=10r/s;
  ssl_certificate {dir}/server.pem; ssl_certificate_key {dir}/server.key;
  server {{ listen 127.0.0.1:{password} ssl; auth_basic soc; auth_basic_user_file {dir}/users;
    location / {{ proxy_pass {node}; proxy_set_header Authorization ""; }} }}
  server {{ listen 127.0.0.1:{certificate} ssl; ssl_verify_client on; ssl_client_certificate {dir}/ca.pem;
    location / {{ proxy_pass {node}; }} }}
  server {{ listen 127.0.0.1:{busy}; location / {{ limit_req zone=few; limit_req_status 429; proxy_pass {node}; }} }}
}}
"""
USER, PASSWORD = "socctl", "p4ss-0123456789"


class Front:
    """`urls`: password, certificate (https, signed by `ca`) and busy (ten requests a second, else 429)."""

    def __init__(self, node):
        self.dir = Path(tempfile.mkdtemp(prefix="socbridge-front-"))
        self.dir.chmod(0o755)
        ports = {name: free_port() for name in ("password", "certificate", "busy")}
        ca = trustme.CA()
        self.ca, self.cert, self.key = self.dir / "ca.pem", self.dir / "client.pem", self.dir / "client.key"
        ca.cert_pem.write_to_path(self.ca)
        server, client = ca.issue_cert("localhost", "127.0.0.1"), ca.issue_cert("socctl@soc.example")
        server.cert_chain_pems[0].write_to_path(self.dir / "server.pem")
        server.private_key_pem.write_to_path(self.dir / "server.key")
        client.cert_chain_pems[0].write_to_path(self.cert)
        client.private_key_pem.write_to_path(self.key)
        (self.dir / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        config = self.dir / "nginx.conf"
        config.write_text(CONFIG.format(dir=self.dir, node=node.url, **ports))
        self.process = subprocess.Popen([nginx.PROGRAM, "-p", str(self.dir), "-c", str(config), "-e",
                                         str(self.dir / "start.log")], stderr=subprocess.DEVNULL)
        self.urls = {"password": f"https://localhost:{ports['password']}",
                     "certificate": f"https://localhost:{ports['certificate']}",
                     "busy": f"http://127.0.0.1:{ports['busy']}"}
        for _ in range(200):
            try:
                urllib.request.urlopen(self.urls["busy"], timeout=2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx did not start: " + (self.dir / "start.log").read_text())

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        shutil.rmtree(self.dir)
