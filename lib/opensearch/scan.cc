// SPDX-License-Identifier: Apache-2.0
#include "opensearch/scan.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::opensearch {
namespace {

constexpr std::int64_t kPageMs = 600000;
constexpr int kMostReopened = 5;
constexpr std::size_t kMostFailures = 20;
constexpr std::int64_t kFirstPauseMs = 250;
constexpr std::int64_t kLongestPauseMs = 5000;
// A restarted node has recovered its shards after this time.
constexpr std::int64_t kShardsMs = 20000;
// Sorts after every _id.
constexpr const char* kLastId = R"("\uffff")";

std::string key_of(const Hit& hit) {
  std::string key(hit.index);
  key.append("\n").append(hit.id);
  return key;
}

Status no_search_answer() {
  return Status::error(ExitCode::refused, "OpenSearch: the answer to a search has no hits",
                       "check that the URL is that of OpenSearch");
}

Status no_order() {
  return Status::error(ExitCode::refused,
                       "OpenSearch: the answer to a search is not in the order of its time",
                       "check that the URL is that of OpenSearch");
}

// Documents without a time, or whose time is not an integer, sort last.
std::int64_t rank_of(std::string_view time) {
  std::int64_t rank = 0;
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), rank);
  const bool whole = error == std::errc() && end == time.data() + time.size();
  return whole ? rank : std::numeric_limits<std::int64_t>::max();
}

// Path part from a text in JSON escapes.
std::string path_part(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return http::url_encode(text);
  const auto plain = json::Document::parse("\"" + std::string(text) + "\"");
  return http::url_encode(plain.ok() ? plain->root().text() : std::string(text));
}

// The point in time expired, or its node was restarted.
bool is_lost(const http::Outcome& outcome) {
  if (!outcome.answered()) return false;
  const http::Response& answer = outcome.response;
  if (answer.status == 404) return true;
  if (answer.status == 200) return shards_of(answer.body).context_lost;
  return answer.body.find("search_context_missing_exception") != std::string::npos;
}

}  // namespace

void PageSize::shrink() {
  constexpr std::size_t kShrink = 8;
  next = std::max(next / kShrink, least);
}

void PageSize::fit(std::size_t wanted, std::size_t documents, std::size_t bytes) {
  constexpr std::size_t kGrowth = 4;
  if (documents > 0) {
    const std::size_t each = std::max<std::size_t>(bytes / documents, 1);
    next = std::min({wanted / each, next * kGrowth, kMost});
  }
  next = std::max(next, least);
}

void PageSize::begin_with(std::size_t documents) { least = std::min(2 * documents, kMost); }

bool GivenOfMoment::has(const Hit& hit) const {
  return hit.time == moment_ && keys_.contains(key_of(hit));
}

void GivenOfMoment::keep(const Hit& hit) {
  if (hit.time != moment_) {
    moment_ = std::string(hit.time);
    keys_.clear();
  }
  keys_.insert(key_of(hit));
}

Scan::Scan(Connection& connection, ScanOptions options)
    : connection_(&connection),
      options_(std::move(options)),
      point_(connection, options_.pattern),
      missing_shards_{Backoff(kFirstPauseMs, kLongestPauseMs)} {}

void Scan::failed(const std::string& line) {
  const bool known = std::find(failures_.begin(), failures_.end(), line) != failures_.end();
  if (!known && failures_.size() < kMostFailures) failures_.push_back(line);
}

Status Scan::open() {
  const std::string query = options_.query.empty() ? "" : R"("query":)" + options_.query + ",";
  const http::Outcome outcome = connection_->send(
      "POST", "/" + options_.pattern + "/_search?ignore_unavailable=true&allow_no_indices=true",
      "{" + query + R"("size":0,"track_total_hits":true})", Deadline::after_ms(kPageMs));
  const auto answer = connection_->read(outcome);
  if (!answer.ok()) {
    if (outcome.answered() && outcome.response.status == 400 && !options_.query.empty()) {
      return Status::error(ExitCode::usage, answer.status().message(),
                           "check the query; its syntax is that of query_string: rule.level:>=10");
    }
    return answer.status();
  }
  const json::Value root = answer->root();
  if (!root["hits"].is_object() || !root["_shards"].is_object()) return no_search_answer();
  counts_.total = static_cast<std::uint64_t>(
      std::max<std::int64_t>(root["hits"]["total"]["value"].integer().value_or(0), 0));
  no_index_ = ended_ = shards_of(outcome.response.body).total == 0;
  return no_index_ ? Status() : point_.open();
}

std::string Scan::body(bool with_source) const {
  std::string out = "{" + point_.member() + R"("size":)" + std::to_string(size_.asked) +
                    R"(,"track_total_hits":false,"sort":[{)" + json::quote(options_.time_field) +
                    R"(:{"order":"asc","unmapped_type":"date"}})";
  if (order_.by_id) out += R"(,{"_id":"asc"})";
  out += "]";
  if (!order_.after.empty()) out += R"(,"search_after":[)" + order_.after + "]";
  if (!options_.query.empty()) out += R"(,"query":)" + options_.query;
  if (!with_source) out += R"(,"_source":false)";
  return out + "}";
}

// Opens the point in time again if it was lost.
Result<http::Outcome> Scan::search(bool with_source) {
  for (int reopened = 0;; ++reopened) {
    http::Outcome outcome =
        connection_->send("POST", point_.path(), body(with_source), Deadline::after_ms(kPageMs));
    if (!point_.is_open() || !is_lost(outcome) || reopened == kMostReopened) return outcome;
    if (Status bad = point_.open(); !bad.ok()) return bad;
  }
}

Scan::Fetched Scan::fetch() {
  Fetched out;
  for (;;) {
    const auto done = ask(out);
    if (!done.ok()) out.status = done.status();
    if (!done.ok() || *done) return out;
  }
}

Result<bool> Scan::ask(Fetched& out) {
  size_.asked = size_.next;
  auto outcome = search(!out.names_only);
  if (!outcome.ok()) return outcome.status();
  if (outcome->failure == http::FailureKind::too_large && !out.names_only) {
    out.names_only = size_.next <= size_.least;
    size_.shrink();
    return false;
  }
  if (Status bad = connection_->explain(*outcome); !bad.ok()) return bad;
  SearchPage& page = *out.page;
  if (!page.take(std::move(outcome->response.body))) return no_search_answer();
  if (!is_in_order(page)) return no_order();
  if (point_.is_open() && !page.point_in_time().empty()) point_.renamed(page.point_in_time());
  if (page.shards().whole() && point_.missing_shards() == 0) {
    missing_shards_.waited.succeeded();
  } else if (wait_for_shards()) {
    if (Status bad = point_.open(); !bad.ok()) return bad;
    return false;
  }
  note_shards(out);
  return true;
}

// A server that ignores sort or search_after would return the same documents for ever.
bool Scan::is_in_order(const SearchPage& page) const {
  if (page.size() == 0) return true;
  const std::string_view after = order_.after;
  std::int64_t before = rank_of(after.substr(0, after.find(',')));
  const std::int64_t first = rank_of(page[0].time);
  if (!after.empty() && (order_.by_id ? first < before : first <= before)) return false;
  before = first;
  for (std::size_t i = 1; i < page.size(); ++i) {
    const std::int64_t rank = rank_of(page[i].time);
    if (rank < before) return false;
    before = rank;
  }
  return true;
}

// True if another try is worthwhile.
bool Scan::wait_for_shards() {
  MissingShards& missing = missing_shards_;
  if (missing.given_up) return false;
  const std::int64_t pause = missing.waited.failed();
  const std::int64_t longest = std::min(connection_->retry_for_ms(), kShardsMs);
  missing.given_up = missing.waited.failing_ms() + pause > longest || !connection_->wait(pause);
  return !missing.given_up;
}

void Scan::note_shards(Fetched& out) const {
  const Shards& shards = out.page->shards();
  if (shards.timed_out) out.failures.push_back(options_.pattern + ": a search timed out");
  const std::int64_t total = shards.total + point_.missing_shards();
  if (shards.answered >= total) return;
  out.failures.push_back(options_.pattern + ": only " + std::to_string(shards.answered) + " of " +
                         std::to_string(total) + " shards answered" +
                         (shards.failure.empty() ? "" : " (" + shards.failure + ")"));
}

// The next page begins after the last moment that is completely in this page.
void Scan::move_on() {
  const SearchPage& page = *now_.page;
  const auto choose_size = [&] {  // for a page of about the requested bytes
    size_.fit(options_.page_bytes, now_.names_only ? 0 : page.size(), page.bytes());
  };
  if (page.size() < size_.asked) {
    ended_ = true;
    return;
  }
  size_.least = 1;
  const Hit& last = page[page.size() - 1];
  if (order_.by_id) {
    order_.after = std::string(last.sort);
    return choose_size();
  }
  for (std::size_t i = page.size(); i-- > 0;) {
    if (page[i].time == last.time) continue;
    order_.after = std::string(page[i].time);
    // The next page must be longer than the documents that it repeats.
    size_.begin_with(page.size() - i);
    return choose_size();
  }
  // All documents of the page have the same time.
  size_.begin_with(page.size());
  choose_size();
  if (size_.asked < PageSize::kMost) return;
  order_.by_id = true;
  if (!order_.after.empty()) order_.after += std::string(",") + kLastId;
}

void Scan::fetch_ahead() {
  // Reading single documents needs the connection.
  if (options_.fetch != ScanOptions::Fetch::ahead || ended_ || now_.names_only) return;
  try {
    ahead_ = std::async(std::launch::async, [this] { return fetch(); });
  } catch (const std::system_error&) {  // no thread available: fetched when needed
  }
}

Status Scan::turn_page() {
  now_ = ahead_.valid() ? ahead_.get() : fetch();
  next_ = 0;
  if (!now_.status.ok()) {
    const Status bad = now_.status;
    now_ = {};
    return bad;
  }
  for (const std::string& line : now_.failures) failed(line);
  // The documents of one moment come again when the order changes to time and _id.
  constexpr std::size_t kMostKnown = 4 * PageSize::kMost;
  if (counts_.known_in_a_row > kMostKnown) return no_order();
  move_on();
  fetch_ahead();
  return {};
}

// False: it was deleted, or is larger than an answer may be.
Result<bool> Scan::read_document(Hit& hit) {
  http::Outcome outcome =
      connection_->send("GET", "/" + path_part(hit.index) + "/_doc/" + path_part(hit.id), {},
                        Deadline::after_ms(kPageMs));
  if (outcome.failure == http::FailureKind::too_large) {
    ++counts_.too_large;
    failed("document " + printable(hit.id) + " of " + printable(hit.index) +
           " is larger than an answer may be");
    return false;
  }
  if (outcome.answered() && outcome.response.status == 404) return false;
  if (Status bad = connection_->explain(outcome); !bad.ok()) return bad;
  document_ = std::move(outcome.response.body);
  hit.raw = document_;
  return true;
}

Result<bool> Scan::next(Hit& out) {
  for (;;) {
    while (next_ < now_.page->size()) {
      out = (*now_.page)[next_++];
      if (of_moment_.has(out)) {
        ++counts_.known_in_a_row;
        continue;
      }
      counts_.known_in_a_row = 0;
      if (now_.names_only) {
        const auto there = read_document(out);
        if (!there.ok()) return there;
        if (!*there) {
          of_moment_.keep(out);
          continue;
        }
      }
      of_moment_.keep(out);
      ++counts_.given;
      return true;
    }
    if (ended_) return false;
    if (Status bad = turn_page(); !bad.ok()) return bad;
  }
}

}  // namespace socbridge::opensearch
