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
  std::size_t page_bytes = std::size_t{2} << 20;  // about so many are asked for at once
  // ahead: the next page is fetched by a thread while this one is used, for who reads all of it.
  enum class Fetch { when_needed, ahead } fetch = Fetch::when_needed;
};

// How many documents a page is asked for. At most 10,000: index.max_result_window, no search may
// ask for more.
struct PageSize {
  static constexpr std::size_t kMost = 10000;
  std::size_t next = 256;
  std::size_t least = 1;  // that a page must have to go on
  std::size_t asked = 0;  // for the page that is here; 0: none yet

  void shrink();
  // So many that the next page has about `wanted` bytes, if `documents` had `bytes`.
  void fit(std::size_t wanted, std::size_t documents, std::size_t bytes);
  // The next page begins with `documents` that were given.
  void begin_with(std::size_t documents);
};

// The documents that were given of the moment reached.
class GivenOfMoment {
 public:
  bool has(const Hit& hit) const;
  void keep(const Hit& hit);

 private:
  std::string moment_;
  std::unordered_set<std::string> keys_;
};

// All documents of a pattern that a query finds, in the order of their time, with search_after over
// a point in time; never a scroll. The state is a moment and the names of the documents given of
// it, so a lost answer, a lost point in time or a restarted node loses no document and gives none
// twice. Documents of one moment have no order that every version can go on from: the next page
// begins with that moment again, and what was given is passed over. Memory is bounded by a page,
// which is asked for by bytes; two if they are fetched ahead. For one thread; with pages fetched
// ahead no other may use the connection meanwhile.
class Scan {
 public:
  Scan(Connection& connection, ScanOptions options);
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  // Counts what there is. Errors: those of the connection; a query that OpenSearch cannot read
  // (usage). That no index fits is no error, no_index() says it.
  Status open();
  // The next document, valid until the next call. False at the end. Errors: no answer
  // within the time for retries; a server that gives no order or the same again (refused).
  Result<bool> next(Hit& out);

  bool no_index() const { return no_index_; }
  std::uint64_t total() const { return counts_.total; }
  std::uint64_t given() const { return counts_.given; }
  // Documents that are larger than any answer may be; they are passed over.
  std::uint64_t too_large() const { return counts_.too_large; }
  // Why documents may be missing, one line each: shards that did not answer.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  struct Fetched {
    std::unique_ptr<SearchPage> page = std::make_unique<SearchPage>();
    bool names_only = false;  // without the documents, since one of them is too large
    std::vector<std::string> failures;
    Status status;
  };
  // Changes only what no other function uses while it runs: size_, point_, missing_shards_.
  Fetched fetch();
  // One answer; false if it has to be asked for again.
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
  Fetched now_;           // the page that is given out
  std::size_t next_ = 0;  // of it
  PageSize size_;
  std::string document_;  // one that was read alone
  struct Order {
    std::string after;   // sort values to go on behind; empty: from the beginning
    bool by_id = false;  // the order is that of time and _id
  } order_;
  bool ended_ = false;
  struct MissingShards {
    Backoff waited;  // how long they are waited for
    bool given_up = false;
  } missing_shards_;
  GivenOfMoment of_moment_;
  struct Counts {
    std::uint64_t total = 0, given = 0, too_large = 0;
    std::size_t known_in_a_row = 0;  // documents that were given before
  } counts_;
  bool no_index_ = false;
  std::vector<std::string> failures_;
  std::future<Fetched> ahead_;  // last: ends before what it uses
};

}  // namespace socbridge::opensearch
