#pragma once

namespace socbridge::http {

// Relocates the TLS library's constant tables where the build left that to the program
// (cmake/DeferRelocations.cmake); elsewhere it does nothing. Call it once, before any function of
// that library. False: the memory could not be made writable for it, and the library must not be
// used.
bool apply_deferred_relocations();

}  // namespace socbridge::http
