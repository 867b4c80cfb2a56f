// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/report.h"
#include "health/thresholds.h"

namespace socbridge::health::test {

// One component in each state, with text that would break every format if it were not escaped.
inline Summary sample() {
  constexpr UnixMillis kAt = 1767225600123;  // 2026-01-01T00:00:00.123Z
  Summary summary;
  summary.checked_at_ms = kAt;
  summary.took_ms = 1234;
  summary.timeout_ms = 10000;
  summary.reports = {
      {"wazuh",
       "Wazuh manager",
       "/var/ossec",
       "4.14.1",
       12,
       {{"integration block 1", State::ok, Cause::none, "complete", ""},
        {"answer", State::ok, Cause::none, "in 12 ms", "", Thresholds().of("wazuh", "answer")}}},
      {"thehive",
       "TheHive",
       "https://thehive.example:9000",
       "5.7.3-1",
       2345,
       {{"answer", State::degraded, Cause::slow, "answered after 2345 ms, more than 2000 ms",
         "check its load, or allow more with --slow", Thresholds().of("thehive", "answer")},
        {"key", State::ok, Cause::none, "w2thive of soc", ""},
        {"cortex connector", State::degraded, Cause::reported_error,
         "TheHive says ERROR: <script>alert(1)</script> | `cortex0` \"AUTH\" & 'more'\\",
         "check Cortex | and the *key*"}}},
      {"opensearch",
       "OpenSearch",
       "https://indexer.example:9200",
       "2.19.1",
       8,
       {{"answer", State::ok, Cause::none, "in 8 ms", "", Thresholds().of("opensearch", "answer")},
        {"cluster", State::unknown, Cause::auth,
         "OpenSearch: HTTP 403: no permissions for [cluster:monitor/health]",
         "check the permissions of the key's user"}}},
      {"prometheus",
       "Prometheus",
       "http://prometheus.example:9090",
       "",
       -1,
       {{"answer", State::down, Cause::unreachable,
         "Prometheus: cannot connect to prometheus.example:9090: Connection refused",
         "check that it runs and that its URL is right"}}},
      {"grafana",
       "Grafana",
       "",
       "",
       -1,
       {{"configuration", State::skipped, Cause::none, "not configured",
         "set SOCCTL_GRAFANA_URL and SOCCTL_GRAFANA_KEY_FILE"}}},
  };
  return summary;
}

}  // namespace socbridge::health::test
