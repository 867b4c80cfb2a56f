// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "opensearch/connection.h"

namespace socbridge::opensearch {

// Which writing of a document is meant (docs/protocols/opensearch.md, "Optimistic concurrency").
struct Version {
  std::int64_t seq_no = -1, primary_term = 0;
  bool operator==(const Version&) const = default;
};

struct StoredDocument {
  std::string id;
  Version version;
  std::string source;  // JSON
};

// Small documents of socbridge in an index of its own, which are only replaced by who has seen what
// they were. Members `kind` and `name` can be searched for; the rest is only kept. For one thread.
// Errors: those of the connection; auth if the account may not write there.
class StateStore {
 public:
  StateStore(Connection& connection, std::string index)
      : connection_(&connection), index_(std::move(index)) {}

  // Makes the index if it is not there: one shard, a copy where there is a second node.
  Status make();

  // What was written last, also if no search finds it yet.
  Result<std::optional<StoredDocument>> get(const std::string& id);
  // Replaces the document that was `seen`, or makes it if that is empty. Gives its new version;
  // empty if it is another one meanwhile. An answer that was lost is found again, so every `source`
  // must be different from all before.
  Result<std::optional<Version>> put(const std::string& id, const std::string& source,
                                     const std::optional<Version>& seen);
  Status remove(const std::string& id);
  // All of a name, at most a second old.
  Result<std::vector<StoredDocument>> list(const std::string& name);

  const std::string& index() const { return index_; }

 private:
  Connection* connection_;
  std::string index_;
};

}  // namespace socbridge::opensearch
