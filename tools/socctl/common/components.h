// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace socbridge::socctl {

// A third-party library in the executables of this build. cmake/Components.cmake generates the
// table from the linked libraries.
struct Component {
  const char* name;
  const char* version;   // upstream version
  const char* package;   // version of Debian's source package; empty if built elsewhere
  const char* licence;   // SPDX expression
  const char* programs;  // our executables with this library, separated by blanks
};

// Sorted by name, case ignored. Thread safe.
std::span<const Component> components();

}  // namespace socbridge::socctl
