// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "config/settings.h"
#include "json/value.h"
#include "mapping/mapping.h"

namespace socbridge::mapping::test {

inline constexpr UnixMillis kNow = 1700000000000;

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline wazuh::Alert parse(std::string_view text) {
  auto alert = wazuh::Alert::parse(text);
  INFO(text.substr(0, 200));
  REQUIRE(alert.ok());
  return std::move(*alert);
}

inline std::string fixture(const std::string& name) {
  return read_file(std::string(SOCBRIDGE_FIXTURES) + "/" + name + ".json");
}

// An alert of level 10 with this `data`.
inline wazuh::Alert with_data(const std::string& data) {
  return parse(
      R"({"timestamp":"2025-05-06T10:11:12.345+0200","id":"1746519072.1","rule":{"level":10,)"
      R"("id":"100001","description":"test"},"manager":{"name":"m"},"data":)" +
      data + "}");
}

inline Mapped map_fixture(const std::string& name, const Options& options = {}) {
  return map(parse(fixture(name)), options, kNow);
}

inline const thehive::Observable* find(const Mapped& mapped, std::string_view type,
                                       std::string_view data) {
  for (const auto& o : mapped.alert.observables) {
    if (o.data_type == type && o.data == data) return &o;
  }
  return nullptr;
}

inline bool has(const Mapped& mapped, std::string_view type, std::string_view data) {
  return find(mapped, type, data) != nullptr;
}

inline bool has_tag(const std::vector<std::string>& tags, std::string_view tag) {
  for (const auto& one : tags) {
    if (one == tag) return true;
  }
  return false;
}

inline Result<Options> options_of(const std::string& json) {
  config::Settings settings(config_keys());
  const auto errors = settings.add_json(json, "w2thive.json");
  if (!errors.empty()) return errors.front();
  return options_from(settings);
}

// Every limit of the create request, checked in the body itself. Empty: all is kept.
std::string broken_limit(const std::string& body, thehive::ApiVersion version);

}  // namespace socbridge::mapping::test
