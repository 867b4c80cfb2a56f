// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "health/probes/opensearch.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

// A field that searches for alerts need, with its accepted types.
struct Wanted {
  const char* name;
  std::array<const char*, 4> types;
};
constexpr std::array<Wanted, 4> kOfAlerts = {
    {{"timestamp", {"date", "date_nanos"}},
     {"id", {"keyword"}},
     {"rule.id", {"keyword"}},
     {"rule.level", {"long", "integer", "short", "byte"}}}};
constexpr std::array<Wanted, 3> kOfFindings = {{{"@timestamp", {"date", "date_nanos"}},
                                                {"wazuh.rule.id", {"keyword"}},
                                                {"wazuh.rule.level", {"keyword"}}}};
constexpr const char* kAlertFields = "timestamp,id,rule.*,agent.*,manager.*,data.*,syscheck.*";
constexpr const char* kFindingFields = "*";

bool is_findings(const Series& series) { return series.field == "@timestamp"; }

std::span<const Wanted> wanted_of(const Series& series) {
  if (is_findings(series)) return kOfFindings;
  return kOfAlerts;
}

// An account that may read alerts need not see these; another product may not have them.
void leave_out(Probe& probe, const char* check, const Status& why) {
  if (why.code() == ExitCode::auth) {
    probe.skip(check, "this account may not read it: " + why.message());
  } else if (why.code() == ExitCode::refused) {
    probe.skip(check, "the cluster does not support it: " + why.message());
  } else {
    probe.fail(check, why, State::unknown);
  }
}

void check_template(Probe& probe, opensearch::Client& client, const Series& series) {
  const auto patterns = client.template_patterns(probe.deadline());
  if (!patterns.ok()) {
    leave_out(probe, "template", patterns.status());
    return;
  }
  const opensearch::Index* index = series.youngest();
  const bool found = std::any_of(patterns->begin(), patterns->end(), [&](const std::string& one) {
    // Hidden indices of a data stream are created from the template of the stream.
    return opensearch::fits(one, index->name) || opensearch::fits(one, series.pattern);
  });
  if (found) {
    probe.ok("template", "there is one for " + index->name);
    return;
  }
  probe.add(
      "template", State::degraded, Cause::missing,
      "no index template fits " + index->name + ": the next index guesses the types of its fields",
      is_findings(series)
          ? "restart the Wazuh indexer, whose plug-in installs it"
          : "check setup.template.json in /etc/filebeat/filebeat.yml and restart Filebeat, "
            "which loads /etc/filebeat/wazuh-template.json");
}

bool is_one_of(const Wanted& wanted, const std::string& type) {
  return std::any_of(wanted.types.begin(), wanted.types.end(),
                     [&](const char* good) { return good != nullptr && type == good; });
}

// "data.x is keyword in A, long in B", without the accepted types.
std::string spelled(const opensearch::FieldTypes& field, const Wanted* wanted = nullptr) {
  std::string out;
  for (const auto& [type, index] : field.types) {
    if (wanted != nullptr && is_one_of(*wanted, type)) continue;
    out += (out.empty() ? "" : ", ") + type + (index.empty() ? "" : " in " + index);
  }
  return field.name + " is " + out;
}

// Errors of the fields that searches for alerts need; empty: none.
std::string wrong_fields(const std::vector<opensearch::FieldTypes>& fields, const Series& series) {
  std::string out;
  for (const Wanted& wanted : wanted_of(series)) {
    const auto field =
        std::find_if(fields.begin(), fields.end(),
                     [&](const opensearch::FieldTypes& one) { return one.name == wanted.name; });
    std::string wrong;
    if (field == fields.end()) {
      wrong = std::string(wanted.name) + " is not mapped";
    } else if (!std::all_of(field->types.begin(), field->types.end(),
                            [&](const auto& type) { return is_one_of(wanted, type.first); })) {
      wrong = spelled(*field, &wanted) + ", not " + wanted.types[0];
    }
    if (!wrong.empty()) out += (out.empty() ? "" : "; ") + wrong;
  }
  return out;
}

void check_mappings(Probe& probe, opensearch::Client& client, const Series& series) {
  std::vector<std::string> wanted;
  for (const Wanted& one : wanted_of(series)) wanted.emplace_back(one.name);
  const auto fields =
      client.field_types(series.pattern, is_findings(series) ? kFindingFields : kAlertFields,
                         wanted, probe.deadline());
  if (!fields.ok()) {
    leave_out(probe, "mappings", fields.status());
    return;
  }
  if (const std::string wrong = wrong_fields(*fields, series); !wrong.empty()) {
    probe.add("mappings", State::degraded, Cause::configuration,
              wrong + ": searches by it fail or miss alerts",
              "load Wazuh's template, then reindex the indices that were created without it");
    return;
  }
  TextList conflicts;
  std::string first;
  for (const opensearch::FieldTypes& field : *fields) {
    if (field.types.size() < 2) continue;
    if (first.empty()) first = spelled(field);
    conflicts.add(field.name);
  }
  if (conflicts.count() == 0) {
    probe.ok("mappings", "each field has one type in all of " + series.pattern);
    return;
  }
  probe.add("mappings", State::degraded, Cause::reported_error,
            counted(conflicts.count(), "field has", "fields have") +
                " several types, so documents are refused or not found: " + conflicts.text() +
                "; " + first,
            "correct the template; then reindex the older indices or let them expire");
}

void check_refused(Probe& probe, opensearch::Client& client) {
  constexpr const char* kName = "refused documents";
  const auto letters = client.indices(probe.options().indices.dead_letters, probe.deadline());
  if (letters.ok()) {
    TextList names;
    std::uint64_t documents = 0;
    for (const opensearch::Index& index : *letters) {
      if (index.documents > 0) names.add(index.name);
      documents += index.documents;
    }
    if (documents > 0) {
      probe.add(kName, State::degraded, Cause::reported_error,
                counted(documents, "document", "documents") + " in " + names.text() +
                    ", which Filebeat could not index as alerts",
                "read why there; correct the mapping, then compare: socctl reconcile");
      return;
    }
  }
  const auto counts = client.document_counts(probe.deadline());
  if (!counts.ok()) {
    leave_out(probe, kName, counts.status());
    return;
  }
  if (!*counts) {
    probe.skip(kName, "this version does not count them");
    return;
  }
  const opensearch::DocumentCounts& known = **counts;
  const std::string detail = std::to_string(known.refused) + " of " +
                             std::to_string(known.taken + known.refused) + " in " +
                             human_duration(known.uptime_ms);
  // A healthy cluster also refuses some: version conflicts in indices of its own plug-ins.
  constexpr double kPercent = 100;
  const std::uint64_t all = std::max<std::uint64_t>(known.taken + known.refused, 1);
  const double percent =
      std::ceil(kPercent * static_cast<double>(known.refused) / static_cast<double>(all));
  const State state =
      probe.evaluate(kName, {"opensearch", kName}, static_cast<std::int64_t>(percent));
  if (state == State::ok) {
    probe.ok(kName, detail);
    return;
  }
  probe.add(kName, state, Cause::reported_error, detail,
            "look for \"Cannot index event\" in Filebeat's log; then compare: socctl reconcile");
}

void check_retention(Probe& probe, opensearch::Client& client, const Series& series) {
  const auto found = client.retention(series.pattern, probe.deadline());
  if (!found.ok()) {
    leave_out(probe, "retention", found.status());
    return;
  }
  if (!*found) {
    probe.skip("retention", "the cluster has no index management");
    return;
  }
  const opensearch::Retention& retention = **found;
  TextList names;
  for (const std::string& name : retention.unmanaged) names.add(name);
  if (names.count() == 0) {
    probe.ok("retention",
             "a policy for each of " +
                 counted(static_cast<std::size_t>(retention.managed), "index", "indices"));
    return;
  }
  probe.add("retention", State::degraded, Cause::missing,
            "no policy deletes " + counted(names.count(), "index", "indices") +
                " in time: " + names.text(),
            "Index Management > Policies: create one with an ISM template for " + series.pattern +
                ", and apply it to the existing indices");
}

}  // namespace

void check_schema(Probe& probe, opensearch::Client& client, const ClusterView& view) {
  if (view.series.empty() || view.series.front().indices.empty()) return;
  const Series& series = view.series.front();
  check_template(probe, client, series);
  check_mappings(probe, client, series);
  check_refused(probe, client);
  check_retention(probe, client, series);
}

}  // namespace socbridge::health
