// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::web {

// How much an Accept header wants a media type, in thousandths (RFC 9110, 12.5.1); 0: not at all,
// or not named. `version`: a parameter "version" must be this one, if it is there.
int accept_quality(std::string_view accept, std::string_view type, std::string_view version = {});

}  // namespace socbridge::web
