// SPDX-License-Identifier: Apache-2.0
#include "cortex/analyzer.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxTypes = 200;

int small(json::Value value) {
  constexpr std::int64_t kMost = 4;
  const auto number = value.integer();
  return number && *number >= 0 && *number <= kMost ? static_cast<int>(*number) : -1;
}

// `AbuseIPDB_2_0` -> `AbuseIPDB`
std::string_view without_version(std::string_view name) {
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t mark = name.rfind('_');
    if (mark == std::string_view::npos || mark == 0) break;
    if (!parse_u64(name.substr(mark + 1))) break;
    name = name.substr(0, mark);
  }
  return name;
}

}  // namespace

bool Analyzer::takes(std::string_view data_type) const {
  return std::find(data_types.begin(), data_types.end(), data_type) != data_types.end();
}

bool Analyzer::takes(std::string_view data_type, std::string_view value) const {
  return takes(data_type) && (!is_network(data_type, value) ||
                              takes_networks(definition.empty() ? name : definition, description));
}

bool is_network(std::string_view data_type, std::string_view value) {
  return data_type == "ip" && value.find('/') != std::string_view::npos;
}

bool takes_networks(std::string_view name, std::string_view description) {
  return istarts_with(name, "AbuseIPDB") || description.find("CIDR") != std::string_view::npos;
}

std::string_view Analyzer::base() const {
  return without_version(definition.empty() ? name : definition);
}

bool Analyzer::is_called(std::string_view wanted) const {
  return iequals(wanted, name) || iequals(wanted, definition) || iequals(wanted, base()) ||
         iequals(wanted, without_version(name)) || (!id.empty() && wanted == id);
}

Analyzer read_analyzer(json::Value value) {
  Analyzer a;
  a.id = value["id"].text();
  if (a.id.empty()) a.id = value["_id"].text();
  a.name = value["name"].text();
  a.definition = value["analyzerDefinitionId"].text();
  if (a.definition.empty()) a.definition = value["workerDefinitionId"].text();
  if (a.name.empty()) a.name = a.definition;
  a.version = value["version"].text();
  a.description = value["description"].text();
  const json::Value types = value["dataTypeList"];
  for (std::size_t i = 0; i < std::min(types.size(), kMaxTypes); ++i) {
    a.data_types.push_back(types.at(i).text());
  }
  a.rate = std::max<std::int64_t>(0, value["rate"].lenient_integer().value_or(0));
  a.rate_unit = value["rateUnit"].text();
  if (rate_unit_ms(a.rate_unit) == 0) a.rate = 0;
  a.cache_min = value["jobCache"].lenient_integer().value_or(-1);
  a.max_tlp = small(value["maxTlp"]);
  a.max_pap = small(value["maxPap"]);
  json::Writer w;
  w.begin_object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.key_at(i) == "configuration") continue;
    w.member(value.key_at(i), value.value_at(i));
  }
  w.end_object();
  a.json = std::move(w).take();
  return a;
}

std::vector<Analyzer> read_analyzers(json::Value list) {
  std::vector<Analyzer> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Analyzer a = read_analyzer(list.at(i));
    if (!a.id.empty() && !a.name.empty()) out.push_back(std::move(a));
  }
  return out;
}

std::int64_t rate_unit_ms(std::string_view unit) {
  constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                         kDay = 24 * kHour, kMonth = 30 * kDay;
  if (iequals(unit, "second")) return kSecond;
  if (iequals(unit, "minute")) return kMinute;
  if (iequals(unit, "hour")) return kHour;
  if (iequals(unit, "day")) return kDay;
  return iequals(unit, "month") ? kMonth : 0;
}

}  // namespace socbridge::cortex
