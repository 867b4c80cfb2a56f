// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "mapping/options.h"

namespace socbridge::delivery {

// What marks an alert that socctl made itself, so that people and filters know it.
struct Mark {
  std::string_view rule_id, group, description, full_log;
  std::string_view address;  // data.srcip
};
// `socctl alert test`: an address of no host (RFC 5737).
inline constexpr Mark kTestMark = {
    "100999", "socbridge_test", "socbridge test alert: please ignore or delete",
    "This alert was made by `socctl alert test` to prove that alerts arrive.", "192.0.2.1"};
// `socctl health --canary`: a public address, which analyzers know.
inline constexpr Mark kCanaryMark = {"100998", "socbridge_canary",
                                     "socbridge canary: it takes itself away, please ignore",
                                     "This alert was made by `socctl health --canary`.", "9.9.9.9"};

// Raw JSON of a Wazuh alert of this moment, as integratord writes it: agent 000, manager `socctl`,
// id `<Unix seconds>.<nonce>`. `nonce` (digits) makes two alerts of one second different.
std::string make_synthetic_alert(const Mark& mark, UnixMillis now_ms, int level,
                                 std::string_view nonce);

// The lowest level that the filters let pass.
int passing_level(const mapping::Options& rules);

// When the alert with this TheHive reference was made, if it is one that make_synthetic_alert()
// made and nothing else: the reference is a digest that no other alert has. -1: it is not.
UnixMillis synthetic_alert_time(const Mark& mark, std::string_view source_ref,
                                std::string_view manager_alias);

}  // namespace socbridge::delivery
