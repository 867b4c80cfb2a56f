// SPDX-License-Identifier: Apache-2.0
#include "integration/destination_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "integration/endpoint_keys.h"
#include "integration/settings.h"
#include "json/duplicate_keys.h"
#include "mapping/mapping.h"
#include "rules/fault.h"
#include "rules/reading.h"

namespace socbridge::integration {
namespace {

constexpr std::string_view kKey = "destinations";
constexpr std::size_t kMostDestinations = 1000;

class Table {
 public:
  Table(const config::Settings& values, const thehive::Endpoint& top, std::vector<Status>& errors)
      : values_(values), top_(top), errors_(errors) {}

  std::vector<DestinationRow> read() {
    const json::Value rows = values_.json(kKey);
    json::DuplicateKeyFilter names(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string name(rows.key_at(i));
      const std::size_t before = errors_.size();
      if (!is_destination_name(name)) {
        fail(name, "is not a valid destination name",
             name == mapping::kTopLevel
                 ? "default is the destination of the top-level keys"
                 : "use 1 to 64 letters, digits, dots, hyphens and underscores");
      } else if (!names.is_first(i)) {
        fail(name, "is given twice", "remove one of them");
      } else if (!rows.value_at(i).is_object()) {
        fail(name, "must be an object", R"(for example {"organisation": "acme"})");
      } else {
        DestinationRow row = read_row(name);
        if (errors_.size() == before) rows_.push_back(std::move(row));
      }
    }
    return std::move(rows_);
  }

  void fail_whole(const std::string& what, std::string hint) {
    add("/" + std::string(kKey), std::string(kKey) + " " + what, std::move(hint));
  }

 private:
  DestinationRow read_row(const std::string& name) {
    DestinationRow row;
    row.name = name;
    const std::size_t before = errors_.size();
    row.values = values_.row(kKey, name, errors_);
    const Keys keys(row.values, name);
    row.url = read_url(keys, {top_.url, {}}, errors_);
    row.own_url = !row.values.text("url").empty() && row.url != top_.url;
    row.organisation = read_organisation(keys, errors_);
    if (row.organisation.empty() && !row.own_url) row.organisation = top_.organisation;
    static_cast<void>(read_proxy(keys, errors_));
    if (row.own_url && row.values.secret("api_key").empty()) {
      fail(name, "has a url of its own, and no api_key",
           "the top-level api_key is for the top-level url only: set one here, such as file:PATH");
    }
    if (row.url.empty() || errors_.size() > before) return row;
    if (row.url == top_.url && row.organisation == top_.organisation) {
      same(name, std::string(mapping::kTopLevel));
    }
    for (const DestinationRow& other : rows_) {
      if (row.url == other.url && row.organisation == other.organisation) same(name, other.name);
    }
    return row;
  }

  void fail(const std::string& name, const std::string& what, std::string hint) {
    rules::Faults place("/" + std::string(kKey));
    const rules::Faults::Scope down(place, name);
    add(place.pointer(),
        std::string(kKey) + (is_destination_name(name) ? "." + name : ": " + quoted(name)) + " " +
            what,
        std::move(hint));
  }

  void add(const std::string& pointer, const std::string& text, std::string hint) {
    errors_.push_back(Status::error(
        ExitCode::usage, values_.place(pointer, json::kItsName) + ": " + text, std::move(hint)));
  }

  void same(const std::string& name, const std::string& other) {
    fail(name, "has the same TheHive and organisation as " + other,
         "set a different organisation for each, even if their keys differ");
  }

  const config::Settings& values_;
  const thehive::Endpoint& top_;
  std::vector<Status>& errors_;
  std::vector<DestinationRow> rows_;
};

}  // namespace

const config::Schema& destination_schema() {
  static const config::Schema kSchema = [] {
    constexpr std::array<std::string_view, 12> kNames = {
        "url",    "api_key",          "organisation",    "thehive_version", "ca_file",
        "ca_dir", "client_cert_file", "client_key_file", "pinned_key",      "insecure",
        "proxy",  "proxy_login"};
    config::Schema keys;
    for (const config::Key& key : delivery_keys()) {
      if (std::find(kNames.begin(), kNames.end(), key.name) != kNames.end()) keys.push_back(key);
    }
    return keys;
  }();
  return kSchema;
}

bool is_destination_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest && name != mapping::kTopLevel &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == '_';
         });
}

std::vector<DestinationRow> read_destinations(const config::Settings& values,
                                              const std::string& options_origin,
                                              const thehive::Endpoint& top,
                                              std::vector<Status>& errors) {
  const std::string origin = values.origin(kKey);
  if (origin == "default") return {};
  Table table(values, top, errors);
  if (origin == options_origin) {
    table.fail_whole("is not allowed in <options>", "put it into etc/w2thive.json");
    return {};
  }
  const std::size_t size = values.json(kKey).size();
  if (size == 0 || size > kMostDestinations) {
    table.fail_whole(size == 0 ? "is empty" : "has more than 1000 destinations",
                     size == 0 ? "add at least one, or remove it" : "");
    return {};
  }
  return table.read();
}

}  // namespace socbridge::integration
