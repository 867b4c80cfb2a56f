#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace socbridge::health {

// Raw JSON of the canary: rule 100998, group `socbridge_canary`, `address` as data.srcip. `nonce`
// makes its id its own; it is also how its entry in the spool is known.
std::string canary_alert(UnixMillis now_ms, int level, std::string_view address,
                         std::string_view nonce);

}  // namespace socbridge::health
