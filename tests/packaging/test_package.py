# SPDX-License-Identifier: Apache-2.0
"""The packages of a release: their content, that they are reproducible, and that the list of components is correct."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import systems

BUILD = Path(os.environ["SOCBRIDGE_BIN_DIR"]).parent
PROGRAMS = ["custom-w2thive", "socctl", "soc-sandbox"]
# Archives that belong to the compiler and the C library.
ARCHIVES = {"libc": "glibc", "libm-2.36": "glibc", "libgcc": "libstdc++", "libgcc_eh": "libstdc++", "libssl": "OpenSSL",
            "libcrypto": "OpenSSL", "libcurl": "curl", "libcares": "c-ares", "libyaml": "libyaml", "libz": "zlib",
            "libnettle": "nettle", "libcrypt": "libxcrypt", "libpugixml": "pugixml", "libutf8proc": "utf8proc"}


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Two concurrent packagings, in folders of different names, as by scripts/package."""
    folders = [tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("the-second")]
    running = [subprocess.Popen(["cpack", "-B", folder, "-D", f"CPACK_OUTPUT_FILE_PREFIX={folder}"], cwd=BUILD, umask=0o022,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for folder in folders]
    for process in running:
        said = process.communicate(timeout=400)[0].decode()
        assert process.returncode == 0, said
        assert "Warning" not in said, said
    yield folders
    for folder in folders:
        shutil.rmtree(folder)


def packages(folder):
    return {path.name: path for path in folder.iterdir() if path.is_file()}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_two_packagings_give_the_same_bytes(twice):
    first, second = map(packages, twice)
    assert len(first) == 7 and first.keys() == second.keys()
    assert {name: digest(path) for name, path in first.items()} == {name: digest(path) for name, path in second.items()}


def test_two_links_give_the_same_bytes(tmp_path):
    command = subprocess.run(["ninja", "-t", "commands", "custom-w2thive"], cwd=BUILD, capture_output=True, text=True,
                             check=True).stdout.splitlines()[-1]
    again = command.replace("-o bin/custom-w2thive", f"-o {shlex.quote(str(tmp_path / 'again'))}").replace(
        "bin/custom-w2thive.map", "again.map")
    assert again != command
    systems.call("sh", "-c", again.replace(f"{BUILD}/again.map", str(tmp_path / "map")), cwd=BUILD)
    assert digest(tmp_path / "again") == digest(BUILD / "bin/custom-w2thive")


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_folder_or_time_of_the_build_is_in_it(program):
    data = (BUILD / "bin" / program).read_bytes()
    assert str(BUILD).encode() not in data and os.environ["SOCBRIDGE_SOURCE_DIR"].encode() + b"/" not in data
    assert set(re.findall(rb"built on: [ -~]*", data)) <= {b"built on: Thu Jan  1 00:00:00 1970 UTC"}


EVERYWHERE = [
    "usr/bin/socctl", "usr/libexec/socbridge/custom-w2thive", "usr/libexec/socbridge/wazuh-integration",
    "usr/lib/systemd/system/socctl-relay.service", "usr/lib/sysusers.d/socbridge.conf", "usr/lib/tmpfiles.d/socbridge.conf",
    "usr/share/man/man1/socctl.1.gz", "usr/share/man/man1/socctl-alert-map.1.gz", "usr/share/man/man8/custom-w2thive.8.gz",
    "usr/share/bash-completion/completions/socctl", "usr/share/zsh/vendor-completions/_socctl",
    "usr/share/fish/vendor_completions.d/socctl.fish", "usr/share/socbridge/socbridge.cdx.json",
    "usr/share/socbridge/examples/w2thive.json", "usr/share/socbridge/examples/ossec-integration.xml",
    "usr/share/socbridge/examples/socctl.json", "usr/share/socbridge/logrotate.conf",
    "usr/share/socbridge/w2thive.schema.json", "usr/share/socbridge/socctl.schema.json"]


def test_contents_owners_and_modes(twice):
    found = packages(twice[0])
    deb = next(path for name, path in found.items() if name.startswith("socbridge_"))
    rpm = next(path for name, path in found.items() if re.match(r"socbridge-[0-9].*\.rpm", name))
    tar = next(path for name, path in found.items() if name.endswith(".tar.gz"))
    for listing in (systems.call("dpkg-deb", "-c", deb), systems.call("tar", "tvzf", tar), systems.call("rpm", "-qplv", rpm)):
        lines = [line for line in listing.splitlines() if line[:1] in "-dl"]
        names = {line.split()[-1].removeprefix("./").removeprefix("/"): line for line in lines}
        for name in EVERYWHERE:
            assert name in names, name
        for line in lines:
            assert re.match(r"(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x) +(\d+ )?root[ /]+root ", line), line
        for name in ("usr/bin/socctl", "usr/libexec/socbridge/custom-w2thive", "usr/libexec/socbridge/wazuh-integration"):
            assert names[name].startswith("-rwxr-xr-x")
    assert "soc-sandbox" not in systems.call("dpkg-deb", "-c", deb)
    # debconf asks at a purge, and every Debian has it.
    assert re.findall("^ *Depends: (.*)$", systems.call("dpkg-deb", "-I", deb), re.M) == ["debconf (>= 0.5) | debconf-2.0"]


@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not installed")
def test_lintian_finds_nothing(twice):
    debs = [path for name, path in packages(twice[0]).items() if name.endswith(".deb")]
    said = systems.call("lintian", "--allow-root", "--fail-on", "error,warning", *debs)
    assert not re.search(r"^[EW]:", said, re.M), said


def archives(program):
    """Libraries that the linker used."""
    text = (BUILD / "bin" / f"{program}.map").read_text(errors="replace")
    names = re.findall(r"^(\S+?)\.a\(", text.split("\n\n")[1] if text.startswith("Archive") else text, re.M)
    return {Path(name).name for name in names if "libsocbridge_" not in name}


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_linked_archive_is_a_component(program):
    rows = json.loads(systems.call(BUILD / "bin/socctl", "version", "--components", "-o", "json"))
    listed = {row["name"] for row in rows if program in row["programs"]}
    linked = {ARCHIVES.get(name, name) for name in archives(program)}
    assert len(linked) > 2 and linked <= listed, linked - listed
    for row in rows:
        assert re.fullmatch(r"[0-9][0-9.]*", row["version"]) and row["licence"] and row["programs"], row


def test_components_are_those_of_the_machine():
    rows = {row["name"]: row for row in json.loads(systems.call(BUILD / "bin/socctl", "version", "--components", "-o", "json"))}
    package = "libc-ares-dev:" + systems.call("dpkg", "--print-architecture").strip()  # others may be installed too
    assert rows["c-ares"]["package"] == systems.call("dpkg-query", "-W", "-f", "${source:Version}", package)
    openssl = (BUILD / "openssl/usr/include/openssl/opensslv.h").read_text()
    assert f'OPENSSL_VERSION_STR "{rows["OpenSSL"]["version"]}"' in openssl
    assert f"OpenSSL {rows['OpenSSL']['version']} ".encode() in (BUILD / "bin/socctl").read_bytes()
    curl = (BUILD / "curl/include/curl/curlver.h").read_text()
    assert f'LIBCURL_VERSION "{rows["curl"]["version"]}"' in curl


def test_the_list_of_components_is_cyclonedx():
    text = (BUILD / "socbridge.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text.replace('"CycloneDX"', '"other"')) is not None
    bom = json.loads(text)
    named = {one["name"]: one for one in bom["components"]}
    assert {"OpenSSL", "curl", "c-ares", "glibc", *PROGRAMS} <= named.keys()
    assert named["OpenSSL"]["purl"].startswith("pkg:deb/debian/openssl@3.")
    references = {one["ref"] for one in bom["dependencies"]} | {ref for one in bom["dependencies"] for ref in one["dependsOn"]}
    assert references == {"socbridge", *named}
