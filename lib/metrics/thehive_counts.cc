// SPDX-License-Identifier: Apache-2.0
#include "metrics/thehive_counts.h"

#include <algorithm>
#include <utility>

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

Names joined(const Names& first, const Names& second) {
  Names out = first;
  out.insert(out.end(), second.begin(), second.end());
  return out;
}

// Counts what one select finds. Keeps the first error; after it nothing is asked.
class Counter {
 public:
  Counter(thehive::Client& client, const Deadline& deadline)
      : client_(client), deadline_(deadline) {}

  std::uint64_t count(const char* select, const std::string& filter) {
    if (!status_.ok()) return 0;
    const auto answer = client_.query(
        "socctl-metrics", thehive::Query(select).where(filter).count().text(), deadline_);
    if (!answer.ok()) {
      status_ = answer.status();
      return 0;
    }
    const auto number = answer->root().integer();
    if (!number || *number < 0) {
      status_ = Status::error(ExitCode::refused, "query socctl-metrics: the answer is no count",
                              "check that the URL is TheHive's own");
      return 0;
    }
    return static_cast<std::uint64_t>(*number);
  }

  Counts by_severity(const char* select) {
    Counts out;
    constexpr int kCritical = 4;
    for (int level = 1; level <= kCritical; ++level) {
      out.emplace_back(thehive::severity_name(level),
                       count(select, filter::is("severity", std::int64_t{level})));
    }
    return out;
  }

  // Each name, and all others together.
  Counts by_name(const char* select, const char* field, const Names& names) {
    Counts out;
    for (const std::string& name : names) {
      out.emplace_back(name, count(select, filter::is(field, std::string_view(name))));
    }
    out.emplace_back(kCustom, count(select, filter::none_of(filter::in(field, names))));
    return out;
  }

  const Status& status() const { return status_; }

 private:
  thehive::Client& client_;
  const Deadline& deadline_;
  Status status_;
};

}  // namespace

Result<TheHiveCounts> count_thehive(thehive::Client& client, const Deadline& deadline) {
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  const bool old = version->api == thehive::ApiVersion::v4;
  Counter counter(client, deadline);
  TheHiveCounts out;
  out.alerts_by_severity = counter.by_severity("listAlert");
  out.cases_by_severity = counter.by_severity("listCase");
  if (old) {
    out.cases_by_status = counter.by_name("listCase", "status", kOldCaseStatuses);
  } else {
    out.alerts_by_status = counter.by_name("listAlert", "status", kAlertStatuses);
    out.cases_by_status =
        counter.by_name("listCase", "status", joined(kOpenStatuses, kResolutions));
    // A case is closed with the status that says how.
    for (const auto& [status, count] : out.cases_by_status) {
      if (std::find(kResolutions.begin(), kResolutions.end(), status) != kResolutions.end()) {
        out.cases_by_resolution.emplace_back(status, count);
      }
    }
    out.cases_by_resolution.emplace_back(
        kCustom, counter.count("listCase",
                               filter::all({filter::is("stage", "Closed"),
                                            filter::none_of(filter::in("status", kResolutions))})));
  }
  out.observables_by_type = counter.by_name("listObservable", "dataType", kTypes);
  if (!counter.status().ok()) return counter.status();
  return out;
}

}  // namespace socbridge::metrics
