// SPDX-License-Identifier: Apache-2.0
#include "reconcile/indexer_source.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/raw.h"
#include "json/writer.h"
#include "opensearch/client.h"

namespace socbridge::reconcile {
namespace {

constexpr std::int64_t kHourMs = 3600000;
// Documents that are indexed this late are still read by the next run.
constexpr std::int64_t kLateMs = kHourMs;
constexpr std::int64_t kFreshMs = kHourMs;
constexpr std::int64_t kQuestionMs = 30000;

std::string_view member_of(std::string_view object, std::string_view name) {
  const std::size_t begin = json::find_member(object, json::skip_blanks(object, 0), name);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = json::skip_value(object, begin);
  return end == std::string_view::npos ? std::string_view() : object.substr(begin, end - begin);
}

// Identity of an alert of Wazuh 4 (docs/protocols/wazuh.md, "Identity of an alert"); without an id
// the complete text.
std::string identity(const opensearch::Hit& hit) {
  const std::string_view source = member_of(hit.raw, "_source");
  const std::string_view id = member_of(source, "id");
  if (id.empty()) return std::string(source);
  std::string key(id);
  key.append("\n").append(member_of(member_of(source, "manager"), "name"));
  key.append("\n").append(member_of(member_of(source, "cluster"), "node"));
  return key;
}

std::string count_of(std::uint64_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

}  // namespace

IndexerSource::IndexerSource(IndexerOptions options, json::Value resume)
    : options_(std::move(options)), http_(options_.http), connection_(http_, options_.connection) {
  for (const IndexPart& what : options_.parts) {
    Part part;
    part.what = what;
    if (const auto time = resume["times"][what.pattern].integer()) {
      part.resume_ms = *time - kLateMs;
      part.reached_ms = *time;
    }
    parts_.push_back(std::move(part));
  }
}

Result<std::unique_ptr<IndexerSource>> IndexerSource::open(IndexerOptions options,
                                                           json::Value resume) {
  std::unique_ptr<IndexerSource> source(new IndexerSource(std::move(options), resume));
  if (Status bad = source->open_parts(); !bad.ok()) return source->ending(bad);
  return source;
}

Status IndexerSource::open_parts() {
  bool any = false;
  for (Part& part : parts_) {
    opensearch::AlertQuery query = options_.query;
    if (part.resume_ms)
      query.since = std::max(query.since.value_or(*part.resume_ms), *part.resume_ms);
    opensearch::ScanOptions scan;
    scan.pattern = part.what.pattern;
    scan.time_field = opensearch::time_field(part.what.form);
    scan.query = opensearch::to_json(query, part.what.form);
    scan.fetch = options_.fetch;
    part.scan = std::make_unique<opensearch::Scan>(connection_, std::move(scan));
    if (Status bad = part.scan->open(); !bad.ok()) return bad;
    if (part.scan->no_index()) continue;
    any = true;
    if (Status bad = check_fresh(part); !bad.ok()) return bad;
  }
  no_index_ = !any;
  url_ = connection_.url();
  return {};
}

// Alerts fired after the newest document may not be indexed yet.
Status IndexerSource::check_fresh(const Part& part) {
  const UnixMillis now = wall_now_ms();
  const UnixMillis end = std::min(options_.query.until.value_or(now), now);
  opensearch::Client client(connection_);
  const auto newest = client.newest(part.what.pattern, opensearch::time_field(part.what.form), {},
                                    Deadline::after_ms(kQuestionMs));
  if (!newest.ok()) return newest.status();
  if (!newest->time || end - *newest->time <= kFreshMs) return {};
  notes_.push_back(part.what.pattern + ": its newest document is of " + format_utc(*newest->time) +
                   ", so later alerts may not be indexed; see socctl indexer check");
  return {};
}

// An interruption must not be reported as unreachable.
Status IndexerSource::ending(const Status& status) const {
  if (options_.connection.stop && options_.connection.stop()) {
    return Status::error(ExitCode::interrupted, "interrupted", "run it again to go on");
  }
  return status;
}

bool IndexerSource::is_new(const opensearch::Hit& hit, const Part& part) {
  if (part.what.form == opensearch::AlertForm::v5) return true;  // identified by index and id
  if (hit.time != moment_) {
    moment_ = std::string(hit.time);
    of_moment_.clear();
  }
  return of_moment_.insert(identity(hit)).second;
}

void IndexerSource::settle(Part& part, std::string_view time) {
  // Documents without a time sort last and do not move the position.
  constexpr std::uint64_t kLatest = 253402300799999;  // the end of the year 9999
  if (const auto ms = parse_u64(time); ms && *ms <= kLatest) {
    part.reached_ms = std::max(part.reached_ms.value_or(0), static_cast<UnixMillis>(*ms));
  }
}

std::string IndexerSource::position() const {
  json::Writer w;
  w.begin_object();
  w.key("times");
  w.begin_object();
  for (const Part& one : parts_) {
    if (one.reached_ms) w.member(one.what.pattern, *one.reached_ms);
  }
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

Result<bool> IndexerSource::next(SourceAlert& out) {
  while (current_ < parts_.size()) {
    Part& part = parts_[current_];
    opensearch::Hit hit;
    const auto more = part.scan->next(hit);
    if (!more.ok()) return ending(more.status());
    if (!*more) {
      ++current_;
      continue;
    }
    settle(part, hit.time);
    if (!is_new(hit, part)) {
      ++twice_;
      continue;
    }
    out.raw = hit.raw;
    out.place = printable(hit.index) + "/" + printable(hit.id);
    return true;
  }
  return false;
}

Unread IndexerSource::unread() const {
  Unread unread;
  unread.failures = notes_;
  const std::vector<std::string> missing = missing_parts();
  unread.failures.insert(unread.failures.end(), missing.begin(), missing.end());
  return unread;
}

std::vector<std::string> IndexerSource::missing_parts() const {
  std::vector<std::string> out;
  if (no_index_) {
    std::string all;
    for (const Part& part : parts_) all += (all.empty() ? "" : ", ") + part.what.pattern;
    out.push_back("there is no index " + all + ", so nothing was compared");
  }
  for (const Part& part : parts_) {
    if (!part.scan) continue;
    const auto& failures = part.scan->failures();
    out.insert(out.end(), failures.begin(), failures.end());
  }
  return out;
}

Reading IndexerSource::reading() const {
  Reading reading;
  for (const Part& part : parts_) {
    if (!part.scan) continue;
    reading.done += part.scan->given();
    reading.total += part.scan->total();
  }
  return reading;
}

std::string IndexerSource::description() const {
  std::string out;
  for (const Part& part : parts_) {
    if (part.scan && part.scan->no_index() && parts_.size() > 1) continue;
    out += (out.empty() ? "" : ", ") + part.what.pattern;
  }
  out = count_of(reading().total, "document", "documents") + " of " +
        (out.empty() ? "no index" : out) + " at " + url_;
  if (twice_ > 0) out += ", " + count_of(twice_, "alert", "alerts") + " indexed twice";
  return out;
}

}  // namespace socbridge::reconcile
