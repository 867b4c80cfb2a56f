#include "http/deferred_relocations.h"

#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

extern "C" {
// The linker's name for the start of the executable in memory.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
[[gnu::visibility("hidden")]] extern const Elf64_Ehdr __ehdr_start;
}

namespace socbridge::http {
namespace {

// Filled after linking by cmake/defer_relocations.py: how many words follow, then the addresses in
// the packed form of SHT_RELR. OpenSSL 3.0 needs three quarters of it.
constexpr std::size_t kWords = 1024;
[[gnu::section(".socbridge.deferred"), gnu::used]] const std::uint64_t table[kWords] = {};

// The compiler takes the table for zeros and would leave everything out.
const std::uint64_t* written_table() {
  const std::uint64_t* words = table;
  asm volatile("" : "+r"(words)::"memory");
  return words;
}

struct Pages {
  std::uintptr_t begin = 0, end = 0;
};

// What the start code made read-only: whole pages, as it rounds them.
Pages relro_pages(std::uintptr_t base) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto* headers = reinterpret_cast<const Elf64_Phdr*>(base + __ehdr_start.e_phoff);
  for (std::size_t i = 0; i < __ehdr_start.e_phnum; ++i) {
    if (headers[i].p_type != PT_GNU_RELRO) continue;
    const std::uintptr_t begin = base + headers[i].p_vaddr;
    return {begin & ~(page - 1), (begin + headers[i].p_memsz) & ~(page - 1)};
  }
  return {};
}

bool protect(const Pages& pages, int access) {
  return ::mprotect(reinterpret_cast<void*>(pages.begin), pages.end - pages.begin, access) == 0;
}

void relocate(std::uintptr_t base, std::uintptr_t address) {
  auto* word = reinterpret_cast<void*>(base + address);
  std::uintptr_t value = 0;
  std::memcpy(&value, word, sizeof value);
  value += base;
  std::memcpy(word, &value, sizeof value);
}

// An even word is an address; the 63 upper bits of an odd one stand for the words that follow.
void relocate_all(std::uintptr_t base, const std::uint64_t* words, std::size_t count) {
  constexpr std::uintptr_t kSize = sizeof(std::uint64_t);
  constexpr std::uintptr_t kBits = 63;
  std::uintptr_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i] % 2 == 0) {
      relocate(base, words[i]);
      next = words[i] + kSize;
      continue;
    }
    std::uintptr_t address = next;
    for (std::uint64_t bits = words[i] >> 1; bits != 0; bits >>= 1, address += kSize) {
      if (bits % 2 == 1) relocate(base, address);
    }
    next += kBits * kSize;
  }
}

}  // namespace

bool apply_deferred_relocations() {
  const std::uint64_t* words = written_table();
  if (words[0] == 0) return true;
  const auto base = reinterpret_cast<std::uintptr_t>(&__ehdr_start);
  const Pages pages = relro_pages(base);
  if (!protect(pages, PROT_READ | PROT_WRITE)) return false;
  relocate_all(base, words + 1, words[0]);
  return protect(pages, PROT_READ);
}

}  // namespace socbridge::http
