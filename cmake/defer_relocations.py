#!/usr/bin/env python3
"""Takes the relative relocations of some archives' constant tables out of a linked static-pie's start.

  defer_relocations.py EXECUTABLE MAP ARCHIVE...

The start code then leaves the pages of those tables alone; the program relocates them itself, before it first uses
the archives (lib/http/deferred_relocations.cc), from a list in its section .socbridge.deferred. MAP is what the
linker wrote (-Map) with the executable. Done a second time, it changes nothing. Exit 1 with one line: not possible,
and the executable is as it was.
"""
import pathlib
import re
import sys

import elf_image
import relr
from elf_image import Unfit

EAGER, DEFERRED, TABLES = ".relr.dyn", ".socbridge.deferred", ".data.rel.ro"
# An input section in the map: address, size, archive and member. Its name stands before, on the same line or the last.
INPUT = re.compile(r" 0x([0-9a-f]+) +0x([0-9a-f]+) (\S.*)\([^()]+\)$")
OUTPUT = re.compile(r"^\.data\.rel\.ro +0x([0-9a-f]+) +0x([0-9a-f]+)$", re.M)


def ranges_of(map_text, tables, archives):
    """[begin, end) of each input section from one of the archives in the output section .data.rel.ro."""
    start = OUTPUT.search(map_text)
    if not start or (int(start[1], 16), int(start[2], 16)) != (tables.address, tables.size):
        raise Unfit(f"the map does not belong to it: another {TABLES}")
    found = {archive: [] for archive in archives}
    for line in map_text[start.end():].splitlines()[1:]:
        if line and not line[0].isspace():
            break  # the next output section
        match = INPUT.search(line)
        if match and match[3] in found and int(match[2], 16):
            begin = int(match[1], 16)
            found[match[3]].append((begin, begin + int(match[2], 16)))
    for archive, ranges in found.items():
        if not ranges:
            raise Unfit(f"no tables of {archive} in the map")
    ranges = sorted(sum(found.values(), []))
    if ranges[0][0] < tables.address or ranges[-1][1] > tables.address + tables.size:
        raise Unfit(f"tables outside {TABLES} in the map")
    return ranges


def decoded(words, name):
    try:
        return relr.decode(words)
    except ValueError as error:
        raise Unfit(f"{name} is no list of relative relocations: {error}") from error


def deferred_words(image):
    """What the section holds: a count of words, the words, zeros."""
    count, *words = image.words(image.section(DEFERRED)) or [0]
    if count > len(words) or any(words[count:]):
        raise Unfit(f"section {DEFERRED} holds something else")
    return words[:count]


def split(image, ranges):
    """Moves the addresses within the ranges from the eager list to the deferred one."""
    eager, deferred = image.section(EAGER), image.section(DEFERRED)
    (_, start), (size_at, size) = (image.dynamic(elf_image.DT_RELR, "DT_RELR"),
                                   image.dynamic(elf_image.DT_RELRSZ, "DT_RELRSZ"))
    if eager.kind != elf_image.SHT_RELR or (eager.address, eager.size) != (start, size):
        raise Unfit(f"section {EAGER} is not what the dynamic entries name")
    whole = sorted(decoded(image.words(eager), EAGER) + decoded(deferred_words(image), DEFERRED))
    moved = {address for begin, end in ranges for address in range(begin + -begin % 8, end - 7, 8)}.intersection(whole)
    _, relro, relro_size = image.segment(elf_image.PT_GNU_RELRO, "RELRO")
    if not moved:
        raise Unfit("no relocation is in the tables")
    if min(moved) < relro or max(moved) + 8 > relro + relro_size:
        raise Unfit("a table is outside the RELRO segment")
    stay, leave = relr.encode([a for a in whole if a not in moved]), relr.encode(sorted(moved))
    if not stay or len(stay) * 8 > eager.size:
        raise Unfit(f"section {EAGER} has no room for the {len(stay)} words that stay")
    if (len(leave) + 1) * 8 > deferred.size:
        raise Unfit(f"section {DEFERRED} has {deferred.size // 8 - 1} words, {len(leave)} are needed")
    image.put_words(eager.offset, stay + [0] * (eager.size // 8 - len(stay)))
    image.put_words(deferred.offset, [len(leave), *leave] + [0] * (deferred.size // 8 - 1 - len(leave)))
    image.set_size(eager, len(stay) * 8)
    image.put_words(size_at, [len(stay) * 8])
    return whole


def verify(data, whole):
    """Reads the result afresh: each relocation is in one of the lists, none in both."""
    image = elf_image.Image(data)
    both = decoded(image.words(image.section(EAGER)), EAGER) + decoded(deferred_words(image), DEFERRED)
    if sorted(both) != whole or image.dynamic(elf_image.DT_RELRSZ, "DT_RELRSZ")[1] != image.section(EAGER).size:
        raise Unfit("the result differs from what was there: an error of this script")


def defer(data, map_text, archives):
    """The executable's bytes after the step."""
    image = elf_image.Image(data)
    whole = split(image, ranges_of(map_text, image.section(TABLES), archives))
    verify(image.data, whole)
    return bytes(image.data)


def main():
    if len(sys.argv) < 4:
        sys.exit("usage: defer_relocations.py EXECUTABLE MAP ARCHIVE...")
    executable, link_map = map(pathlib.Path, sys.argv[1:3])
    try:
        before = executable.read_bytes()
        after = defer(before, link_map.read_text(errors="replace"), sys.argv[3:])
        if after != before:
            executable.write_bytes(after)
    except (OSError, Unfit) as error:
        sys.exit(f"defer_relocations: {executable}: {error}")


if __name__ == "__main__":
    main()
