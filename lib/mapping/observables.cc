// SPDX-License-Identifier: Apache-2.0
#include "mapping/observables.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "mapping/by_content.h"
#include "mapping/collector.h"
#include "mapping/free_text.h"
#include "mapping/observable_table.h"
#include "mapping/win_eventdata.h"
#include "observable/type_words.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

// Applies rows of the table to one branch and records the texts that they have used.
class Rows {
 public:
  Rows(const wazuh::Alert& alert, const Options& options, Collector& collector)
      : alert_(alert), options_(options), collector_(collector) {
    constexpr std::size_t kUsual = 32;
    taken_.reserve(kUsual);
  }

  void row(json::Value branch, std::string_view root, const Row& row) {
    const bool off = row.shape == Shape::context && !options_.agent_observables;
    const bool unused = off || is_switched_off(root, row.path);
    Origin origin{root, row.path};
    walk(branch, row.path, [&](std::string_view text) {
      taken_.push_back(text.data());
      if (!unused) shaped(branch, row, origin, text);
    });
  }

  void configured(json::Value root, const Source& source) {
    const Origin origin{"", source.path, &source};
    walk(root, source.path, [&](std::string_view text) {
      taken_.push_back(text.data());
      collector_.add(origin, classify(source.data_type, text));
    });
  }

  Taken take() && { return std::move(taken_); }

 private:
  bool is_switched_off(std::string_view root, std::string_view path) const {
    if (options_.ignore_paths.empty()) return false;
    const std::string whole = Origin{root, path}.text();
    return std::find(options_.ignore_paths.begin(), options_.ignore_paths.end(), whole) !=
           options_.ignore_paths.end();
  }

  // Calls `use` for every scalar at the path, and for those in arrays on the way (AWS: object or
  // array).
  template <typename Use>
  void walk(json::Value at, std::string_view path, const Use& use, int depth = 0) {
    constexpr int kDeepest = 8;
    if (collector_.exhausted() || depth > kDeepest) return;
    if (at.is_array()) {
      for (std::size_t i = 0; i < at.size(); ++i) walk(at.at(i), path, use, depth + 1);
      return;
    }
    if (path.empty()) {
      if (const auto text = at.string()) {
        use(*text);
      } else if (const auto number = at.scalar_text(); number && at.is_number()) {
        use(*number);
      }
      return;
    }
    if (const json::Value whole = at[path]) {
      walk(whole, {}, use, depth + 1);
      return;
    }
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return;
    if (const json::Value next = at[path.substr(0, dot)]) {
      walk(next, path.substr(dot + 1), use, depth + 1);
    }
  }

  void shaped(json::Value branch, const Row& row, Origin origin, std::string_view text) {
    switch (row.shape) {
      case Shape::plain:
      case Shape::context: collector_.offer(origin, row.type, text); break;
      case Shape::eventdata: collector_.offer(origin, row.type, unescape_eventdata(text)); break;
      case Shape::account:
        origin.noise = account_noise_of(branch, row.path);
        collector_.offer(origin, row.type, unescape_eventdata(text));
        break;
      case Shape::owner:
        if (is_system_owner(branch["uid_after"].text(), text)) {
          origin.noise = Noise::file_owners;
        }
        collector_.offer(origin, row.type, text);
        break;
      case Shape::web_path:
        collector_.offer(origin, is_request(branch) ? "url" : row.type, text);
        break;
      case Shape::zone: zone_identifier(origin, text); break;
      case Shape::typed: typed(branch, origin, text); break;
      case Shape::results: query_results(origin, text); break;
    }
  }

  // Noise rule for an account, by the SID in a sibling member or by the event itself.
  Noise account_noise_of(json::Value branch, std::string_view path) const {
    const bool target = path == "targetUserName";
    if (target && is_group_event(event_id())) return Noise::group_names;
    constexpr std::string_view kNullSid = "S-1-0-0";
    for (const std::string_view name : target ? std::array{"targetUserSid", "targetSid"}
                                              : std::array{"subjectUserSid", "subjectSid"}) {
      const auto sid = branch[name].string();
      if (sid && *sid != kNullSid && is_system_sid(*sid)) return Noise::system_accounts;
    }
    return Noise::none;
  }

  std::string_view event_id() const {
    return alert_.root().path("data.win.system.eventID").string_or_empty();
  }

  // If the object has an HTTP method, `path` is that of the request, not a file.
  static bool is_request(json::Value branch) {
    return branch["method"] || branch["http_method"] || branch["controller"] ||
           branch["status_code"];
  }

  // Sysmon 15: `[ZoneTransfer] ZoneId=3 ReferrerUrl=https://… HostUrl=https://…`
  void zone_identifier(const Origin& origin, std::string_view text) {
    for (const std::string_view name : {"HostUrl=", "ReferrerUrl="}) {
      const std::size_t at = text.find(name);
      if (at == std::string_view::npos) continue;
      const std::string_view rest = text.substr(at + name.size());
      const std::string_view url = rest.substr(0, rest.find_first_of(" \t\r\n"));
      if (observable::parse_url(url)) collector_.offer(origin, "url", url);
    }
  }

  // The member `type` gives the type of `value`, in MISP's terms: `filename|sha256`.
  void typed(json::Value branch, const Origin& origin, std::string_view text) {
    const auto words = split(branch["type"].string_or_empty(), '|');
    const auto values = words.size() > 1 ? split(text, '|') : std::vector{text};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string_view word = i < words.size() ? words[i] : std::string_view();
      const std::string_view type = observable::type_of_word(word);
      if (type == observable::kNoObservable) continue;
      collector_.offer(origin, type.empty() ? "auto" : type, values[i]);
    }
  }

  // `type:  5 name.example;::ffff:192.0.2.1;`
  void query_results(const Origin& origin, std::string_view text) {
    for (std::string_view part : split(text, ';')) {
      if (collector_.exhausted()) return;
      part = trim(part);
      if (istarts_with(part, "type:")) {
        part = trim(part.substr(5));
        const std::size_t blank = part.find(' ');
        if (blank == std::string_view::npos) continue;
        part = trim(part.substr(blank));
      }
      if (part.empty()) continue;
      collector_.offer(origin, observable::parse_ip(part) ? "ip" : "domain", part);
    }
  }

  const wazuh::Alert& alert_;
  const Options& options_;
  Collector& collector_;
  Taken taken_;
};

// `names` are those of `value`.
void apply(Rows& rows, json::Value value, std::string_view root, const NameSet& names,
           const Table& table) {
  if (!value.is_object() && !value.is_array()) return;
  for (std::size_t i = 0; i < table.slots.size(); ++i) {
    if (names.has(table.slots[i])) rows.row(value, root, table.rows[i]);
  }
}

// The objects in which the branches of the table begin.
class Branches {
 public:
  explicit Branches(json::Value root)
      : root_(root), data_(root["data"]), data_names_(NameSet::of(data_)) {
    for (std::size_t i = 0; i < root.size() && !split_; ++i) {
      split_ = root.key_at(i).starts_with(kBelowData);
    }
  }

  // A branch below `data` is read even if it only yields context: its texts must count as used.
  static bool is_unused(const Branch& branch, const Options& options) {
    return branch.only_context && branch.below_data.empty() && !options.agent_observables;
  }

  json::Value at(const Branch& branch) const {
    if (branch.root.empty()) return root_;
    if (split_ || branch.below_data.empty()) return root_.path(branch.root);
    const bool may_be = data_.is_object() && data_names_.has(branch.slot);
    return may_be ? data_.path(branch.below_data) : json::Value();
  }

  NameSet names_at(const Branch& branch, json::Value value) const {
    return branch.root == "data" ? data_names_ : NameSet::of(value);
  }

 private:
  json::Value root_, data_;
  NameSet data_names_;
  bool split_ = false;  // a member is named `data.x`, so a path may not lead through `data`
};

// The element of a Windows event has different names: eventdata, eventXML, logFileCleared, …
void windows_elements(Rows& rows, json::Value win, std::vector<std::string>& roots) {
  if (!win.is_object()) return;
  constexpr std::size_t kMost = 16;
  roots.reserve(kMost);
  for (std::size_t i = 0; i < win.size() && roots.size() < kMost; ++i) {
    const std::string_view name = win.key_at(i);
    if (name == "system") continue;
    roots.push_back("data.win." + std::string(name));
    const json::Value element = win.value_at(i);
    apply(rows, element, roots.back(), NameSet::of(element), windows_table());
  }
}

void search_logs(const wazuh::Alert& alert, Collector& collector) {
  const auto message = alert.root().path("data.win.system.message").string_or_empty();
  for (const auto& [name, text] :
       {std::pair<std::string_view, std::string_view>("full_log", alert.full_log),
        std::pair<std::string_view, std::string_view>("previous_output", alert.previous_output),
        std::pair<std::string_view, std::string_view>("data.win.system.message", message)}) {
    // The text of a JSON event repeats the fields of `data`.
    if (text.find("{\"") == std::string_view::npos) search_text(text, Origin{"", name}, collector);
  }
}

}  // namespace

Extracted extract_observables(const wazuh::Alert& alert, const Options& options,
                              std::vector<Explanation>* explanations) {
  Collector collector(alert, options, explanations);
  Rows rows(alert, options, collector);
  const json::Value root = alert.root();
  for (const Source& source : options.extra_sources) rows.configured(root, source);
  std::vector<std::string> roots;
  const Branches branches(root);
  for (const Branch& branch : observable_table()) {
    if (branch.root.empty() && !alert.is_v5) continue;
    if (branches.is_unused(branch, options)) continue;
    const json::Value value = branches.at(branch);
    if (value.missing()) continue;
    if (branch.root == "data.win") {
      windows_elements(rows, value, roots);
    } else {
      apply(rows, value, branch.root, branches.names_at(branch, value), branch.table);
    }
  }
  search_leaves(root["data"], options, std::move(rows).take(), collector);
  if (options.free_text) search_logs(alert, collector);
  return collector.take();
}

}  // namespace socbridge::mapping
