// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "opensearch/connection.h"

namespace socbridge::opensearch {

// Version of a document for optimistic concurrency (docs/protocols/opensearch.md, "Optimistic
// concurrency").
struct Version {
  std::int64_t seq_no = -1, primary_term = 0;
  bool operator==(const Version&) const = default;
};

struct StoredDocument {
  std::string id;
  Version version;
  std::string source;  // JSON
};

// Small documents of socbridge in its own index. A document is replaced only if its version is
// unchanged. The members `kind` and `name` can be searched; others are only stored. For one thread.
// Errors: those of the connection; auth if the account may not write.
class StateStore {
 public:
  StateStore(Connection& connection, std::string index)
      : connection_(&connection), index_(std::move(index)) {}

  // Creates the index if it does not exist: one shard, with a replica if there is a second node.
  Status make();

  // The last written document, even if searches do not find it yet.
  Result<std::optional<StoredDocument>> get(const std::string& id);
  // Replaces the document with version `seen`, or creates it if `seen` is empty. Returns the new
  // version; empty if another client changed the document. If an answer is lost, the write is
  // recognised by its content, so every `source` must be unique.
  Result<std::optional<Version>> put(const std::string& id, const std::string& source,
                                     const std::optional<Version>& seen);
  Status remove(const std::string& id);
  // All documents with a name, at most one second old.
  Result<std::vector<StoredDocument>> list(const std::string& name);

  const std::string& index() const { return index_; }

 private:
  Connection* connection_;
  std::string index_;
};

}  // namespace socbridge::opensearch
