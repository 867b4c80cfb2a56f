// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "thehive/alert.h"

namespace socbridge::thehive {

// The alert within all limits of alert.h: tags and observables trimmed, deduplicated and without
// empty ones, values in range. Values that would be wrong if cut (link, template name, custom field
// name, technique id) are removed if they are too long.
Alert clean(const Alert& alert, ApiVersion version);

// The three parts of an alert's key, as clean() makes them: for finding the created alert.
std::string clean_type(std::string_view type);
std::string clean_source(std::string_view source);
std::string clean_source_ref(std::string_view source_ref);

}  // namespace socbridge::thehive
