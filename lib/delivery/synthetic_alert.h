// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "mapping/options.h"

namespace socbridge::delivery {

// Marks an alert that socctl created itself, for people and filters.
struct Mark {
  std::string_view rule_id, group, description, full_log;
  std::string_view address;  // data.srcip
};
// `socctl alert test`: an address of no host (RFC 5737).
inline constexpr Mark kTestMark = {
    "100999", "socbridge_test", "socbridge test alert: please ignore or delete",
    "This alert was created by `socctl alert test` to prove that alerts arrive.", "192.0.2.1"};
// `socctl health --canary`: a public address, which analyzers know.
inline constexpr Mark kCanaryMark = {
    "100998", "socbridge_canary", "socbridge canary: removed automatically, please ignore",
    "This alert was created by `socctl health --canary`.", "9.9.9.9"};

// Raw JSON of a Wazuh alert with the current time, as integratord writes it: agent 000, manager
// `socctl`, id `<Unix seconds>.<nonce>`. `nonce` (digits) distinguishes alerts of the same second.
std::string make_synthetic_alert(const Mark& mark, UnixMillis now_ms, int level,
                                 std::string_view nonce);

// The lowest level that passes the filters.
int passing_level(const mapping::Options& rules);

// Creation time of the alert with this TheHive reference, if make_synthetic_alert() created it,
// which the reference, a digest, proves. -1: it is another alert.
UnixMillis synthetic_alert_time(const Mark& mark, std::string_view source_ref,
                                std::string_view manager_alias);

}  // namespace socbridge::delivery
