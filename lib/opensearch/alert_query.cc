// SPDX-License-Identifier: Apache-2.0
#include "opensearch/alert_query.h"

#include <array>
#include <utility>

#include "json/writer.h"

namespace socbridge::opensearch {
namespace {

// Numeric levels of the words of Wazuh 5, as in lib/wazuh.
constexpr std::array<std::pair<const char*, int>, 5> kWords = {
    {{"informational", 2}, {"low", 5}, {"medium", 8}, {"high", 12}, {"critical", 15}}};

std::string terms(const std::string& field, const std::vector<std::string>& values) {
  json::Writer w;
  w.begin_object();
  w.key("terms");
  w.begin_object();
  w.key(field);
  w.begin_array();
  for (const std::string& value : values) w.value(value);
  w.end_array();
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

std::string any_of(const std::vector<std::string>& clauses) {
  std::string out = R"({"bool":{"minimum_should_match":1,"should":[)";
  for (std::size_t i = 0; i < clauses.size(); ++i) out += (i == 0 ? "" : ",") + clauses[i];
  return out + "]}}";
}

std::string window(const AlertQuery& query, const std::string& field) {
  const std::string name = json::quote(field);
  std::string range = R"({"range":{)" + name + R"(:{"format":"epoch_millis")";
  if (query.since) range += R"(,"gte":)" + std::to_string(*query.since);
  if (query.until) range += R"(,"lt":)" + std::to_string(*query.until);
  range += "}}}";
  return any_of({range, R"({"bool":{"must_not":{"exists":{"field":)" + name + "}}}}"});
}

std::string level(int least, AlertForm form) {
  if (form == AlertForm::v4) {
    return R"({"range":{"rule.level":{"gte":)" + std::to_string(least) + "}}}";
  }
  std::vector<std::string> words;
  for (const auto& [word, stands_for] : kWords) {
    if (stands_for >= least) words.emplace_back(word);
  }
  return terms("wazuh.rule.level", words);
}

}  // namespace

std::string_view time_field(AlertForm form) {
  return form == AlertForm::v4 ? "timestamp" : "@timestamp";
}

std::string newest_first(std::string_view field) {
  return R"("sort":[{)" + json::quote(field) + R"(:{"order":"desc","unmapped_type":"date"}}])";
}

std::string to_json(const AlertQuery& query, AlertForm form) {
  const std::string root = form == AlertForm::v4 ? "" : "wazuh.";
  std::vector<std::string> filters;
  if (query.since || query.until) {
    filters.push_back(window(query, std::string(time_field(form))));
  }
  if (!query.rules.empty()) filters.push_back(terms(root + "rule.id", query.rules));
  if (!query.agents.empty()) {
    filters.push_back(
        any_of({terms(root + "agent.name", query.agents), terms(root + "agent.id", query.agents)}));
  }
  if (query.level > 0) filters.push_back(level(query.level, form));
  if (!query.ids.empty()) {
    filters.push_back(any_of({terms("id", query.ids), terms("_id", query.ids)}));
  }
  if (!query.text.empty()) {
    filters.push_back(R"({"query_string":{"query":)" + json::quote(query.text) + "}}");
  }
  if (filters.empty()) return R"({"match_all":{}})";
  std::string out = R"({"bool":{"filter":[)";
  for (std::size_t i = 0; i < filters.size(); ++i) out += (i == 0 ? "" : ",") + filters[i];
  return out + "]}}";
}

}  // namespace socbridge::opensearch
