// SPDX-License-Identifier: Apache-2.0
#include "opensearch/scan.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::opensearch {
namespace {

constexpr std::size_t kFirstSize = 256;
// index.max_result_window: no search may ask for more.
constexpr std::size_t kMostSize = 10000;
constexpr std::int64_t kPageMs = 600000;
constexpr int kMostReopened = 5;
constexpr std::size_t kMostFailures = 20;
constexpr std::int64_t kFirstPauseMs = 250;
constexpr std::int64_t kLongestPauseMs = 5000;
// A node that was restarted has its shards back by then.
constexpr std::int64_t kShardsMs = 20000;
// Behind every _id in the order of text.
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

// The point in time ended, or the node that held it was restarted.
bool is_lost(const http::Outcome& outcome) {
  if (!outcome.answered()) return false;
  const http::Response& answer = outcome.response;
  if (answer.status == 404) return true;
  if (answer.status == 200) return shards_of(answer.body).context_lost;
  return answer.body.find("search_context_missing_exception") != std::string::npos;
}

}  // namespace

Scan::Scan(Connection& connection, ScanOptions options)
    : connection_(&connection),
      options_(std::move(options)),
      point_(connection, options_.pattern),
      size_(kFirstSize),
      shards_missing_(kFirstPauseMs, kLongestPauseMs) {}

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
                           "check the query; it has the syntax of query_string: rule.level:>=10");
    }
    return answer.status();
  }
  const json::Value root = answer->root();
  if (!root["hits"].is_object() || !root["_shards"].is_object()) return no_search_answer();
  total_ = static_cast<std::uint64_t>(
      std::max<std::int64_t>(root["hits"]["total"]["value"].integer().value_or(0), 0));
  no_index_ = ended_ = shards_of(outcome.response.body).total == 0;
  return no_index_ ? Status() : point_.open();
}

std::string Scan::body(bool with_source) const {
  std::string out = "{" + point_.member() + R"("size":)" + std::to_string(asked_) +
                    R"(,"track_total_hits":false,"sort":[{)" + json::quote(options_.time_field) +
                    R"(:{"order":"asc","unmapped_type":"date"}})";
  if (by_id_) out += R"(,{"_id":"asc"})";
  out += "]";
  if (!after_.empty()) out += R"(,"search_after":[)" + after_ + "]";
  if (!options_.query.empty()) out += R"(,"query":)" + options_.query;
  if (!with_source) out += R"(,"_source":false)";
  return out + "}";
}

// With the point in time made again if it was lost.
Result<http::Outcome> Scan::search(bool with_source) {
  for (int reopened = 0;; ++reopened) {
    http::Outcome outcome =
        connection_->send("POST", point_.path(), body(with_source), Deadline::after_ms(kPageMs));
    if (!point_.is_open() || !is_lost(outcome) || reopened == kMostReopened) return outcome;
    if (Status bad = point_.open(); !bad.ok()) return bad;
  }
}

Status Scan::fetch() {
  names_only_ = false;
  for (;;) {
    const auto done = ask();
    if (!done.ok()) return done.status();
    if (*done) break;
  }
  next_ = 0;
  return {};
}

Result<bool> Scan::ask() {
  constexpr std::size_t kShrink = 8;
  asked_ = size_;
  auto outcome = search(!names_only_);
  if (!outcome.ok()) return outcome.status();
  if (outcome->failure == http::FailureKind::too_large && !names_only_) {
    names_only_ = size_ <= least_;
    size_ = std::max(size_ / kShrink, least_);
    return false;
  }
  if (Status bad = connection_->explain(*outcome); !bad.ok()) return bad;
  if (!page_.take(std::move(outcome->response.body))) return no_search_answer();
  if (point_.is_open() && !page_.point_in_time().empty()) point_.renamed(page_.point_in_time());
  if (page_.shards().whole() && point_.missing_shards() == 0) {
    shards_missing_.succeeded();
  } else if (wait_for_shards()) {
    if (Status bad = point_.open(); !bad.ok()) return bad;
    return false;
  }
  note_shards();
  return true;
}

// True if it is worth to ask once more.
bool Scan::wait_for_shards() {
  if (shards_given_up_) return false;
  const std::int64_t pause = shards_missing_.failed();
  const std::int64_t longest = std::min(connection_->retry_for_ms(), kShardsMs);
  shards_given_up_ = shards_missing_.failing_ms() + pause > longest || !connection_->wait(pause);
  return !shards_given_up_;
}

void Scan::note_shards() {
  const Shards& shards = page_.shards();
  if (shards.timed_out) failed(options_.pattern + ": a search ran out of time");
  const std::int64_t total = shards.total + point_.missing_shards();
  if (shards.answered >= total) return;
  failed(options_.pattern + ": only " + std::to_string(shards.answered) + " of " +
         std::to_string(total) + " shards answered" +
         (shards.failure.empty() ? "" : " (" + shards.failure + ")"));
}

bool Scan::was_given(const Hit& hit) const {
  return hit.time == moment_ && of_moment_.contains(key_of(hit));
}

void Scan::keep(const Hit& hit) {
  if (hit.time != moment_) {
    moment_ = std::string(hit.time);
    of_moment_.clear();
  }
  of_moment_.insert(key_of(hit));
}

// So many that the next page has about the bytes that are wanted.
void Scan::choose_size() {
  constexpr std::size_t kGrowth = 4;
  if (page_.size() > 0 && !names_only_) {
    const std::size_t each = std::max<std::size_t>(page_.bytes() / page_.size(), 1);
    size_ = std::min({options_.page_bytes / each, size_ * kGrowth, kMostSize});
  }
  size_ = std::max(size_, least_);
}

// Where the next page begins: behind the last moment that is wholly in this one.
void Scan::move_on() {
  if (page_.size() < asked_) {
    ended_ = true;
    return;
  }
  least_ = 1;
  const Hit& last = page_[page_.size() - 1];
  if (by_id_) {
    after_ = std::string(last.sort);
    choose_size();
    return;
  }
  for (std::size_t i = page_.size(); i-- > 0;) {
    if (page_[i].time == last.time) continue;
    after_ = std::string(page_[i].time);
    // The next page has to be longer than what it begins with again.
    least_ = std::min(2 * (page_.size() - i), kMostSize);
    choose_size();
    return;
  }
  // One moment filled the page.
  least_ = std::min(2 * page_.size(), kMostSize);
  choose_size();
  if (asked_ < kMostSize) return;
  by_id_ = true;
  if (!after_.empty()) after_ += std::string(",") + kLastId;
}

// False: it is not there any more, or no answer can hold it.
Result<bool> Scan::read_document(Hit& hit) {
  http::Outcome outcome = connection_->send(
      "GET", "/" + http::url_encode(hit.index) + "/_doc/" + http::url_encode(hit.id), {},
      Deadline::after_ms(kPageMs));
  if (outcome.failure == http::FailureKind::too_large) {
    ++too_large_;
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
    while (next_ < page_.size()) {
      out = page_[next_++];
      if (was_given(out)) continue;
      if (names_only_) {
        const auto there = read_document(out);
        if (!there.ok()) return there;
        if (!*there) {
          keep(out);
          continue;
        }
      }
      keep(out);
      ++given_;
      return true;
    }
    if (asked_ > 0 && !ended_) move_on();
    if (ended_) return false;
    if (Status bad = fetch(); !bad.ok()) return bad;
  }
}

}  // namespace socbridge::opensearch
