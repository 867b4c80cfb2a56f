// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/sections.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/writer.h"
#include "mapping/markdown.h"
#include "mapping/win_eventdata.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kCell = 1000;      // UTF-16 units of one value
constexpr std::size_t kMostLeaves = 60;  // rows of the table of `data`
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kLongest = 2000;  // an address that is longer is no link

using Leaves = std::vector<std::pair<std::string, std::string>>;

// Every scalar and list of scalars below `value`. False: too many, or of another shape.
bool gather(json::Value value, const std::string& path, std::size_t depth, Leaves& out) {
  if (depth > kDeepest || out.size() > kMostLeaves) return false;
  if (value.is_object()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string below = path + "." + std::string(value.key_at(i));
      if (!gather(value.value_at(i), below, depth + 1, out)) return false;
    }
    return true;
  }
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    if (value.at(i).is_object() || value.at(i).is_array()) return false;
  }
  std::string text = text_of(value, path);
  if (!text.empty()) out.emplace_back(path, std::move(text));
  return true;
}

// A message of the event channel comes in quotes of its own.
std::string windows_message(const wazuh::Alert& alert) {
  const auto text = alert.root().path("data.win.system.message").string();
  if (!text) return {};
  std::string_view bare = trim(*text);
  if (bare.size() >= 2 && bare.front() == '"' && bare.back() == '"') {
    bare = bare.substr(1, bare.size() - 2);
  }
  return unescape_eventdata(trim(bare));
}

bool is_json_log(const wazuh::Alert& alert) {
  const std::string_view log = trim(alert.full_log);
  return log.size() >= 2 && log.front() == '{' && log.back() == '}' &&
         alert.root()["data"].size() > 0;
}

// Shut until it is opened, where HTML is taken; elsewhere its lines stand around it.
std::string folded(const std::string& title, std::string_view text, std::size_t units) {
  return "\n<details><summary>" + title + "</summary>\n\n" + fenced(text, units) + "\n</details>\n";
}

}  // namespace

void FieldTable::row(std::string_view name, std::string_view value) {
  if (!value.empty()) raw_row(name, escape_markdown(value, kCell));
}

void FieldTable::raw_row(std::string_view name, std::string_view markdown) {
  if (markdown.empty()) return;
  if (text_.empty()) text_ = "| Field | Value |\n|---|---|\n";
  text_ += "| ";
  text_ += escape_markdown(name, kCell);
  text_ += " | ";
  text_ += markdown;
  text_ += " |\n";
}

std::string compliance_of(const wazuh::Alert& alert) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kLists = {
      {{"pci_dss", "PCI DSS"},
       {"gdpr", "GDPR"},
       {"hipaa", "HIPAA"},
       {"nist_800_53", "NIST 800-53"},
       {"tsc", "TSC"},
       {"gpg13", "GPG13"}}};
  std::string out;
  for (const auto& [member, name] : kLists) {
    const std::string list = text_of(alert.root()["rule"][member], "rule");
    if (list.empty()) continue;
    out += (out.empty() ? "" : " · ") + std::string(name) + " " + list;
  }
  return out;
}

std::string info_of(const wazuh::Alert& alert) {
  const std::string info = text_of(alert.root()["rule"]["info"], "rule.info");
  const bool is_address = istarts_with(info, "https://") || istarts_with(info, "http://");
  // Characters of RFC 3986 that mean nothing to Markdown between angle brackets.
  const bool plain = info.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                         "-._~:/?#@!$&'()*+,;=%") == std::string::npos;
  if (is_address && plain && info.size() <= kLongest) return "<" + info + ">";
  return escape_markdown(info, kCell);
}

std::string log_sections(const wazuh::Alert& alert, std::size_t units) {
  if (units == 0) return {};
  std::string out;
  const bool is_json = is_json_log(alert);
  if (!alert.full_log.empty() && !is_json) {
    out += "\n### Log\n\n" + fenced(alert.full_log, units);
  } else if (const std::string message = windows_message(alert); !message.empty()) {
    out += "\n### Message\n\n" + fenced(message, units);
  }
  const auto diff = alert.root()["syscheck"]["diff"].string();
  if (diff && !trim(*diff).empty()) {
    out += "\n### What changed\n\n" + fenced(*diff, units, "diff");
  }
  return out;
}

std::string folded_sections(const wazuh::Alert& alert, std::size_t units) {
  if (units == 0) return {};
  std::string out;
  if (is_json_log(alert)) out += folded("Log", alert.full_log, units);
  if (!alert.previous_output.empty()) {
    const auto lines = split(trim(alert.previous_output), '\n').size();
    out += folded("Earlier logs (" + std::to_string(lines) + ")", alert.previous_output, units);
  }
  return out;
}

std::string data_section(const wazuh::Alert& alert, const Family& family, std::size_t units) {
  const json::Value data = alert.root()["data"];
  if (units == 0 || !data.is_object() || data.size() == 0) return {};
  Leaves leaves;
  if (!gather(data, "data", 0, leaves)) {
    return "\n### Data\n\n" + fenced(json::pretty(data.dump()), units, "json");
  }
  FieldTable table;
  for (const auto& [path, text] : leaves) {
    const bool shown = path == "data.win.system.message" ||
                       std::any_of(family.facts.begin(), family.facts.end(),
                                   [&path = path](const Fact& fact) { return fact.path == path; });
    // Without the root, which all have in common.
    if (!shown) table.row(std::string_view(path).substr(sizeof "data." - 1), text);
  }
  return table.text().empty() ? std::string() : "\n### Data\n\n" + table.text();
}

}  // namespace socbridge::mapping
