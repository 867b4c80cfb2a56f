// SPDX-License-Identifier: Apache-2.0
#include "setup/cortex_analyzers.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::setup {
namespace {

using cortex::Admin;

constexpr int kAmber = 2;

// "VirusTotal_GetReport_3_1" belongs to "VirusTotal_GetReport", "VirusTotal_GetReportX_1_0" does
// not.
bool is_of(std::string_view definition, std::string_view base) {
  if (!definition.starts_with(base)) return false;
  const std::string_view rest = definition.substr(base.size());
  return rest.empty() || (rest.size() > 1 && rest[0] == '_' && rest[1] >= '0' && rest[1] <= '9');
}

std::vector<std::uint64_t> numbers(std::string_view version) {
  std::vector<std::uint64_t> out;
  for (const std::string_view part : split(version, '.'))
    out.push_back(parse_u64(part).value_or(0));
  return out;
}

void write_item(json::Writer& w, json::Value item) {
  const std::string name = item["name"].text();
  const json::Value preset = item["defaultValue"];
  const bool required = item["required"].boolean().value_or(false);
  if (!preset.missing() && preset.type() != json::Type::null) {
    w.key(name);
    w.value(preset);
  } else if (item["multi"].boolean().value_or(false)) {
    w.key(name);
    w.raw("[]");
  } else if (item["type"].text() == "boolean" && required) {
    w.member(name, false);
  }
}

// Members that every analyzer has (docs/protocols/cortex.md, "Administration").
void write_common(json::Writer& w) {
  w.member("check_tlp", true);
  w.member("max_tlp", kAmber);
  w.member("check_pap", true);
  w.member("max_pap", kAmber);
  w.member("auto_extract_artifacts", false);
}

// The limit's unit in Cortex's own spelling.
std::string rate_unit(const cortex::Limit& limit) {
  for (const char* name : {"Second", "Minute", "Hour", "Day", "Month"}) {
    if (cortex::rate_unit_ms(name) == limit.window_ms) return name;
  }
  return limit.unit;
}

bool same_rate(const CortexAnalyzer& wanted, const Admin::Enabled& there) {
  if (wanted.limit.count == 0) return true;
  return there.rate == wanted.limit.count && there.rate_unit == rate_unit(wanted.limit);
}

void set_rate(const CortexAnalyzer& wanted, Admin::Settings& settings) {
  if (wanted.limit.count == 0) return;
  settings.rate = wanted.limit.count;
  settings.rate_unit = rate_unit(wanted.limit);
}

}  // namespace

const Admin::Definition* newest_definition(const std::vector<Admin::Definition>& all,
                                           std::string_view base) {
  const Admin::Definition* newest = nullptr;
  for (const Admin::Definition& one : all) {
    if (one.name != base) continue;
    if (newest == nullptr || numbers(newest->version) < numbers(one.version)) newest = &one;
  }
  return newest;
}

const Admin::Enabled* enabled_of(const std::vector<Admin::Enabled>& all, std::string_view base) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Admin::Enabled& one) {
    return is_of(one.definition, base);
  });
  return found == all.end() ? nullptr : &*found;
}

std::string key_item(const Admin::Definition& definition) {
  const json::Value items = definition.items.root();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string name = items.at(i)["name"].text();
    const bool required = items.at(i)["required"].boolean().value_or(false);
    if (required && (iequals(name, "key") || iequals(name, "api_key"))) return name;
  }
  return {};
}

Admin::Settings settings_for(const CortexAnalyzer& wanted, const Admin::Definition& definition) {
  const std::string key = key_item(definition);
  const json::Value items = definition.items.root();
  json::Writer w;
  w.begin_object();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items.at(i)["name"].text() == key) {
      w.member(key, wanted.key.reveal());
    } else {
      write_item(w, items.at(i));
    }
  }
  write_common(w);
  w.end_object();
  Admin::Settings settings;
  settings.name = definition.id;
  settings.configuration = std::move(w).take();
  set_rate(wanted, settings);
  return settings;
}

std::vector<std::string> differences(const CortexAnalyzer& wanted,
                                     const Admin::Definition& definition,
                                     const Admin::Enabled& there) {
  std::vector<std::string> out;
  const std::string key = key_item(definition);
  if (!key.empty() && !wanted.key.empty() &&
      there.configuration.root()[key].string_or_empty() != wanted.key.reveal())
    out.emplace_back("key");
  if (!same_rate(wanted, there)) {
    out.push_back(there.rate == 0 ? std::string("no rate")
                                  : "rate " + std::to_string(there.rate) + " per " +
                                        printable(there.rate_unit, 20));
  }
  return out;
}

Admin::Settings corrected(const CortexAnalyzer& wanted, const Admin::Definition& definition,
                          const Admin::Enabled& there) {
  const std::string key = key_item(definition);
  const json::Value old = there.configuration.root();
  json::Writer w;
  w.begin_object();
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old.key_at(i) == key && !wanted.key.empty()) continue;
    w.key(old.key_at(i));
    w.value(old.value_at(i));
  }
  if (!key.empty() && !wanted.key.empty()) w.member(key, wanted.key.reveal());
  w.end_object();
  Admin::Settings settings;
  settings.name = there.name;
  settings.configuration = std::move(w).take();
  settings.rate = there.rate;
  settings.rate_unit = there.rate_unit;
  set_rate(wanted, settings);
  return settings;
}

}  // namespace socbridge::setup
