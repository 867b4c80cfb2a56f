// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/server/fixtures.h"

namespace socbridge::sandbox {

// One index of the facts, with defaults filled in.
struct OpenSearchIndex {
  std::string name;  // with `{today}` replaced by the UTC date
  std::string health;
  std::int64_t documents = 0;
  std::int64_t newest_ms = 0;   // Unix time of its newest document
  std::int64_t created_ms = 0;  // Unix time
  std::int64_t shards = 3, replicas = 0;
  std::int64_t unassigned = 0;  // of its primary shards
  std::int64_t failed = 0;      // of its shards, in a search
};

// The cluster's state from the facts of `--data opensearch=FILE`: settings in three layers, the
// disk against its watermarks, and the blocks that a real cluster then sets. docs/sandbox.md
// describes the members of the facts.
class OpenSearchState {
 public:
  explicit OpenSearchState(const SocFacts& facts) : facts_(facts) {}

  std::vector<OpenSearchIndex> indices() const;
  // `/_cluster/settings`. A setting with a value is not listed among the defaults.
  std::string settings_json(bool flat, bool defaults) const;
  // `/_cluster/state/blocks`.
  std::string blocks_json() const;
  // True if the index refuses reads (block 7).
  bool refuses_reads(std::string_view index) const;

 private:
  using Flat = std::map<std::string, std::string>;
  Flat layer(std::string_view name) const;
  Flat default_settings() const;
  std::string setting(const std::string& name) const;
  bool passed(std::string_view mark) const;
  std::map<std::string, std::vector<std::string>> index_blocks() const;
  std::vector<std::string> cluster_blocks() const;

  const SocFacts& facts_;
};

}  // namespace socbridge::sandbox
