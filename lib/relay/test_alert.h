#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace socbridge::relay {

// Raw JSON of a marked Wazuh alert for trying a connection out: rule 100999, group
// `socbridge_test`, an id of this moment, and an address that nobody has (RFC 5737). `level` is
// chosen by the caller so that the filters let it pass. `nonce` makes two alerts of one millisecond
// different.
std::string make_test_alert(UnixMillis now_ms, int level, std::string_view nonce);

}  // namespace socbridge::relay
