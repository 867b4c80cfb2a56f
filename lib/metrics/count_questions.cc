// SPDX-License-Identifier: Apache-2.0
#include "metrics/count_questions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "thehive/query.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::metrics {
namespace {

namespace filter = thehive::filter;
using Names = std::vector<std::string>;

// docs/protocols/thehive.md, "Statuses".
const Names kAlertStatuses = {"New",     "Updated",    "InProgress",    "Pending",     "Imported",
                              "Ignored", "Duplicated", "FalsePositive", "TruePositive"};
const Names kResolutions = {"TruePositive", "FalsePositive", "Indeterminate", "Duplicated",
                            "Other"};
const Names kOpenStatuses = {"New", "InProgress", "Pending"};
const Names kOldCaseStatuses = {"Open", "Resolved", "Duplicated"};
const Names kTypes = {"autonomous-system", "domain",   "file", "filename",     "fqdn",  "hash",
                      "hostname",          "ip",       "mail", "mail-subject", "other", "regexp",
                      "registry",          "uri_path", "url",  "user-agent"};
constexpr const char* kAlerts = "listAlert";
constexpr const char* kCases = "listCase";
constexpr const char* kObservables = "listObservable";

// Names in save(), in the order of the enumeration.
constexpr std::array<const char*, 11> kFamilies = {
    "alerts_severity", "alerts_status",    "alerts_source",           "alerts_age",
    "cases_severity",  "cases_status",     "cases_custom_resolution", "cases_age",
    "cases_owner",     "observables_type", "observables_ioc"};

constexpr std::int64_t kHour = 3600000, kDay = 24 * kHour;
struct Age {
  const char* label;
  std::int64_t from_ms, to_ms;  // to_ms 0: no end
};
constexpr std::array<Age, 5> kAges = {{{"under 1h", 0, kHour},
                                       {"1h to 4h", kHour, 4 * kHour},
                                       {"4h to 1d", 4 * kHour, kDay},
                                       {"1d to 7d", kDay, 7 * kDay},
                                       {"over 7d", 7 * kDay, 0}}};

std::string stage_open() {
  return filter::any({filter::is("stage", "New"), filter::is("stage", "InProgress")});
}

std::string aged(const std::string& inner, std::int64_t from_ms, std::int64_t to_ms,
                 UnixMillis now_ms) {
  if (from_ms == 0 && to_ms == 0) return inner;
  std::vector<std::string> parts = {inner, filter::below("_createdAt", now_ms - from_ms + 1)};
  if (from_ms == 0) parts.back() = filter::at_least("_createdAt", now_ms - to_ms);
  if (from_ms != 0 && to_ms != 0) parts.push_back(filter::at_least("_createdAt", now_ms - to_ms));
  return filter::all(parts);
}

}  // namespace

CountQuestions::CountQuestions(thehive::ApiVersion api) : api_(api) {
  const bool old = api == thehive::ApiVersion::v4;
  constexpr int kCritical = 4;
  for (int level = 1; level <= kCritical; ++level) {
    const std::string is = filter::is("severity", std::int64_t{level});
    add(Family::alerts_severity, thehive::severity_name(level), kAlerts, is);
    add(Family::cases_severity, thehive::severity_name(level), kCases, is);
  }
  if (!old) add_values(Family::alerts_status, kAlerts, "status", kAlertStatuses);
  Names statuses = old ? kOldCaseStatuses : kOpenStatuses;
  if (!old) statuses.insert(statuses.end(), kResolutions.begin(), kResolutions.end());
  add_values(Family::cases_status, kCases, "status", statuses);
  if (!old) {
    add(Family::cases_custom_resolution, kCustom, kCases,
        filter::all(
            {filter::is("stage", "Closed"), filter::none_of(filter::in("status", kResolutions))}));
  }
  open_case_ = old ? filter::is("status", "Open") : stage_open();
  const std::string open_alert =
      old ? filter::all({filter::is("read", false), filter::is("imported", false)}) : stage_open();
  add_ages(Family::alerts_age, kAlerts, open_alert);
  add_ages(Family::cases_age, kCases, open_case_);
  add(Family::observables_ioc, "", kObservables, filter::is("ioc", true));
  add_values(Family::observables_type, kObservables, "dataType", kTypes);
}

void CountQuestions::add(Family family, std::string label, const char* select, std::string filter) {
  questions_.push_back({family, std::move(label), select, std::move(filter)});
}

void CountQuestions::add_values(Family family, const char* select, const char* field,
                                const Names& values) {
  for (const std::string& one : values) {
    add(family, one, select, filter::is(field, std::string_view(one)));
  }
  add(family, kCustom, select, filter::none_of(filter::in(field, values)));
}

void CountQuestions::add_ages(Family family, const char* select, const std::string& filter) {
  for (const Age& age : kAges) {
    add(family, age.label, select, filter);
    questions_.back().from_ms = age.from_ms;
    questions_.back().to_ms = age.to_ms;
  }
}

bool CountQuestions::knows(Family family, const std::string& label) const {
  return std::any_of(questions_.begin(), questions_.end(), [&](const Question& one) {
    return one.family == family && one.label == label;
  });
}

void CountQuestions::add_value(Family family, const std::string& value) {
  if (value.empty() || knows(family, value)) return;
  const bool sources = family == Family::alerts_source;
  const char* const select = sources ? kAlerts : kCases;
  const char* const field = sources ? "source" : "assignee";
  const auto within = [&](std::string filter) {
    Names both = {sources ? "" : open_case_, std::move(filter)};
    std::erase(both, std::string());
    return filter::all(both);
  };
  Names values;
  for (const Question& one : questions_) {
    if (one.family == family && one.label != kOther) values.push_back(one.label);
  }
  if (value != kOther) {
    if (values.size() >= (sources ? kMostSources : kMostOwners)) return;
    values.push_back(value);
    std::erase_if(questions_,
                  [&](const Question& one) { return one.family == family && one.label == kOther; });
    add(family, value, select, within(filter::is(field, std::string_view(value))));
  }
  add(family, kOther, select,
      within(values.empty() ? std::string() : filter::none_of(filter::in(field, values))));
}

Status CountQuestions::ask(thehive::Client& client, std::size_t most, UnixMillis now_ms,
                           const Deadline& deadline) {
  most = std::min(most, questions_.size());
  for (std::size_t i = 0; i < most; ++i) {
    // Queries without an answer first, for values that were added meanwhile.
    const auto open = std::find_if(questions_.begin(), questions_.end(),
                                   [](const Question& one) { return !one.answer; });
    if (open == questions_.end()) next_ %= questions_.size();
    Question& question = open != questions_.end() ? *open : questions_[next_++];
    const std::string where = aged(question.filter, question.from_ms, question.to_ms, now_ms);
    const auto answer = client.query(
        "socctl-metrics", thehive::Query(question.select).where(where).count().text(), deadline);
    if (!answer.ok()) return answer.status();
    const auto number = answer->root().integer();
    if (!number || *number < 0) {
      return Status::error(ExitCode::refused, "query socctl-metrics: the answer is not a count",
                           "check that the URL is TheHive's own");
    }
    question.answer = static_cast<std::uint64_t>(*number);
  }
  return {};
}

bool CountQuestions::complete() const {
  return std::all_of(questions_.begin(), questions_.end(),
                     [](const Question& one) { return one.answer.has_value(); });
}

Counts CountQuestions::family(Family family) const {
  Counts out;
  for (const Question& one : questions_) {
    if (one.family != family) continue;
    if (!one.answer) return {};
    out.emplace_back(one.label, *one.answer);
  }
  return out;
}

std::optional<std::uint64_t> CountQuestions::single(Family family) const {
  for (const Question& one : questions_) {
    if (one.family == family) return one.answer;
  }
  return {};
}

TheHiveCounts CountQuestions::counts() const {
  TheHiveCounts out;
  out.alerts_by_severity = family(Family::alerts_severity);
  out.alerts_by_status = family(Family::alerts_status);
  out.alerts_by_source = family(Family::alerts_source);
  out.open_alerts_by_age = family(Family::alerts_age);
  out.cases_by_severity = family(Family::cases_severity);
  out.cases_by_status = family(Family::cases_status);
  const auto custom = single(Family::cases_custom_resolution);
  for (const auto& [status, count] : out.cases_by_status) {
    // A case is closed with one of these statuses.
    const bool closes =
        std::find(kResolutions.begin(), kResolutions.end(), status) != kResolutions.end();
    if (custom && closes) out.cases_by_resolution.emplace_back(status, count);
  }
  if (!out.cases_by_resolution.empty()) out.cases_by_resolution.emplace_back(kCustom, *custom);
  out.open_cases_by_age = family(Family::cases_age);
  out.open_cases_by_owner = family(Family::cases_owner);
  out.observables_by_type = family(Family::observables_type);
  for (const auto& [type, count] : out.observables_by_type) {
    out.observables = out.observables.value_or(0) + count;
  }
  out.ioc = single(Family::observables_ioc);
  return out;
}

std::string CountQuestions::name_of(const Question& question) {
  return kFamilies.at(static_cast<std::size_t>(question.family)) + (" " + question.label);
}

void CountQuestions::save(json::Writer& w) const {
  w.begin_object();
  w.member("next", std::uint64_t{next_});
  w.key("answers");
  w.begin_object();
  for (const Question& one : questions_) {
    w.key(name_of(one));
    one.answer ? w.value(*one.answer) : w.null();
  }
  w.end_object();
  w.end_object();
}

void CountQuestions::load(json::Value saved) {
  const json::Value answers = saved["answers"];
  const auto after = [](std::string_view name, Family family) {
    const std::string prefix = kFamilies.at(static_cast<std::size_t>(family)) + std::string(" ");
    return std::string(name.starts_with(prefix) ? name.substr(prefix.size()) : "");
  };
  for (std::size_t i = 0; i < answers.size(); ++i) {
    add_source(after(answers.key_at(i), Family::alerts_source));
    add_owner(after(answers.key_at(i), Family::cases_owner));
  }
  for (Question& one : questions_) {
    const auto answer = answers[name_of(one)].integer();
    if (answer && *answer >= 0) one.answer = static_cast<std::uint64_t>(*answer);
  }
  const auto next = saved["next"].integer().value_or(0);
  next_ = next > 0 ? static_cast<std::size_t>(next) : 0;
}

}  // namespace socbridge::metrics
