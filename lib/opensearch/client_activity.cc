// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "json/writer.h"
#include "opensearch/alert_query.h"
#include "opensearch/answer_count.h"
#include "opensearch/client.h"

namespace socbridge::opensearch {
namespace {

using ByValue = std::vector<std::pair<std::string, std::uint64_t>>;

constexpr const char* kOther = "other";
constexpr std::size_t kMostAgents = 25, kMostStatistics = 100;
constexpr std::int64_t kMinuteMs = 60000, kHourMs = 60 * kMinuteMs;
// The dashboard writes every five minutes; its clock may be ahead.
constexpr std::int64_t kStatisticsMs = 15 * kMinuteMs, kAheadMs = 5 * kMinuteMs;

std::string terms(const char* name, std::string_view field, std::size_t size) {
  return json::quote(name) + R"(:{"terms":{"field":)" + json::quote(field) + R"(,"size":)" +
         std::to_string(size) + "}}";
}

std::string within(std::string_view field, UnixMillis after, std::optional<UnixMillis> until) {
  return R"("query":{"range":{)" + json::quote(field) + R"(:{"gt":)" + std::to_string(after) +
         (until ? R"(,"lte":)" + std::to_string(*until) : std::string()) +
         R"(,"format":"epoch_millis"}}})";
}

std::string head(std::string_view pattern) {
  return R"({"index":)" + json::quote(pattern) +
         R"(,"ignore_unavailable":true,"allow_no_indices":true})" + "\n";
}

// Two searches: the newest document and the total count; the last hour by level and agent.
std::string alert_questions(std::string_view pattern, AlertForm form, UnixMillis now_ms) {
  constexpr std::size_t kLevels = 17;
  const std::string_view time = time_field(form), below = form == AlertForm::v5 ? "wazuh." : "";
  const std::string where = head(pattern);
  return where + R"({"size":1,"track_total_hits":true,"_source":false,)" + newest_first(time) +
         "}\n" + where + R"({"size":0,"track_total_hits":false,)" +
         within(time, now_ms - kHourMs, {}) + R"(,"aggs":{)" +
         terms("level", std::string(below) + "rule.level", kLevels) + "," +
         terms("agent", std::string(below) + "agent.name", kMostAgents) + "}}\n";
}

// One search: two documents from each of up to 50 nodes.
std::string statistics_question(std::string_view pattern, UnixMillis now_ms) {
  const std::string_view time = time_field(AlertForm::v4);
  return head(pattern) + R"({"size":)" + std::to_string(kMostStatistics) +
         R"(,"track_total_hits":false,"_source":["nodeName","apiName",)" +
         R"("analysisd.events_*","analysisd.*_queue_usage","remoted"],)" +
         within(time, now_ms - kStatisticsMs, now_ms + kAheadMs) + "," + newest_first(time) + "}\n";
}

void add(ByValue& to, std::string value, std::int64_t count) {
  const auto same =
      std::find_if(to.begin(), to.end(), [&](const auto& one) { return one.first == value; });
  if (same != to.end()) {
    same->second += static_cast<std::uint64_t>(count);
  } else {
    to.emplace_back(std::move(value), count);
  }
}

void add_buckets(ByValue& to, json::Value found) {
  constexpr std::size_t kMost = 100;  // more than requested
  const json::Value list = found["buckets"];
  for (std::size_t i = 0; i < list.size() && i < kMost; ++i) {
    add(to, list.at(i)["key"].text(), count_in(list.at(i)["doc_count"]));
  }
  const std::int64_t others = count_in(found["sum_other_doc_count"]);
  if (others > 0) add(to, kOther, others);
}

// The merged result of two Wazuh generations may exceed the size of one search.
void keep_most_frequent(ByValue& values, std::size_t most) {
  const auto other = [](const auto& one) { return one.first == kOther; };
  std::stable_sort(values.begin(), values.end(), [&](const auto& a, const auto& b) {
    return other(a) != other(b) ? other(b) : a.second > b.second;
  });
  const auto named =
      static_cast<std::size_t>(std::find_if(values.begin(), values.end(), other) - values.begin());
  if (named <= most) return;
  std::uint64_t rest = 0;
  for (std::size_t i = most; i < values.size(); ++i) rest += values[i].second;
  values.resize(most);
  values.emplace_back(kOther, rest);
}

void add_newest(Activity& to, json::Value hits) {
  to.documents =
      to.documents.value_or(0) + static_cast<std::uint64_t>(count_in(hits["total"]["value"]));
  const auto newest = hits["hits"].at(0)["sort"].at(0).integer();
  if (!newest) return;
  to.newest = std::max(to.newest.value_or(INT64_MIN), moment_within_calendar(*newest));
}

// Drops documents outside the range, which the server should not return.
std::vector<std::string> fresh(json::Value hits, UnixMillis now_ms) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < hits.size() && i < kMostStatistics; ++i) {
    const auto time = hits.at(i)["sort"].at(0).integer();
    if (!time || *time <= now_ms - kStatisticsMs || *time > now_ms + kAheadMs) continue;
    out.push_back(hits.at(i)["_source"].dump());
  }
  return out;
}

}  // namespace

Result<Activity> Client::activity(const Patterns& patterns, UnixMillis now_ms,
                                  const Deadline& deadline) {
  const std::string questions = alert_questions(patterns.alerts, AlertForm::v4, now_ms) +
                                alert_questions(patterns.findings, AlertForm::v5, now_ms) +
                                statistics_question(patterns.statistics, now_ms);
  http::Outcome outcome = service_.send("POST", "/_msearch", questions, deadline);
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  const json::Value answers = answer->root()["responses"], first = answers.at(0);
  constexpr int kUnavailable = 503;
  const auto status = first["status"].integer();
  if (first["error"].is_object() && status != kUnavailable) {
    // Each part has the status of a separate request.
    outcome.response.status = static_cast<int>(count_in(first["status"]) % 1000);
    outcome.response.body = first.dump();
    const Status bad = service_.explain(outcome);
    if (!bad.ok()) return bad;
  }
  if (!first["error"].is_object() && !first["hits"]["hits"].is_array()) {
    return Status::error(ExitCode::refused, "OpenSearch: the answer to a search has no hits",
                         "check that the URL is that of OpenSearch");
  }
  Activity out;
  constexpr std::size_t kAlerts = 0, kFindings = 2, kStatistics = 4;
  for (const std::size_t i : {kAlerts, kFindings}) {
    // Findings alone must not be read as the full result.
    const json::Value hits = answers.at(i)["hits"];
    if (hits["hits"].is_array() && (i == kAlerts || out.documents)) add_newest(out, hits);
    const json::Value counted = answers.at(i + 1)["aggregations"];
    add_buckets(out.by_level, counted["level"]);
    add_buckets(out.by_agent, counted["agent"]);
  }
  keep_most_frequent(out.by_agent, kMostAgents);
  out.statistics = fresh(answers.at(kStatistics)["hits"]["hits"], now_ms);
  return out;
}

}  // namespace socbridge::opensearch
