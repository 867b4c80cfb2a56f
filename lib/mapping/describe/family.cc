// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/family.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "mapping/describe/family_table.h"
#include "mapping/name_set.h"
#include "mapping/win_eventdata.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMostElements = 20;
constexpr std::string_view kEvent = "data.win.eventdata.";

// The member that each path with this prefix leads through. Missing if another member may match the
// prefix, because a name may have points.
json::Value below(json::Value object, std::string_view prefix) {
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (object.key_at(i).starts_with(prefix)) return {};
  }
  return object[prefix.substr(0, prefix.size() - 1)];
}

// An object in which paths begin, and its names: most lookups find nothing.
class Start {
 public:
  explicit Start(json::Value object) : object_(object), names_(NameSet::of(object)) {}

  explicit operator bool() const { return object_.is_object(); }
  json::Value object() const { return object_; }
  // False: no such path. True: there may be one.
  bool may_have(std::uint8_t slot) const { return names_.has(slot); }
  json::Value path(std::string_view path) const { return object_.path(path); }

 private:
  json::Value object_;
  NameSet names_;
};

// Values at the paths of the table. Nearly all are below `data` or `data.win.eventdata`, which are
// looked up once.
class Lookup {
 public:
  explicit Lookup(json::Value root)
      : root_(root),
        data_(below(root, "data.")),
        eventdata_(below(below(data_.object(), "win."), "eventdata.")) {}

  json::Value at(std::string_view path) const {
    constexpr std::string_view kData = "data.";
    if (path.front() == '@') {
      if (eventdata_) return eventdata_.path(path.substr(1));
      return root_.path(std::string(kEvent) + std::string(path.substr(1)));
    }
    return data_ && path.starts_with(kData) ? data_.path(path.substr(kData.size()))
                                            : root_.path(path);
  }

  // Calls `use` for each path that may have a value, until it returns true; returns whether it did.
  template <typename Use>
  bool any(const FamilyPaths& paths, const Use& use) const {
    for (const FamilyPaths::Place& place : paths.places()) {
      if (may_be(place) && use(paths.text(place))) return true;
    }
    return false;
  }

 private:
  bool may_be(const FamilyPaths::Place& place) const {
    switch (place.start) {
      case FamilyPaths::Start::data: return data_.may_have(place.slot);
      case FamilyPaths::Start::eventdata: return eventdata_.may_have(place.slot);
      case FamilyPaths::Start::root: break;
    }
    return true;
  }

  json::Value root_;
  Start data_, eventdata_;
};

// Whether the text is an item of the comma-separated list.
bool is_listed(std::string_view list, std::string_view text) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (list.substr(at, end - at) == text) return true;
    at = end + 1;
  }
  return false;
}

bool is_mark(const Lookup& lookup, std::string_view mark) {
  const std::size_t equals = mark.find('=');
  const json::Value value = lookup.at(mark.substr(0, equals));
  if (value.missing() || value.type() == json::Type::null) return false;
  if (equals == std::string_view::npos) return !value.is_string() || !value.string()->empty();
  const auto text = value.scalar_text();
  return text && is_listed(mark.substr(equals + 1), *text);
}

void add_fact(const Lookup& lookup, const FamilyField& field, std::vector<Fact>& facts) {
  lookup.any(field.paths, [&](std::string_view path) {
    const json::Value value = lookup.at(path);
    if (value.missing()) return false;
    std::string text = text_of(value, path.front() == '@' ? kEvent : path);
    if (text.empty()) return false;
    facts.push_back({field.label, std::move(text), path});
    return true;
  });
}

std::string_view scalar(json::Value value, bool windows, std::string& made) {
  const auto text = value.string();
  if (!text) return made = value.text();
  const std::string_view bare = trim(*text);
  if (!windows || bare.empty()) return bare;
  // Without escapes there is nothing to decode.
  if (text->find('\\') == std::string_view::npos && text->find('&') == std::string_view::npos)
    return *text;
  return made = unescape_eventdata(*text);
}

}  // namespace

bool is_at(const Fact& fact, std::string_view path) {
  if (!fact.path.starts_with('@')) return fact.path == path;
  const std::string_view element = fact.path.substr(1);
  return path.size() == kEvent.size() + element.size() && path.ends_with(element) &&
         path.starts_with(kEvent);
}

std::string_view text_of(json::Value value, std::string_view path, std::string& made) {
  // One byte distinguishes most paths.
  constexpr std::string_view kWindows = "data.win.";
  constexpr std::size_t kByte = 5;
  const bool windows =
      path.size() > kByte && path[kByte] == kWindows[kByte] && path.starts_with(kWindows);
  if (!value.is_array()) return scalar(value, windows, made);
  std::string out, one;
  const std::size_t count = std::min(value.size(), kMostElements);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view text = scalar(value.at(i), windows, one);
    if (text.empty()) continue;
    if (!out.empty()) out += ", ";
    out += text;
  }
  if (count < value.size() && !out.empty()) out += ", …";
  return made = std::move(out);
}

std::string text_of(json::Value value, std::string_view path) {
  if (value.missing()) return {};
  std::string made;
  return std::string(text_of(value, path, made));
}

Family family_of(const wazuh::Alert& alert) {
  const Lookup lookup(alert.root());
  for (const FamilyRow& row : family_rows()) {
    if (!lookup.any(row.marks, [&](std::string_view mark) { return is_mark(lookup, mark); })) {
      continue;
    }
    Family family;
    family.facts.reserve(row.fields.size());
    for (const FamilyField& field : row.fields) add_fact(lookup, field, family.facts);
    if (family.facts.empty()) continue;
    family.name = row.name;
    return family;
  }
  return {};
}

}  // namespace socbridge::mapping
