// SPDX-License-Identifier: Apache-2.0
#include "wazuh/block_filter.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

constexpr std::uint32_t kHighestLevel = 16;

// Numbers of one <rule_id>. After each number the rest up to the next comma is skipped; the first
// other character ends the list.
void add_rule_ids(std::string_view text, std::vector<std::uint32_t>& out) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == ',') {
      ++at;
      continue;
    }
    if (c < '0' || c > '9') return;
    // A zero ends integratord's list, and the next number replaces it.
    if (!out.empty() && out.back() == 0) out.pop_back();
    out.push_back(atoi_of_digits(text.substr(at)));
    at = text.find(',', at);
    if (at == std::string_view::npos) return;
  }
}

// Whether the text has only characters of such a list.
bool is_plain_list(std::string_view text) {
  return text.find_first_not_of("0123456789, ") == std::string_view::npos;
}

std::vector<std::string_view> names_of(std::string_view list) { return split(list, ','); }

bool is_trimmed(std::string_view name) { return trim(name) == name; }

}  // namespace

BlockFilter::BlockFilter(const IntegrationBlock& block)
    : level_(atoi_of_digits(block.level)),
      has_group_(block.has("group")),
      has_location_(block.has("event_location")),
      group_(block.group),
      location_text_(block.event_location),
      location_(block.event_location) {
  for (const std::string& text : block.rule_id_texts) {
    add_rule_ids(text, rule_ids_);
    rule_id_text_ += (rule_id_text_.empty() ? "" : ",") + text;
  }
  has_rule_id_ = !rule_ids_.empty();
  if (has_rule_id_ && rule_ids_.back() == 0) rule_ids_.pop_back();
}

std::string BlockFilter::left_out(json::Value alert) const {
  const json::Value rule = alert["rule"];
  if (has_location_) {
    const auto location = alert["location"].string();
    if (!location || !location_.matches(*location)) {
      return "its location does not match the block's <event_location> " + quoted(location_text_);
    }
  }
  if (level_ > 0) {
    const std::int64_t level = rule["level"].lenient_integer().value_or(0);
    if (level < 0 || static_cast<std::uint64_t>(level) < level_) {
      return "level " + std::to_string(level) + " is below the block's <level> " +
             std::to_string(level_);
    }
  }
  if (has_group_ && !in_group(rule["groups"])) {
    return "none of its groups is in the block's <group> " + quoted(group_);
  }
  if (has_rule_id_) {
    const auto id = rule["id"].scalar_text();
    const std::uint32_t number = id ? atoi_of_digits(trim(*id)) : 0;
    if (!id || std::find(rule_ids_.begin(), rule_ids_.end(), number) == rule_ids_.end()) {
      return "its rule is not in the block's <rule_id> " + quoted(rule_id_text_);
    }
  }
  return {};
}

bool BlockFilter::in_group(json::Value groups) const {
  if (group_.empty()) return false;
  const std::vector<std::string_view> wanted = names_of(group_);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto one = groups.at(i).string();
    if (one && std::find(wanted.begin(), wanted.end(), *one) != wanted.end()) return true;
  }
  return false;
}

std::vector<FilterRemark> BlockFilter::remarks() const {
  std::vector<FilterRemark> out;
  if (level_ > kHighestLevel) {
    out.push_back({"level", true,
                   "<level> is above 16, the highest level of a rule: nothing passes",
                   "write 0 to 16"});
  }
  if (has_group_) add_group_remarks(out);
  if (has_rule_id_ && rule_ids_.empty()) {
    out.push_back({"rule_id", true, "<rule_id> holds only 0: nothing passes",
                   "write the numbers of rules or remove it"});
  } else if (!rule_id_text_.empty() && !is_plain_list(rule_id_text_)) {
    std::string read;
    for (const std::uint32_t id : rule_ids_) {
      read += (read.empty() ? "" : ",") + std::to_string(id);
    }
    out.push_back({"rule_id", false,
                   "<rule_id> " + quoted(rule_id_text_) + " is read as " +
                       (read.empty() ? "no filter at all" : read),
                   "write numbers with commas between them; there are no ranges"});
  }
  if (has_location_ && !location_.is_plausible()) {
    out.push_back({"event_location", true,
                   "<event_location> " + quoted(location_text_) +
                       " matches no location: ^ and $ are special only at the start and the end",
                   "write ^ first and $ last, with | between alternatives"});
  }
  return out;
}

void BlockFilter::add_group_remarks(std::vector<FilterRemark>& out) const {
  std::size_t usable = 0;
  std::size_t blank = 0;
  for (const std::string_view name : names_of(group_)) {
    if (name.empty()) continue;
    ++(is_trimmed(name) ? usable : blank);
  }
  if (usable == 0) {
    out.push_back({"group", true, "<group> " + quoted(group_) + " matches no group: nothing passes",
                   "write names with commas and no blanks between them, or remove it"});
  } else if (blank > 0) {
    out.push_back(
        {"group", false,
         "<group> " + quoted(group_) + ": a name with a blank before or after it matches nothing",
         "remove the blanks next to the commas"});
  }
}

}  // namespace socbridge::wazuh
