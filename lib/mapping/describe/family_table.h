// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace socbridge::mapping {

// A row of a family's table: the first of the paths (separated by blanks) that has a value. `@x`
// stands for data.win.eventdata.x.
struct FamilyField {
  std::string_view label, paths;
};

// A kind of alert. It is one if a field of `marks` (paths, or `path=VALUE,VALUE`; separated by
// blanks) is there.
struct FamilyRow {
  std::string_view name, marks;
  const FamilyField* fields;
  std::size_t count;
};

// In the order in which they are tried.
const FamilyRow* family_rows(std::size_t& count);

}  // namespace socbridge::mapping
