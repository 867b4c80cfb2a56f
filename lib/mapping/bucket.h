// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "mapping/options.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {

// Alerts of one manager with equal values in some fields, within one time window.
struct Bucket {
  std::string id;  // `<prefix>-<32 hex>-<start in Unix seconds>`: at most 64 characters, file-safe
  std::vector<std::pair<std::string, std::string>> fields;  // path and value, in the order of `by`
  UnixMillis start_ms = 0, end_ms = 0;
  bool complete = true;  // every field is present
};

// Defines which alerts share a bucket.
struct BucketRule {
  std::string_view prefix;             // of the id
  const std::vector<std::string>& by;  // paths
  std::int64_t window_ms = 0;
  std::string_view apart = {};  // also separates buckets; must outlive this
};

// The bucket of an alert. It depends on the alert alone (on `now_ms` only if the alert has no
// time), so that a redelivery and every process compute the same one. Windows begin at multiples of
// `window_ms` since 1970. `by` has paths; `rule.id`, `agent.id`, `agent.name` mean the same in
// Wazuh 5. Manager and cluster node (or the alias) are part of the key, as in the reference of an
// alert.
Bucket bucket_of(const wazuh::Alert& alert, const BucketRule& rule, std::string_view manager_alias,
                 UnixMillis now_ms);

// The key of the case that alerts with equal values share: `case-<32 hex>`, without a time window.
// Empty if the alert lacks one of the fields.
std::string case_key(const wazuh::Alert& alert, const std::vector<std::string>& by,
                     std::string_view manager_alias);

// Whether only a promotion may set the tag (case is ignored): a key as above, or
// thehive::kOwnCaseTag.
bool is_case_tag(std::string_view tag);

// The paths by which the alert is grouped: those of the last rule that sets them, else `group_by`.
// Never null; empty: not grouped. Lives as long as the options.
const std::vector<std::string>* group_by(const wazuh::Alert& alert, const Options& options);

}  // namespace socbridge::mapping
