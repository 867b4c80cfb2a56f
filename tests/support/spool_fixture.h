// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "support/canned_server.h"
#include "support/temp_dir.h"

namespace socbridge::test {

// An alert of the given level; all other members are constant.
inline std::string sample_alert(int level = 10) {
  return R"({"timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":)" + std::to_string(level) +
         R"(,"description":"sshd: brute force","id":"5763","groups":["syslog","sshd"]},)"
         R"("agent":{"id":"003","name":"web-01","ip":"192.0.2.7"},"manager":{"name":"wazuh-01"},)"
         R"("id":"1741938001.1201","full_log":"Failed password","decoder":{"name":"sshd"},)"
         R"("data":{"srcip":"203.0.113.9","srcuser":"root"},"location":"/var/log/auth.log"})"
         "\n";
}

}  // namespace socbridge::test
