# SPDX-License-Identifier: Apache-2.0
import json
import shutil
import tempfile

import pytest

import integratord
import opensearch_node
import servers

KEY = "k3y-0123456789abcdefABCDEF"


@pytest.fixture
def home():
    made = integratord.new_home()
    yield made
    shutil.rmtree(made.path)


@pytest.fixture
def place():
    """The path of an empty folder."""
    made = tempfile.mkdtemp(prefix="socbridge-place-")
    yield made
    shutil.rmtree(made)


@pytest.fixture
def serve():
    """serve(respond) starts a server that is closed at the end of the test."""
    running = []

    def start(respond):
        server = servers.Server(respond)
        running.append(server)
        return server

    yield start
    for server in running:
        server.close()


@pytest.fixture
def thehive():
    server = servers.TheHive()
    yield server
    server.close()


def make_alert(number=1, level=10, **more):
    """Bytes of a Wazuh alert as integratord writes them; equal numbers are the same alert."""
    alert = {
        "timestamp": "2025-03-14T07:40:01.037+0000",
        "rule": {"level": level, "description": "sshd: brute force trying to get access.", "id": "5763",
                 "firedtimes": 1, "groups": ["syslog", "sshd", "authentication_failures"],
                 "mitre": {"id": ["T1110"], "tactic": ["Credential Access"], "technique": ["Brute Force"]}},
        "agent": {"id": "003", "name": "web-01", "ip": "192.0.2.7"},
        "manager": {"name": "wazuh-01"},
        "id": f"1741938001.{1200 + number}",
        "full_log": "Mar 14 07:40:00 web-01 sshd[811]: Failed password for root from 203.0.113.9 port 4711 ssh2",
        "decoder": {"name": "sshd"},
        "data": {"srcip": "203.0.113.9", "srcport": "4711", "dstuser": "root"},
        "location": "/var/log/auth.log",
    }
    alert.update(more)
    return json.dumps(alert, separators=(",", ":")).encode() + b"\n"


@pytest.fixture(scope="session")
def opensearch():
    """One real OpenSearch for all tests of a file."""
    node = opensearch_node.Node()
    yield node
    node.close()


@pytest.fixture
def indexer(opensearch):
    """The same, empty."""
    opensearch.clear()
    return opensearch
