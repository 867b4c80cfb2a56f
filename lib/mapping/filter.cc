// SPDX-License-Identifier: Apache-2.0
#include "mapping/filter.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMostValues = 1000;

Status wrong(const std::string& text, std::string hint = {}) {
  return Status::error(ExitCode::usage, text, std::move(hint));
}

std::string quoted(std::string_view text) { return "\"" + printable(text, 60) + "\""; }

// A scalar or a list of scalars, as texts.
Result<std::vector<std::string>> texts_of(const std::string& name, json::Value value) {
  std::vector<std::string> out;
  const auto take = [&](json::Value one) {
    auto text = one.scalar_text();
    if (text) out.push_back(std::move(*text));
    return text && !out.back().empty();
  };
  if (value.is_array()) {
    if (value.size() == 0 || value.size() > kMostValues) {
      return wrong(name + " must have 1 to 1000 values");
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!take(value.at(i)))
        return wrong(name + "[" + std::to_string(i) + "] is no text or number");
    }
  } else if (!take(value)) {
    return wrong(name + " must be a text, a number or a list of these");
  }
  return out;
}

Result<std::vector<NumberRange>> ranges_of(const std::string& name,
                                           const std::vector<std::string>& texts) {
  std::vector<NumberRange> out;
  for (const std::string& text : texts) {
    const auto range = NumberRange::parse(text);
    if (!range)
      return wrong(name + ": " + quoted(text) + " is no number or range",
                   "write 5710 or 100000-100999");
    out.push_back(*range);
  }
  return out;
}

void add_word(std::string& why, const std::string& word) {
  why += (why.empty() ? "" : ", ") + word;
}

bool any_glob(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return glob_matches(pattern, text); });
}

// Wazuh 5 rule ids may be any text; what begins like a number is meant to be one.
bool looks_like_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789- ") == std::string_view::npos;
}

}  // namespace

Result<Filter> Filter::read(json::Value row) {
  if (!row.is_object() || row.size() == 0) {
    return wrong("must be an object with at least one of rule, level, group, agent and path",
                 R"(for example {"rule": "5710", "agent": "test-*"})");
  }
  static constexpr std::string_view kKnown[] = {"rule", "level",  "group", "agent",
                                                "path", "equals", "glob",  "cidr"};
  Filter filter;
  int tests = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string name(row.key_at(i));
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
      const std::string_view near =
          nearest(name, std::vector<std::string_view>(std::begin(kKnown), std::end(kKnown)));
      return wrong("unknown key " + quoted(name),
                   near.empty() ? "known are rule, level, group, agent, path, equals, glob and cidr"
                                : "did you mean " + quoted(near) + "?");
    }
    auto texts = texts_of(name, row.value_at(i));
    if (!texts.ok()) return texts.status();
    if (name == "rule") {
      for (std::string& text : *texts) {
        if (!looks_like_number(text)) {
          filter.rules_.push_back(std::move(text));
          continue;
        }
        auto ranges = ranges_of(name, {text});
        if (!ranges.ok()) return ranges.status();
        filter.rule_ranges_.push_back(ranges->front());
      }
    } else if (name == "level") {
      auto ranges = ranges_of(name, *texts);
      if (!ranges.ok()) return ranges.status();
      filter.levels_ = std::move(*ranges);
    } else if (name == "group") {
      filter.groups_ = std::move(*texts);
    } else if (name == "agent") {
      filter.agents_ = std::move(*texts);
    } else if (name == "path") {
      if (texts->size() != 1) return wrong("path must be one path, such as data.srcip");
      filter.path_ = std::move(texts->front());
    } else {
      ++tests;
      if (name == "equals")
        filter.equals_ = std::move(*texts);
      else if (name == "glob")
        filter.globs_ = std::move(*texts);
      else {
        for (const std::string& text : *texts) {
          auto network = Network::parse(text);
          if (!network) {
            return wrong("cidr: " + quoted(text) + " is no address block",
                         "write 10.0.0.0/8 or 2001:db8::/32");
          }
          filter.networks_.push_back(std::move(*network));
        }
      }
    }
  }
  if (tests > 0 && filter.path_.empty()) {
    return wrong("equals, glob and cidr need a path",
                 R"(for example {"path": "data.srcip", "cidr": "10.0.0.0/8"})");
  }
  if (tests > 1) return wrong("only one of equals, glob and cidr goes with a path");
  return filter;
}

std::optional<std::string> Filter::matches(const wazuh::Alert& alert) const {
  std::string why;
  const bool all = rule_matches(alert, why) && level_matches(alert, why) &&
                   group_matches(alert, why) && agent_matches(alert, why) &&
                   field_matches(alert, why);
  if (!all) return std::nullopt;
  return why;
}

bool Filter::rule_matches(const wazuh::Alert& alert, std::string& why) const {
  if (rules_.empty() && rule_ranges_.empty()) return true;
  const auto number = parse_u64(alert.rule_id);
  const bool in_range =
      number && std::any_of(rule_ranges_.begin(), rule_ranges_.end(),
                            [&](const NumberRange& range) { return range.holds(*number); });
  const bool named = std::find(rules_.begin(), rules_.end(), alert.rule_id) != rules_.end();
  if (in_range || named) add_word(why, "rule " + alert.rule_id);
  return in_range || named;
}

bool Filter::level_matches(const wazuh::Alert& alert, std::string& why) const {
  if (levels_.empty()) return true;
  const auto level = static_cast<std::uint64_t>(alert.level);
  const bool fits = std::any_of(levels_.begin(), levels_.end(),
                                [&](const NumberRange& range) { return range.holds(level); });
  if (fits) add_word(why, "level " + std::to_string(level));
  return fits;
}

bool Filter::group_matches(const wazuh::Alert& alert, std::string& why) const {
  if (groups_.empty()) return true;
  const auto it = std::find_if(alert.groups.begin(), alert.groups.end(),
                               [&](const std::string& group) { return any_glob(groups_, group); });
  if (it == alert.groups.end()) return false;
  add_word(why, "group " + *it);
  return true;
}

bool Filter::agent_matches(const wazuh::Alert& alert, std::string& why) const {
  if (agents_.empty()) return true;
  const std::string& name = alert.agent_name.empty() ? alert.agentless_host : alert.agent_name;
  const bool fits = (!alert.agent_id.empty() && any_glob(agents_, alert.agent_id)) ||
                    (!name.empty() && any_glob(agents_, name));
  if (fits) add_word(why, "agent " + (name.empty() ? alert.agent_id : name));
  return fits;
}

bool Filter::field_matches(const wazuh::Alert& alert, std::string& why) const {
  if (path_.empty()) return true;
  const json::Value value = alert.root().path(path_);
  if (value.missing() || value.type() == json::Type::null) return false;
  if (equals_.empty() && globs_.empty() && networks_.empty()) {
    add_word(why, path_ + " is there");
    return true;
  }
  if (!value.is_array()) return value_matches(value, why);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value_matches(value.at(i), why)) return true;
  }
  return false;
}

bool Filter::value_matches(json::Value value, std::string& why) const {
  const auto text = value.scalar_text();
  if (!text) return false;
  const std::string shown = path_ + " " + printable(*text, 60);
  if (std::find(equals_.begin(), equals_.end(), *text) != equals_.end() ||
      any_glob(globs_, *text)) {
    add_word(why, shown);
    return true;
  }
  for (const Network& network : networks_) {
    if (!network.holds(*text)) continue;
    add_word(why, shown + " in " + network.text);
    return true;
  }
  return false;
}

}  // namespace socbridge::mapping
