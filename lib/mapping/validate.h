#pragma once

#include <string_view>
#include <vector>

#include "mapping/kind.h"

namespace socbridge::mapping {

// Reads one field's text as `kind` says: validates, normalises, splits lists. What is found is added
// to `out`, and so is the reason for what is dropped. `text` is valid UTF-8.
void validate(Kind kind, std::string_view text, std::vector<Finding>& out);

}  // namespace socbridge::mapping
