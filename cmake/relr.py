"""The packed form of relative relocations (SHT_RELR): lists of addresses to and from 64-bit words."""

WORD = 8
BITS = 63  # addresses that one bitmap word covers; its lowest bit tells it from an address


def decode(words):
    """Ascending addresses of all words that get the load address added. ValueError: not RELR."""
    addresses, base = [], None
    for word in words:
        if word % 2 == 0:
            addresses.append(word)
            base = word + WORD
            continue
        if base is None:
            raise ValueError("the first word is a bitmap")
        addresses += [base + bit * WORD for bit in range(BITS) if word >> (bit + 1) & 1]
        base += BITS * WORD
    if any(a >= b for a, b in zip(addresses, addresses[1:])):
        raise ValueError("its addresses do not ascend")
    return addresses


def encode(addresses):
    """Words for ascending, even addresses."""
    words, base, bitmap = [], None, 0

    def flush():
        nonlocal bitmap
        if bitmap:
            words.append(bitmap << 1 | 1)
        bitmap = 0

    for address in addresses:
        while base is not None and bitmap and address - base >= BITS * WORD:
            flush()
            base += BITS * WORD
        near = base is not None and 0 <= address - base < BITS * WORD and (address - base) % WORD == 0
        if near:
            bitmap |= 1 << (address - base) // WORD
        else:
            flush()
            words.append(address)
            base = address + WORD
    flush()
    return words
