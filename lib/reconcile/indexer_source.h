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

// Indices of one form of alerts.
struct IndexPart {
  std::string pattern;
  opensearch::AlertForm form = opensearch::AlertForm::v4;
};

struct IndexerOptions {
  http::ClientOptions http;
  opensearch::ConnectionOptions connection;
  std::vector<IndexPart> parts;  // one after the other
  opensearch::AlertQuery query;
  std::string state_index = {};  // where followers keep how far they are
  opensearch::ScanOptions::Fetch fetch = opensearch::ScanOptions::Fetch::when_needed;
};

// Alerts of OpenSearch, in the order of their time. An alert that was indexed twice is given once.
// Noted in unread(): shards that do not answer, documents that are too large, no index at all, and
// a newest document that is more than an hour older than the end of the window, since what fired
// later may not have been indexed yet.
//
// A position is {"times":{"PATTERN":MILLISECONDS}}: up to where each pattern is settled. Reading
// goes on an hour before, for documents that come late.
class IndexerSource final : public AlertSource {
 public:
  // Errors: those of the connection (auth, unreachable, refused), a query that OpenSearch cannot
  // read (usage).
  static Result<std::unique_ptr<IndexerSource>> open(IndexerOptions options,
                                                     json::Value resume = {});

  Result<bool> next(SourceAlert& out) override;
  std::string position_before() const override { return position(); }
  std::string position_after() const override { return position(); }
  Unread unread() const override;
  // Of unread() what is missing in the indices themselves: shards, documents, no index.
  std::vector<std::string> missing_parts() const;
  Reading reading() const override;
  std::string description() const override;

 private:
  IndexerSource(IndexerOptions options, json::Value resume);

  struct Part {
    IndexPart what;
    std::optional<UnixMillis> resume_ms;  // reading goes on here
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
  std::string url_;                            // of the node that was asked first
  std::string moment_;                         // time of the alert given last
  std::unordered_set<std::string> of_moment_;  // alerts given of it
  std::uint64_t twice_ = 0;
  std::vector<std::string> notes_;  // of a stale index
  bool no_index_ = false;
};

}  // namespace socbridge::reconcile
