// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "opensearch/connection.h"
#include "opensearch/point_in_time.h"
#include "opensearch/search_page.h"
#include "service/backoff.h"

namespace socbridge::opensearch {

struct ScanOptions {
  std::string pattern;     // of index names
  std::string time_field;  // "timestamp"; documents come in its order, those without it last
  std::string query = {};  // JSON of the query; empty: all documents
  std::size_t page_bytes = std::size_t{2} << 20;  // about so many are asked for at once
};

// All documents of a pattern that a query finds, in the order of their time, with search_after over
// a point in time; never a scroll. The state is a moment and the names of the documents given of
// it, so a lost answer, a lost point in time or a restarted node loses no document and gives none
// twice. Documents of one moment have no order that every version can go on from: the next page
// begins with that moment again, and what was given is passed over. Memory is bounded by a page,
// which is asked for by bytes. For one thread.
class Scan {
 public:
  Scan(Connection& connection, ScanOptions options);

  // Counts what there is. Errors: those of the connection; a query that OpenSearch cannot read
  // (usage). That no index fits is no error, no_index() says it.
  Status open();
  // The next document, valid until the next call. False at the end. Errors: no answer
  // within the time for retries.
  Result<bool> next(Hit& out);

  bool no_index() const { return no_index_; }
  std::uint64_t total() const { return total_; }
  std::uint64_t given() const { return given_; }
  // Documents that are larger than any answer may be; they are passed over.
  std::uint64_t too_large() const { return too_large_; }
  // Why documents may be missing, one line each: shards that did not answer.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  Status fetch();
  // One answer into page_; false if it has to be asked for again.
  Result<bool> ask();
  Result<http::Outcome> search(bool with_source);
  std::string body(bool with_source) const;
  bool wait_for_shards();
  void note_shards();
  void choose_size();
  void move_on();
  void failed(const std::string& line);
  bool was_given(const Hit& hit) const;
  void keep(const Hit& hit);
  Result<bool> read_document(Hit& hit);

  Connection* connection_;
  ScanOptions options_;
  PointInTime point_;
  SearchPage page_;
  std::size_t next_ = 0;     // of the page
  std::size_t size_;         // documents to ask for
  std::size_t least_ = 1;    // documents that a page must have to go on
  std::size_t asked_ = 0;    // documents that the page was asked for
  bool names_only_ = false;  // the page is without the documents, since one of them is too large
  std::string document_;     // one that was read alone
  std::string after_;        // sort values to go on behind; empty: from the beginning
  bool by_id_ = false;       // the order is that of time and _id
  bool ended_ = false;
  Backoff shards_missing_;  // how long shards are waited for
  bool shards_given_up_ = false;
  std::string moment_;                         // time of the document given last
  std::unordered_set<std::string> of_moment_;  // documents given of it
  std::uint64_t total_ = 0, given_ = 0, too_large_ = 0;
  bool no_index_ = false;
  std::vector<std::string> failures_;
};

}  // namespace socbridge::opensearch
