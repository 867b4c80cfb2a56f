// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "thehive/alert.h"

namespace socbridge::thehive {

// The alert as TheHive takes it: every limit of alert.h kept, tags and observables trimmed,
// deduplicated and without empty ones, values in range. What cannot be cut without becoming wrong
// (link, template name, custom field name, technique id) is left out if it is too long.
Alert clean(const Alert& alert, ApiVersion version);

// The three texts of the key of an alert, as clean() makes them: to find what was created.
std::string clean_type(std::string_view type);
std::string clean_source(std::string_view source);
std::string clean_source_ref(std::string_view source_ref);

}  // namespace socbridge::thehive
