// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace socbridge::socctl {

// A library of others in the executables of this build. cmake/Components.cmake makes the table from
// what is linked.
struct Component {
  const char* name;
  const char* version;   // of its authors
  const char* package;   // version of Debian's source package; empty if built elsewhere
  const char* licence;   // SPDX expression
  const char* programs;  // our executables that have it, separated by blanks
};

// Sorted by name, case ignored. Thread safe.
std::span<const Component> components();

}  // namespace socbridge::socctl
