// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "config/settings.h"

namespace socbridge::integration {

// The parts of the integration block that may be stored on disk with an alert.

// `scheme://host[:port]/path` of an http or https URL, without user information, query and
// fragment. "" for any other text: with shifted arguments it may be a key.
std::string url_for_spool(std::string_view hook_url);

// The options as compact JSON, with only those keys of the schema that are not secrets (a secret
// given as `file:PATH` is a reference and stays). URLs in texts lose their user information, and
// `key` is redacted everywhere. "" if the text is not a JSON object.
std::string options_for_spool(std::string_view options_json, const config::Schema& schema,
                              const Secret& key);

}  // namespace socbridge::integration
