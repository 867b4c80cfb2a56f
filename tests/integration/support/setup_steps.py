# SPDX-License-Identifier: Apache-2.0
"""Runs `socctl setup PRODUCT` and reads its steps."""

import os
from pathlib import Path

import tool

ADMIN_KEY = "admin-key-0123456789abcdef"


class Setup:
    """One product of a sandbox, set up with the keys in a folder."""

    def __init__(self, product, url, place):
        self.product, self.url, self.place = product, url, Path(place)
        self.admin_file = self.secret("admin.key", ADMIN_KEY)
        self.key_file = self.place / "user.key"

    def secret(self, name, text):
        path = self.place / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    def run(self, *words, admin=None, **how):
        """The result, and the steps by name in their order."""
        admin = self.admin_file if admin is None else admin
        words = ["--url", self.url, "--admin-key-file", admin, "--key-file", self.key_file, *words]
        result = tool.run("setup", self.product, "-o", "json", *words, **how)
        assert ADMIN_KEY not in result.out + result.err
        if "--show-key" not in words and self.key_file.exists() and self.key_file.read_text():
            assert self.key() not in result.out + result.err, "the key is printed only if asked for"
        return result, {row["step"]: row for row in result.json()} if result.out else {}

    def key(self):
        return self.key_file.read_text().strip()

    def env(self, **more):
        """Variables with which socctl uses the created user's key."""
        name = self.product.upper()
        return {f"SOCCTL_{name}_URL": self.url, f"SOCCTL_{name}_KEY_FILE": str(self.key_file), **more}


def states(steps):
    return {name: row["state"] for name, row in steps.items()}


def mode(path):
    return os.lstat(path).st_mode & 0o7777
