// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "http/client.h"
#include "json/value.h"
#include "opensearch/alert_query.h"
#include "opensearch/connection.h"
#include "opensearch/scan.h"
#include "reconcile/alert_source.h"

namespace socbridge::reconcile {

// Indices with one form of alerts.
struct IndexPart {
  std::string pattern;
  opensearch::AlertForm form = opensearch::AlertForm::v4;
};

struct IndexerOptions {
  http::ClientOptions http;
  opensearch::ConnectionOptions connection;
  std::vector<IndexPart> parts;  // read one after the other
  opensearch::AlertQuery query;
  std::string state_index = {};  // where followers store their position
  opensearch::ScanOptions::Fetch fetch = opensearch::ScanOptions::Fetch::when_needed;
};

// Alerts of OpenSearch, in order of time. An alert that was indexed twice is returned once.
// Recorded in unread(): shards that do not answer, documents that are too large, no index, and a
// newest document more than an hour older than the end of the window, since later alerts may not be
// indexed yet.
//
// A position is {"times":{"PATTERN":MILLISECONDS}}: the time up to which each pattern is done.
// Reading continues an hour before it, for late documents.
class IndexerSource final : public AlertSource {
 public:
  // Errors: those of the connection (auth, unreachable, refused); usage if OpenSearch cannot parse
  // the query.
  static Result<std::unique_ptr<IndexerSource>> open(IndexerOptions options,
                                                     json::Value resume = {});

  Result<bool> next(SourceAlert& out) override;
  std::string position_before() const override { return position(); }
  std::string position_after() const override { return position(); }
  Unread unread() const override;
  // The part of unread() that is missing in the indices themselves: shards, documents, no index.
  std::vector<std::string> missing_parts() const;
  Reading reading() const override;
  std::string description() const override;

 private:
  IndexerSource(IndexerOptions options, json::Value resume);

  struct Part {
    IndexPart what;
    std::optional<UnixMillis> resume_ms;  // reading starts here
    std::unique_ptr<opensearch::Scan> scan;
    std::optional<UnixMillis> reached_ms;  // time of its latest alert
  };
  Status open_parts();
  Status check_fresh(const Part& part);
  bool is_new(const opensearch::Hit& hit, const Part& part);
  static void settle(Part& part, std::string_view time);
  std::string position() const;
  Status ending(const Status& status) const;

  IndexerOptions options_;
  http::Client http_;
  opensearch::Connection connection_;
  std::vector<Part> parts_;
  std::size_t current_ = 0;
  std::string url_;                            // of the node that was tried first
  std::string moment_;                         // time of the last returned alert
  std::unordered_set<std::string> of_moment_;  // alerts returned for it
  std::uint64_t twice_ = 0;
  std::vector<std::string> notes_;  // about a stale index
  bool no_index_ = false;
};

}  // namespace socbridge::reconcile
