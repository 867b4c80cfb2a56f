# SPDX-License-Identifier: Apache-2.0
"""Ports for servers that a test starts."""
import random
import socket
from pathlib import Path


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
