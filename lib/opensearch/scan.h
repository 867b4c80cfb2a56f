// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
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
  std::size_t page_bytes = std::size_t{2} << 20;  // approximate size of a page
  // ahead: a thread fetches the next page while the caller reads this one; for reading all pages.
  enum class Fetch { when_needed, ahead } fetch = Fetch::when_needed;
};

// Number of documents per page, at most 10,000: index.max_result_window is the limit of a search.
struct PageSize {
  static constexpr std::size_t kMost = 10000;
  std::size_t next = 256;
  std::size_t least = 1;  // minimum for a page to make progress
  std::size_t asked = 0;  // of the current page; 0: none yet

  void shrink();
  // Sets the size so that the next page has about `wanted` bytes, given that `documents` had
  // `bytes`.
  void fit(std::size_t wanted, std::size_t documents, std::size_t bytes);
  // The next page begins with `documents` that were already returned.
  void begin_with(std::size_t documents);
};

// The returned documents of the current moment.
class GivenOfMoment {
 public:
  bool has(const Hit& hit) const;
  void keep(const Hit& hit);

 private:
  std::string moment_;
  std::unordered_set<std::string> keys_;
};

// All documents that match a pattern and a query, in order of time, with search_after over a point
// in time; never a scroll. The state is a moment and the names of the documents returned for it. So
// a lost answer, a lost point in time or a restarted node loses no document and returns none twice.
// Not every version can continue within the documents of one moment: the next page begins with that
// moment again, and returned documents are skipped. Memory is bounded by one page, whose size is
// set in bytes, or two pages with `ahead`. For one thread; with `ahead` nothing else may use the
// connection.
class Scan {
 public:
  Scan(Connection& connection, ScanOptions options);
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  // Counts the documents. Errors: those of the connection; usage if OpenSearch cannot parse the
  // query. If no index matches, this is not an error, but no_index() is true.
  Status open();
  // The next document, valid until the next call. False at the end. Errors: no answer within the
  // time for retries; refused if the server ignores the order or repeats documents.
  Result<bool> next(Hit& out);

  bool no_index() const { return no_index_; }
  std::uint64_t total() const { return counts_.total; }
  std::uint64_t given() const { return counts_.given; }
  // Documents larger than an answer may be; they are skipped.
  std::uint64_t too_large() const { return counts_.too_large; }
  // Why documents may be missing, one line per cause: shards that did not answer.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  struct Fetched {
    std::unique_ptr<SearchPage> page = std::make_unique<SearchPage>();
    bool names_only = false;  // without the sources, since one of them is too large
    std::vector<std::string> failures;
    Status status;
  };
  // Runs on another thread; changes only size_, point_ and missing_shards_, which nothing else uses
  // meanwhile.
  Fetched fetch();
  // One answer; false if it must be requested again.
  Result<bool> ask(Fetched& out);
  Result<http::Outcome> search(bool with_source);
  std::string body(bool with_source) const;
  bool wait_for_shards();
  void note_shards(Fetched& out) const;
  bool is_in_order(const SearchPage& page) const;
  Status turn_page();
  void fetch_ahead();
  void move_on();
  void failed(const std::string& line);
  Result<bool> read_document(Hit& hit);

  Connection* connection_;
  ScanOptions options_;
  PointInTime point_;
  Fetched now_;           // the current page
  std::size_t next_ = 0;  // of it
  PageSize size_;
  std::string document_;  // a document that was read alone
  struct Order {
    std::string after;   // sort values for search_after; empty: from the beginning
    bool by_id = false;  // sorted by time and _id
  } order_;
  bool ended_ = false;
  struct MissingShards {
    Backoff waited;  // wait for missing shards
    bool given_up = false;
  } missing_shards_;
  GivenOfMoment of_moment_;
  struct Counts {
    std::uint64_t total = 0, given = 0, too_large = 0;
    std::size_t known_in_a_row = 0;  // documents that were already returned
  } counts_;
  bool no_index_ = false;
  std::vector<std::string> failures_;
  std::future<Fetched> ahead_;  // last: ends before what it uses
};

}  // namespace socbridge::opensearch
