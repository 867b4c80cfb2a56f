"""A linked 64-bit little-endian ELF file in memory: its sections, dynamic entries and bytes by address."""
import struct

MACHINES = {62: "x86-64", 183: "aarch64"}
ET_DYN, PT_LOAD, PT_DYNAMIC, PT_GNU_RELRO = 3, 1, 2, 0x6474E552
SHT_NOBITS, SHT_RELR = 8, 19
DT_NULL, DT_RELRSZ, DT_RELR = 0, 35, 36

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
SECTION = struct.Struct("<IIQQQQIIQQ")
DYNAMIC = struct.Struct("<QQ")
SIZE_IN_SECTION = 32  # where sh_size stands in a section header


class Unfit(Exception):
    """The file is not what can be worked on; the text says why."""


class Section:
    def __init__(self, header_at, name, kind, address, offset, size):
        self.header_at, self.name, self.kind = header_at, name, kind
        self.address, self.offset, self.size = address, offset, size


class Image:
    def __init__(self, data):
        self.data = bytearray(data)
        try:
            self._read()
        except struct.error as error:
            raise Unfit("the ELF file is cut off or damaged") from error

    def _read(self):
        if self.data[:4] != b"\x7fELF":
            raise Unfit("not an ELF file")
        (ident, kind, machine, _, _, segments_at, sections_at, _, _, segment_size, segments, section_size,
         sections, names) = HEADER.unpack_from(self.data)
        if ident[4:7] != b"\2\1\1" or machine not in MACHINES:
            raise Unfit(f"not a 64-bit little-endian ELF file for {' or '.join(MACHINES.values())}")
        if kind != ET_DYN:
            raise Unfit("not a position-independent executable")
        if segment_size != SEGMENT.size or section_size != SECTION.size or names >= sections:
            raise Unfit("the ELF file is cut off or damaged")
        self.segments = [SEGMENT.unpack_from(self.data, segments_at + i * SEGMENT.size) for i in range(segments)]
        headers = [sections_at + i * SECTION.size for i in range(sections)]
        fields = [SECTION.unpack_from(self.data, at) for at in headers]
        names_at = fields[names][4]
        self.sections = [Section(at, self._text(names_at + f[0]), f[1], f[3], f[4], f[5])
                         for at, f in zip(headers, fields)]
        for section in self.sections:
            if section.kind != SHT_NOBITS and section.offset + section.size > len(self.data):
                raise Unfit("the ELF file is cut off or damaged")

    def _text(self, at):
        end = self.data.find(b"\0", at)
        return bytes(self.data[at:max(at, end)]).decode("latin-1")

    def section(self, name):
        found = [section for section in self.sections if section.name == name]
        if len(found) != 1:
            raise Unfit(f"{len(found)} sections {name} instead of one")
        if found[0].kind == SHT_NOBITS:
            raise Unfit(f"section {name} has no bytes in the file")
        return found[0]

    def segment(self, kind, what):
        """Offset in the file, first address and size in memory of the only segment of that kind."""
        found = [(s[2], s[3], s[6]) for s in self.segments if s[0] == kind]
        if len(found) != 1:
            raise Unfit(f"{len(found)} {what} segments instead of one")
        return found[0]

    def dynamic(self, tag, name):
        """Where in the file the value of a dynamic entry stands, and the value."""
        at, _, size = self.segment(PT_DYNAMIC, "dynamic")
        found = []
        for entry in range(at, at + size, DYNAMIC.size):
            key, value = self._unpack(DYNAMIC, entry)
            if key == DT_NULL:
                break
            if key == tag:
                found.append((entry + 8, value))
        if len(found) != 1:
            raise Unfit(f"{len(found)} dynamic entries {name} instead of one")
        return found[0]

    def _unpack(self, form, at):
        try:
            return form.unpack_from(self.data, at)
        except struct.error as error:
            raise Unfit("the ELF file is cut off or damaged") from error

    def words(self, section):
        if section.size % 8 or section.offset % 8:
            raise Unfit(f"section {section.name} does not consist of aligned 64-bit words")
        return list(self._unpack(struct.Struct(f"<{section.size // 8}Q"), section.offset))

    def put_words(self, at, words):
        struct.pack_into(f"<{len(words)}Q", self.data, at, *words)

    def set_size(self, section, size):
        section.size = size
        self.put_words(section.header_at + SIZE_IN_SECTION, [size])
