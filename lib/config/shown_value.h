// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/settings.h"
#include "json/value.h"

namespace socbridge::config {

// The value of a key for people, as JSON. A secret, also in a row, and each member with a secret's
// name (password, token, …), is "[set]", or "" if it is empty. The part of a URL before the @
// becomes [redacted]. Of rows only known keys are shown: an unknown one may be a misspelt api_key.
std::string shown_value(const Key& key, json::Value value);

}  // namespace socbridge::config
