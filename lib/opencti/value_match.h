// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opencti/context.h"
#include "opencti/stix/value.h"

namespace socbridge::opencti {

// A value to look up, and the results.
struct Wanted {
  Context context;
  LookupKeys lookup;
  bool is_long() const { return context.value.text.size() > kLongestFiltered; }
};

// Whether a search result belongs to this value, by the value alone: results for another value in
// the same query never change the answer.
bool is_about(const Wanted& wanted, const Observable& observable);
// Decided by the pattern: a name is not enough, and the platform's list of a pattern's values
// includes negated ones.
bool is_about(const Wanted& wanted, const Indicator& indicator);

// Adds the object unless one with its id exists.
template <typename T>
void add_new(std::vector<T>& into, T one) {
  for (const T& other : into) {
    if (other.id == one.id) return;
  }
  if (!one.id.empty()) into.push_back(std::move(one));
}

}  // namespace socbridge::opencti
