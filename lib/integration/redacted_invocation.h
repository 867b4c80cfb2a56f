// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "config/settings.h"

namespace socbridge::integration {

// What of the integration block may be kept on disk beside an alert.

// `scheme://host[:port]/path` of an http or https URL; user information, query and fragment are
// left out. Anything else becomes "": with shifted arguments a key may stand where the URL should
// be.
std::string url_for_spool(std::string_view hook_url);

// The options as compact JSON with only the keys of the schema that are no secrets (a secret given
// as `file:PATH` is a reference and stays); URLs in texts lose their user information, and `key` is
// redacted wherever it stands. "" if the text is not a JSON object.
std::string options_for_spool(std::string_view options_json, const config::Schema& schema,
                              const Secret& key);

}  // namespace socbridge::integration
