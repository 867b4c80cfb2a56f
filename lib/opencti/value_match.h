// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opencti/context.h"
#include "opencti/stix/value.h"

namespace socbridge::opencti {

// A value that is asked for, and what was found of it.
struct Wanted {
  Context context;
  LookupKeys lookup;
  bool is_long() const { return context.value.text.size() > kLongestFiltered; }
};

// Whether what a search brought is this value's, by the value's own place alone: what a search for
// another value brings along never changes the answer for this one.
bool is_about(const Wanted& wanted, const Observable& observable);
// The pattern decides: a name is only a name, and the list of values that the platform makes of a
// pattern holds negated ones too.
bool is_about(const Wanted& wanted, const Indicator& indicator);

// Adds the thing unless one with its id is there.
template <typename T>
void add_new(std::vector<T>& into, T one) {
  for (const T& other : into) {
    if (other.id == one.id) return;
  }
  if (!one.id.empty()) into.push_back(std::move(one));
}

}  // namespace socbridge::opencti
