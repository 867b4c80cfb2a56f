// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/sections.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/indented.h"
#include "mapping/describe/markdown.h"
#include "mapping/win_eventdata.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kCell = 1000;      // UTF-16 units of one value
constexpr std::size_t kMostLeaves = 60;  // rows of the table of `data`
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kLongest = 2000;  // longest URL that becomes a link

// Whether all leaves of an object are scalars or lists of scalars, so that a table can show it.
bool is_flat(json::Value value, std::size_t depth = 0) {
  const bool list = value.is_array();
  const std::size_t deepest = list || value.size() == 0 ? depth : depth + 1;
  if (deepest > kDeepest) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const json::Value one = value.value_at(i);
    const bool inner = one.is_object() || one.is_array();
    if (inner && (list || !is_flat(one, depth + 1))) return false;
  }
  return true;
}

// Every scalar and list of scalars below `data`, as rows of a table.
class LeafTable {
 public:
  LeafTable(const std::vector<Fact>& shown, std::string& out)
      : shown_(shown), table_(out, "\n### Data\n\n") {
    constexpr std::size_t kUsual = 100;
    path_.reserve(kUsual);
  }

  // For a value that is_flat(). False: too many leaves.
  bool gather(json::Value value) {
    if (!value.is_object()) return leaf(value);
    const std::size_t before = path_.size();
    for (std::size_t i = 0; i < value.size(); ++i) {
      path_ += '.';
      path_ += value.key_at(i);
      if (!gather(value.value_at(i))) return false;
      path_.resize(before);
    }
    return true;
  }

 private:
  bool leaf(json::Value value) {
    const std::string_view text = text_of(value, path_, made_);
    if (text.empty()) return true;
    if (++count_ > kMostLeaves) return false;
    constexpr std::string_view kMessage = "data.win.system.message";
    const bool shown = std::string_view(path_) == kMessage ||
                       std::any_of(shown_.begin(), shown_.end(),
                                   [&](const Fact& fact) { return is_at(fact, path_); });
    // Without `data.`, which all paths share.
    if (!shown) table_.row(std::string_view(path_).substr(sizeof "data." - 1), text);
    return true;
  }

  const std::vector<Fact>& shown_;
  FieldTable table_;
  std::string made_;
  std::string path_ = "data";
  std::size_t count_ = 0;
};

// The event channel encloses its message in quotes.
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

// Collapsed where HTML is supported; elsewhere the text is visible.
void append_folded(std::string& out, std::string_view title, std::string_view text,
                   std::size_t units) {
  out.append("\n<details><summary>").append(title).append("</summary>\n\n");
  append_fenced(out, text, units);
  out += "\n</details>\n";
}

}  // namespace

void FieldTable::begin() {
  if (empty_) out_.append(heading_).append("| Field | Value |\n|---|---|\n");
  empty_ = false;
}

void FieldTable::row(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  begin();
  append_text_row(out_, name, value, kCell);
}

void FieldTable::plain_row(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  begin();
  append_row(out_, name, value, kCell);
}

void FieldTable::raw_row(std::string_view name, std::string_view markdown) {
  if (markdown.empty()) return;
  begin();
  out_.append("| ").append(name).append(" | ").append(markdown).append(" |\n");
}

std::string compliance_of(const wazuh::Alert& alert) {
  const json::Value rule = alert.root()["rule"];
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kLists = {
      {{"pci_dss", "PCI DSS"},
       {"gdpr", "GDPR"},
       {"hipaa", "HIPAA"},
       {"nist_800_53", "NIST 800-53"},
       {"tsc", "TSC"},
       {"gpg13", "GPG13"}}};
  std::string out;
  for (const auto& [member, name] : kLists) {
    const std::string list = text_of(rule[member], "rule");
    if (list.empty()) continue;
    out.append(out.empty() ? "" : " · ").append(name).append(" ").append(list);
  }
  return out;
}

std::string info_of(const wazuh::Alert& alert) {
  const std::string info = text_of(alert.root()["rule"]["info"], "rule.info");
  if (info.empty()) return {};
  const bool is_address = istarts_with(info, "https://") || istarts_with(info, "http://");
  // Characters of RFC 3986 that are not markup between angle brackets.
  const bool plain = info.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                         "-._~:/?#@!$&'()*+,;=%") == std::string::npos;
  if (is_address && plain && info.size() <= kLongest) return "<" + info + ">";
  return escape_markdown(info, kCell);
}

void add_log_sections(const wazuh::Alert& alert, std::size_t units, std::string& out) {
  if (units == 0) return;
  if (!alert.full_log.empty() && !is_json_log(alert)) {
    out += "\n### Log\n\n";
    append_fenced(out, alert.full_log, units);
  } else if (const std::string message = windows_message(alert); !message.empty()) {
    out += "\n### Message\n\n";
    append_fenced(out, message, units);
  }
  const auto diff = alert.root()["syscheck"]["diff"].string();
  if (diff && !trim(*diff).empty()) {
    out += "\n### What changed\n\n";
    append_fenced(out, *diff, units, "diff");
  }
}

void add_folded_sections(const wazuh::Alert& alert, std::size_t units, std::string& out) {
  if (units == 0) return;
  if (is_json_log(alert)) append_folded(out, "Log", alert.full_log, units);
  if (const std::string_view earlier = trim(alert.previous_output); !earlier.empty()) {
    const auto lines = std::count(earlier.begin(), earlier.end(), '\n') + 1;
    append_folded(out, "Earlier logs (" + std::to_string(lines) + ")", alert.previous_output,
                  units);
  }
}

void add_data_section(const wazuh::Alert& alert, const Family& family, std::size_t units,
                      std::string& out) {
  const json::Value data = alert.root()["data"];
  if (units == 0 || !data.is_object() || data.size() == 0) return;
  const std::size_t before = out.size();
  if (is_flat(data) && LeafTable(family.facts, out).gather(data)) return;
  out.resize(before);
  out += "\n### Data\n\n";
  append_fenced(out, json::indented(data), units, "json");
}

}  // namespace socbridge::mapping
