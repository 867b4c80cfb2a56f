// A program with tables in an archive of its own, as those of a TLS library are in a real one.
#include <sys/resource.h>

#include <cstdio>
#include <cstring>

#include "http/deferred_relocations.h"

extern "C" const char* const tables[200];  // NOLINT

int main(int count, char** arguments) {
  const auto asked = [&](const char* word) {
    return count > 1 && std::strcmp(arguments[1], word) == 0;
  };
  if (asked("limited")) {
    const rlimit none = {0, 0};
    setrlimit(RLIMIT_DATA, &none);
  }
  if (!asked("raw") && !socbridge::http::apply_deferred_relocations()) return 1;
  if (asked("write")) {
    *const_cast<const char* volatile*>(&tables[7]) = "must not be possible";
    return 0;
  }
  for (const char* const& text : tables) {
    std::puts(text);
  }
}
