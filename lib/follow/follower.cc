// SPDX-License-Identifier: Apache-2.0
#include "follow/follower.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/text.h"
#include "hash/digest.h"
#include "opensearch/client.h"
#include "service/backoff.h"
#include "service/prometheus_text.h"
#include "service/wait_unless.h"

namespace socbridge::follow {
namespace {

constexpr std::int64_t kPageMs = 300000;
constexpr std::int64_t kQuestionMs = 60000;
constexpr std::int64_t kFullMs = 1000;
constexpr std::int64_t kFirstPauseMs = 1000;
constexpr std::int64_t kLongestPauseMs = 60000;
constexpr std::size_t kFirstSize = 100;
constexpr std::size_t kMostSize = 5000;

// Must be the same for every worker and every version.
int slice_of(const opensearch::Shard& shard, int slices) {
  const std::string digest = sha256_hex(shard.uuid + "/" + std::to_string(shard.number));
  constexpr int kDigits = 7, kHex = 16;
  unsigned value = 0;
  std::from_chars(digest.data(), digest.data() + kDigits, value, kHex);
  return static_cast<int>(value % static_cast<unsigned>(slices));
}

std::int64_t seq_no_of(const opensearch::Hit& hit) {
  return static_cast<std::int64_t>(parse_u64(hit.time).value_or(0));
}

// Otherwise the same page would be read for ever.
Status not_in_order() {
  return Status::error(ExitCode::refused,
                       "OpenSearch: the answer to a search is not in the order of _seq_no",
                       "check that the URL is that of OpenSearch");
}

}  // namespace

Follower::Follower(FollowOptions options, Store store, Full full, relay::EventLog& log)
    : options_(std::move(options)),
      store_(std::move(store)),
      full_(std::move(full)),
      log_(log),
      http_(options_.http),
      connection_(http_, options_.connection),
      state_(connection_, options_.state_index),
      leases_(state_, options_.leases),
      size_(kFirstSize),
      asked_(kFirstSize) {}

Follower::~Follower() = default;

Status Follower::open() {
  Status joined = leases_.open();
  opened_ = joined.ok();
  return joined;
}

void Follower::close() {
  if (opened_ && answers_) leases_.close();
  opened_ = false;
  counts_.slices = 0;
}

void Follower::run() {
  Backoff backoff(kFirstPauseMs, kLongestPauseMs);
  while (!stopped()) {
    const Status whole = round();
    std::int64_t pause = options_.poll_ms;
    if (whole.ok()) {
      if (backoff.failing()) log_.say(relay::Level::info, "the indexer is read again");
      backoff.succeeded();
    } else if (!stopped()) {
      if (!backoff.failing()) log_.say(relay::Level::warning, whole.line());
      pause = backoff.failed();
      ++counts_.failures;
    }
    // The leases must be renewed during the pause.
    const std::int64_t end = steady_now_ms() + pause;
    while (!stopped() && steady_now_ms() < end) {
      wait_unless(options_.connection.stop, std::min(end - steady_now_ms(), leases_.step_ms()));
      if (opened_ && steady_now_ms() < end) static_cast<void>(leases_.step());
    }
  }
}

Status Follower::round() {
  Status whole = read_all();
  answers_ = whole.code() != ExitCode::unreachable;
  return whole;
}

Status Follower::read_all() {
  if (!opened_) {
    if (Status bad = open(); !bad.ok()) return bad;
  }
  const auto step = leases_.step();
  if (!step.ok()) return step.status();
  counts_.slices = leases_.owned().size();
  counts_.workers = leases_.workers();
  opensearch::Client client(connection_);
  std::vector<opensearch::Shard> everything;
  for (const Part& part : options_.parts) {
    if (leases_.owned().empty()) break;
    const auto shards = client.shards(part.pattern, Deadline::after_ms(kQuestionMs));
    if (!shards.ok()) return shards.status();
    everything.insert(everything.end(), shards->begin(), shards->end());
    for (const int number : leases_.owned()) {
      if (Status bad = read_slice(number, *shards, part); !bad.ok()) return bad;
    }
  }
  forget_gone(everything);
  if (!stopped()) counts_.last_round_ms = wall_now_ms();
  return {};
}

Status Follower::read_slice(int number, const std::vector<opensearch::Shard>& all,
                            const Part& part) {
  for (const opensearch::Shard& shard : all) {
    if (stopped() || !leases_.owns(number)) return {};
    if (slice_of(shard, leases_.slices()) != number) continue;
    if (Status bad = read_shard(number, shard, part); !bad.ok()) return bad;
  }
  return {};
}

ShardCursor* Follower::cursor_of(int number, const std::string& key) {
  if (!leases_.owns(number)) return nullptr;
  auto& shards = leases_.slice(number).shards;
  const auto found = shards.find(key);
  return found == shards.end() ? nullptr : &found->second;
}

// The cursor is looked up again after every call that may renew the leases.
Status Follower::read_shard(int number, const opensearch::Shard& shard, const Part& part) {
  const std::string key = ShardCursor(shard).key();
  const ShardCursor& cursor = leases_.slice(number).shards.try_emplace(key, shard).first->second;
  if (!cursor.may_have_more(shard.last_seq_no)) return {};
  const std::int64_t begun = steady_now_ms();
  for (Pass pass{number, key, part};;) {
    const auto more = read_page(pass);
    if (!more.ok()) return more.status();
    if (stopped() || !leases_.owns(number)) return {};
    if (!*more) break;
  }
  ShardCursor* after = cursor_of(number, key);
  if (after == nullptr || !after->read_through(shard.last_seq_no, begun, options_.late_ms)) {
    return {};
  }
  return save(number);
}

std::string Follower::wanted(opensearch::AlertForm form) const {
  opensearch::AlertQuery query = options_.query;
  query.since = leases_.since_ms();
  return opensearch::to_json(query, form);
}

// Reads one page into page_; null if it must be requested again.
Result<opensearch::SearchPage*> Follower::ask(const ShardCursor& cursor, const Pass& pass) {
  constexpr std::size_t kShrink = 8;
  asked_ = size_;
  http::Outcome outcome = connection_.send(
      "POST",
      "/" + http::url_encode(cursor.index()) + "/_search?preference=_shards:" +
          std::to_string(cursor.number()) + "&ignore_unavailable=true",
      cursor.query(wanted(pass.part.form), asked_, pass.behind), Deadline::after_ms(kPageMs));
  if (outcome.failure == http::FailureKind::too_large) {
    size_ = std::max<std::size_t>(asked_ / kShrink, 1);
    return static_cast<opensearch::SearchPage*>(nullptr);
  }
  if (Status bad = connection_.explain(outcome); !bad.ok()) return bad;
  if (!page_.take(std::move(outcome.response.body))) {
    return Status::error(ExitCode::refused, "OpenSearch: the answer to a search has no hits",
                         "check that the URL is that of OpenSearch");
  }
  if (page_.shards().whole()) return &page_;
  return Status::error(ExitCode::degraded,
                       "shard " + std::to_string(cursor.number()) + " of " +
                           printable(cursor.index()) + " does not answer " + page_.shards().failure,
                       "run socctl indexer check");
}

// False: no more documents for now, or the slice was lost.
Result<bool> Follower::read_page(Pass& pass) {
  if (!wait_for_room()) return false;
  ShardCursor* cursor = cursor_of(pass.number, pass.key);
  if (cursor == nullptr) return false;
  const auto page = ask(*cursor, pass);
  if (!page.ok()) return page.status();
  if (*page != nullptr) return take_page(pass, **page);
  if (asked_ > 1) return true;
  if (Status bad = skip_too_large(*cursor, pass); !bad.ok()) return bad;
  return true;
}

// Documents are not parsed and may have any depth. A page of already stored documents is not the
// end: stored numbers may be in too many ranges to be excluded from the search.
Result<bool> Follower::take_page(Pass& pass, opensearch::SearchPage& page) {
  constexpr std::size_t kGrowth = 4;
  ShardCursor& cursor = *cursor_of(pass.number, pass.key);
  if (page.size() == 0) return false;
  const std::int64_t last = seq_no_of(page[page.size() - 1]);
  if (last <= pass.behind) return not_in_order();
  pass.behind = last;
  std::vector<std::string_view> documents;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (cursor.is_new(seq_no_of(page[i]))) documents.push_back(page[i].raw);
  }
  if (documents.empty()) return page.size() >= asked_;
  if (Status bad = store_(documents); !bad.ok()) return bad;
  for (std::size_t i = 0; i < page.size(); ++i) cursor.take(seq_no_of(page[i]));
  counts_.documents += documents.size();
  const std::size_t each = std::max<std::size_t>(page.bytes() / page.size(), 1);
  size_ =
      std::clamp(options_.page_bytes / each, std::size_t{1}, std::min(kGrowth * asked_, kMostSize));
  if (Status bad = save(pass.number); !bad.ok()) return bad;
  return page.size() >= asked_;
}

// Skips a document larger than an answer may be.
Status Follower::skip_too_large(ShardCursor& cursor, Pass& pass) {
  std::string body = cursor.query(wanted(pass.part.form), 1, pass.behind);
  body.insert(1, R"("_source":false,)");
  http::Outcome outcome =
      connection_.send("POST",
                       "/" + http::url_encode(cursor.index()) +
                           "/_search?preference=_shards:" + std::to_string(cursor.number()),
                       body, Deadline::after_ms(kPageMs));
  if (Status bad = connection_.explain(outcome); !bad.ok()) return bad;
  opensearch::SearchPage page;
  if (!page.take(std::move(outcome.response.body)) || page.size() == 0) {
    return Status::error(ExitCode::degraded,
                         "a document of " + printable(cursor.index()) +
                             " that is larger than an answer may be was deleted",
                         "it is read again");
  }
  if (seq_no_of(page[0]) <= pass.behind) return not_in_order();
  pass.behind = seq_no_of(page[0]);
  if (!cursor.is_new(pass.behind)) return {};
  cursor.take(pass.behind);
  ++counts_.too_large;
  log_.say(relay::Level::error, "document " + printable(page[0].id) + " of " +
                                    printable(page[0].index) +
                                    " is larger than an answer may be; it is skipped");
  return {};
}

Status Follower::save(int number) {
  const auto saved = leases_.save(number);
  if (!saved.ok()) return saved.status();
  if (!*saved) {
    log_.say(relay::Level::warning,
             "slice " + std::to_string(number) + " was taken over by another worker");
  }
  counts_.slices = leases_.owned().size();
  return {};
}

// An index that is closed, or has no assigned shard for the moment, is not in the list of open ones
// and comes back. Only indices that the cluster no longer has were deleted.
bool Follower::is_gone(const ShardCursor& cursor, const std::vector<opensearch::Shard>& all) {
  constexpr std::int64_t kAgainMs = 600000;
  const std::string& index = cursor.index();
  const bool made_again = std::any_of(all.begin(), all.end(), [&](const opensearch::Shard& shard) {
    return shard.index == index && shard.uuid != cursor.uuid();
  });
  if (made_again) return true;
  const std::int64_t now = steady_now_ms();
  const auto looked = looked_for_.find(index);
  if (looked != looked_for_.end() && now - looked->second < kAgainMs) return false;
  const auto there =
      opensearch::Client(connection_).has_index(index, Deadline::after_ms(kQuestionMs));
  const bool gone = there.ok() && !*there;
  if (!gone) looked_for_[index] = now;
  return gone;
}

// Removes the cursors of deleted indices.
void Follower::forget_gone(const std::vector<opensearch::Shard>& all) {
  if (stopped()) return;
  std::set<std::string> there;
  for (const opensearch::Shard& shard : all) there.insert(ShardCursor(shard).key());
  for (const int number : leases_.owned()) {
    std::erase_if(leases_.slice(number).shards, [&](const auto& one) {
      return !there.contains(one.first) && is_gone(one.second, all);
    });
  }
}

bool Follower::wait_for_room() {
  while (full_ && full_()) {
    if (stopped() || !wait_unless(options_.connection.stop, kFullMs)) return false;
    static_cast<void>(leases_.step());
  }
  return true;
}

FollowCounts Follower::counts() const {
  return {counts_.documents, counts_.too_large, counts_.failures,
          counts_.slices,    counts_.workers,   counts_.last_round_ms};
}

std::string follow_prometheus(const FollowCounts& counts) {
  using Type = PrometheusText::Type;
  PrometheusText out("socbridge_follow_");
  out.family("documents_total", Type::counter,
             "Documents of the indexer that were stored in the spool.", counts.documents);
  out.family("too_large_total", Type::counter, "Documents larger than an answer may be, skipped.",
             counts.too_large);
  out.family("failures_total", Type::counter, "Rounds that ended early; see the log.",
             counts.failures);
  out.family("slices", Type::gauge, "Slices owned by this worker.", counts.slices);
  out.family("workers", Type::gauge, "Workers of the checkpoint that are alive.", counts.workers);
  out.family("last_round_timestamp_seconds", Type::gauge,
             "Time of the last complete round over all indexed documents.");
  out.seconds(counts.last_round_ms);
  return out.text();
}

}  // namespace socbridge::follow
