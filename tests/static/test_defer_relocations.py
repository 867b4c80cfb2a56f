"""cmake/defer_relocations.py and the code that applies what it left, on a small program linked for it."""

import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import elf_image
import relr

ROOT = Path(os.environ["SOCBRIDGE_SOURCE_DIR"])
STEP = ROOT / "cmake/defer_relocations.py"
TEXTS = [f"text {i}" for i in range(200)]


@pytest.fixture(scope="module")
def linked():
    """A folder with the program, untouched, the map of its link and the archive of the tables."""
    with tempfile.TemporaryDirectory(prefix="socbridge-static-") as name:
        at = Path(name)
        texts = ", ".join(f'"{text}"' for text in TEXTS)
        (at / "tables.c").write_text(f"const char *const tables[{len(TEXTS)}] = {{{texts}}};\n")
        subprocess.run(["gcc", "-O2", "-fPIE", "-c", "tables.c"], cwd=at, check=True)
        subprocess.run(["ar", "rcs", "libtables.a", "tables.o"], cwd=at, check=True)
        subprocess.run(["g++", "-std=c++20", "-O2", "-fPIE", "-static-pie", "-s", f"-I{ROOT}/lib", "-Wl,-Map=map",
                        "-Wl,-z,relro,-z,now,-z,pack-relative-relocs", "-o", "program",
                        ROOT / "tests/static/probe.cc", ROOT / "lib/http/deferred_relocations.cc",
                        at / "libtables.a"], cwd=at, check=True)
        yield at


@pytest.fixture
def place(linked, tmp_path):
    for name in ("program", "map"):
        (tmp_path / name).write_bytes((linked / name).read_bytes())
    (tmp_path / "program").chmod(0o755)
    return tmp_path


def defer(place, *archives):
    return subprocess.run([sys.executable, "-B", STEP, place / "program", place / "map", *archives],
                          capture_output=True, text=True, check=False)


def treated(place, linked):
    result = defer(place, linked / "libtables.a")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return elf_image.Image((place / "program").read_bytes())


def run(place, *args):
    result = subprocess.run([place / "program", *args], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout.splitlines()


def lists(image):
    count, *words = image.words(image.section(".socbridge.deferred"))
    return relr.decode(image.words(image.section(".relr.dyn"))), relr.decode(words[:count])


def test_the_program_relocates_what_the_start_left(linked, place):
    before = elf_image.Image((place / "program").read_bytes())
    assert run(place, "raw") == (0, TEXTS) and run(place) == (0, TEXTS)  # nothing is deferred yet
    after = treated(place, linked)
    assert run(place, "raw")[0] == -signal.SIGSEGV
    assert run(place) == (0, TEXTS)
    (eager, none), (stay, leave) = lists(before), lists(after)
    assert none == [] and len(leave) == len(TEXTS) and sorted(stay + leave) == eager
    assert after.dynamic(elf_image.DT_RELRSZ, "DT_RELRSZ")[1] == after.section(".relr.dyn").size
    assert len(after.data) == len(before.data)


def test_the_tables_are_read_only_again(linked, place):
    treated(place, linked)
    assert run(place, "write")[0] == -signal.SIGSEGV


def test_memory_that_cannot_be_made_writable_is_an_error(linked, place):
    assert run(place, "limited") == (0, TEXTS)
    treated(place, linked)
    assert run(place, "limited") == (1, [])


def test_a_second_time_changes_nothing(linked, place):
    first = treated(place, linked).data
    at = (place / "program").stat().st_mtime_ns
    assert treated(place, linked).data == first
    assert (place / "program").stat().st_mtime_ns == at


def test_two_links_give_the_same_bytes(linked, place, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for name in ("program", "map"):
        (other / name).write_bytes((place / name).read_bytes())
    assert treated(place, linked).data == treated(other, linked).data


def put(at, form, *values):
    return lambda data, _: struct.pack_into(form, data, at, *values)


def put_at(find, form, *values):
    return lambda data, image: struct.pack_into(form, data, find(image), *values)


def offset(name):
    return lambda image: image.section(name).offset


def dynamic(tag):
    return lambda image: image.dynamic(tag, "")[0]


def relro_header(field):
    def find(image):
        kinds = [segment[0] for segment in image.segments]
        return elf_image.HEADER.size + kinds.index(elf_image.PT_GNU_RELRO) * elf_image.SEGMENT.size + field
    return find


def cut(size):
    def shorten(data, _):
        del data[size:]
    return shorten


@pytest.mark.parametrize("damage, words", [
    (put(0, "<B", 0), "not an ELF file"),
    (put(4, "<B", 1), "not a 64-bit little-endian ELF file"),
    (put(5, "<B", 2), "not a 64-bit little-endian ELF file"),
    (put(18, "<H", 3), "not a 64-bit little-endian ELF file"),
    (put(16, "<H", 2), "not a position-independent executable"),
    (put(54, "<H", 32), "cut off or damaged"),
    (put(62, "<H", 9999), "cut off or damaged"),
    (cut(0), "not an ELF file"),
    (cut(40), "cut off or damaged"),
    (cut(4096), "cut off or damaged"),
    (cut(-64), "cut off or damaged"),
    (put_at(offset(".relr.dyn"), "<Q", 1), "the first word is a bitmap"),
    (put_at(lambda image: image.section(".relr.dyn").offset + 8, "<Q", 8), "do not ascend"),
    (put_at(offset(".socbridge.deferred"), "<Q", 5000), "section .socbridge.deferred holds something else"),
    (put_at(lambda image: image.section(".socbridge.deferred").offset + 8, "<Q", 8), "holds something else"),
    (put_at(lambda image: image.section(".socbridge.deferred").header_at + 32, "<Q", 24), "2 words"),
    (put_at(dynamic(elf_image.DT_RELRSZ), "<Q", 8), "is not what the dynamic entries name"),
    (put_at(dynamic(elf_image.DT_RELR), "<Q", 8), "is not what the dynamic entries name"),
    (put_at(lambda image: dynamic(elf_image.DT_RELR)(image) - 8, "<Q", 99), "0 dynamic entries DT_RELR"),
    (put_at(lambda image: image.section(".socbridge.deferred").header_at, "<I", 0), "0 sections .socbridge.deferred"),
    (put_at(lambda image: image.section(".data.rel.ro").header_at + 32, "<Q", 8), "the map does not belong to it"),
    (put_at(lambda image: image.section(".data").header_at + 32, "<Q", 1 << 40), "cut off or damaged"),
    (put_at(relro_header(0), "<I", 0), "0 RELRO segments"),
    (put_at(relro_header(40), "<Q", 16), "outside the RELRO segment"),
])
def test_what_is_not_as_expected_is_refused_and_left_alone(linked, place, damage, words):
    data = bytearray((place / "program").read_bytes())
    damage(data, elf_image.Image(data))
    (place / "program").write_bytes(data)
    result = defer(place, linked / "libtables.a")
    assert result.returncode == 1 and result.stderr.count("\n") == 1, result
    assert result.stderr.startswith("defer_relocations: ") and words in result.stderr
    assert (place / "program").read_bytes() == data


def test_a_map_without_the_archive_is_refused(linked, place):
    result = defer(place, linked / "libtables.a", "/usr/lib/libother.a")
    assert result.returncode == 1 and "no tables of /usr/lib/libother.a in the map" in result.stderr
    (place / "map").write_text("\n.data.rel.ro    0x0000000000001000       0x10\n")
    assert "the map does not belong to it" in defer(place, linked / "libtables.a").stderr
    (place / "map").unlink()
    result = defer(place, linked / "libtables.a")
    assert result.returncode == 1 and result.stderr.count("\n") == 1


@pytest.mark.parametrize("begin, size, words", [(0, 4, "no relocation is in the tables"),
                                                (-64, 64, "tables outside .data.rel.ro")])
def test_a_map_with_tables_elsewhere_is_refused(linked, place, begin, size, words):
    tables = elf_image.Image((place / "program").read_bytes()).section(".data.rel.ro")
    (place / "map").write_text(f"\n.data.rel.ro    {tables.address:#018x} {tables.size:#x}\n"
                               f" .data.rel.ro   {tables.address + begin:#018x} {size:#x} {linked}/libtables.a(t.o)\n")
    result = defer(place, linked / "libtables.a")
    assert result.returncode == 1 and words in result.stderr, result


def test_relr_words_of_known_addresses():
    assert relr.encode([]) == [] and relr.encode([0x1000]) == [0x1000]
    assert relr.encode([0x1000, 0x1008, 0x1018]) == [0x1000, 0b1011]
    assert relr.encode([0x1000, 0x1000 + 63 * 8]) == [0x1000, 1 << 63 | 1]
    assert relr.encode([0x1000, 0x1000 + 64 * 8]) == [0x1000, 0x1000 + 64 * 8]
    assert relr.encode([0x1000, 0x1008, 0x1000 + 64 * 8]) == [0x1000, 0b11, 0b11]
    assert relr.decode([0x1000, 1, 0b11]) == [0x1000, 0x1000 + 64 * 8]
    assert relr.encode([0x1000, 0x100c]) == [0x1000, 0x100c]


@pytest.mark.parametrize("seed", range(200))
def test_relr_gives_back_what_it_was_given(seed):
    choose = random.Random(seed)
    step = choose.choice([8, 16, 100, 512, 5000])
    addresses, address = [], 0x2000
    for _ in range(choose.randrange(1, 400)):
        address += choose.choice([8, 8, 8, 2 * choose.randrange(4, step)])
        addresses.append(address)
    words = relr.encode(addresses)
    assert relr.decode(words) == addresses and len(words) <= len(addresses)
