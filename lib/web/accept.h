// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::web {

// Quality of a media type in an Accept header, in thousandths (RFC 9110, 12.5.1); 0: not acceptable
// or not named. A parameter "version" of the header must equal `version`.
int accept_quality(std::string_view accept, std::string_view type, std::string_view version = {});

}  // namespace socbridge::web
