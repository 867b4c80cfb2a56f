# SPDX-License-Identifier: Apache-2.0
"""Without a usable spool it still tries, with a message."""

import os
import shutil
import subprocess

import pytest

from conftest import KEY, make_alert
from entries import count
from integratord import AS_ROOT, GROUP, USER
from servers import answer

ALERT = make_alert()
V5 = '{"thehive_version":"5"}'


@pytest.fixture(params=["is a file", "read-only", "of another user", "may not be made", "mode 0777", "full disk"])
def broken(request, home):
    """A home whose spool cannot be used, in one of the ways that happen."""
    shutil.rmtree(home.spool)
    mounted = False
    if request.param == "is a file":
        home.spool.write_text("x")
    elif request.param == "may not be made":
        if not AS_ROOT:
            pytest.skip("needs a folder of another user")
    else:
        home.spool.mkdir(mode=0o700)
        if request.param == "full disk":
            if not AS_ROOT or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k,mode=0700", "tmpfs",
                                              home.spool]).returncode:
                pytest.skip("cannot mount a small tmpfs")
            mounted = True
        if AS_ROOT and request.param != "of another user":
            os.chown(home.spool, USER, GROUP)
        elif not AS_ROOT and request.param == "of another user":
            pytest.skip("needs root")
        if request.param == "read-only":
            home.spool.chmod(0o500)
        if request.param == "mode 0777":
            home.spool.chmod(0o777)
        if request.param == "of another user":
            home.spool.chmod(0o755)
        if mounted:
            for name in ("tmp", "queue", "hold", "dead", "corrupt", "state"):
                (home.spool / name).mkdir(mode=0o700)
                os.chown(home.spool / name, USER, GROUP)
            with open(home.spool / "filler", "wb", buffering=0) as filler, pytest.raises(OSError):
                while True:
                    filler.write(b"x" * 4096)
    yield home
    if mounted:
        subprocess.run(["umount", home.spool], check=True)


def test_it_delivers_and_says_so(broken, thehive):
    run = broken.run(ALERT, key=KEY, url=thehive.url)
    assert run.code == 0
    assert len(thehive.alerts) == 1
    [line] = broken.log_text().splitlines()
    assert "spool" in line and str(broken.spool) in line and "1741938001.1201" in line


@pytest.mark.parametrize("status,code", [(503, 5), (401, 4), (400, 7), (413, 7)])
def test_neither_delivered_nor_stored_is_a_failure(broken, serve, status, code):
    server = serve(lambda request: answer(status, {"type": "X", "message": "evil text"}))
    run = broken.run(ALERT, key=KEY, url=server.url, options=V5)
    full = "is full" in run.lines[-1]  # a bound of the spool, not a spool that cannot be used
    assert run.code == (1 if full else code)
    [line] = run.lines
    assert "not stored" in line and str(status) in line
    assert "evil" not in line
    assert len(broken.log_text().splitlines()) == 1


def test_misconfigured_and_not_stored_says_both(broken):
    run = broken.run(ALERT, key=KEY, url="")
    assert run.code == 2
    assert "URL" in run.lines[-1] and "spool" in run.lines[-1]


def test_the_spool_is_made_if_its_parent_allows(home, serve):
    spool = home.path / "logs/spool/w2thive"
    server = serve(lambda request: answer(503, {}))
    home.configure(spool_dir=str(spool), thehive_version="5")
    assert home.run(ALERT, key=KEY, url=server.url).code == 0
    assert len(list((spool / "queue").glob("*.alert"))) == 1
    assert count(home) == 0


def test_a_log_that_cannot_be_written_changes_nothing(home, serve):
    server = serve(lambda request: answer(503, {}))
    home.configure(log_file="/nonexistent/x.log", thehive_version="5")
    run = home.run(ALERT, key=KEY, url=server.url)
    assert (run.code, run.output) == (0, b"")
    assert count(home) == 1
