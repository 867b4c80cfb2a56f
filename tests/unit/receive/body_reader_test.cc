// SPDX-License-Identifier: Apache-2.0
#include "receive/body_reader.h"

#include <catch2/catch.hpp>

#include "wazuh/alert.h"

namespace socbridge::receive {
namespace {

constexpr const char* kAlert =
    R"({"id":"1741938001.1","timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":10,"id":"5763","description":"brute force"},"manager":{"name":"m"}})";
constexpr const char* kFinding =
    R"({"_index":".ds-wazuh-findings-v5-security-000001","_id":"abc","_source":{"@timestamp":"2026-01-02T03:04:05Z","wazuh":{"rule":{"level":"high","id":"sec-003","title":"t"}}}})";

std::vector<wazuh::Alert> read(const std::string& body) {
  const auto found = read_body(body, {});
  REQUIRE(found.ok());
  std::vector<wazuh::Alert> out;
  for (const std::string& text : *found) {
    auto alert = wazuh::Alert::parse(text);
    REQUIRE(alert.ok());
    out.push_back(std::move(*alert));
  }
  return out;
}

std::string in(const std::string& before, const std::string& after) {
  return before + kFinding + after;
}

TEST_CASE("body reader: a single alert stays byte for byte") {
  CHECK(read_body(std::string(" ") + kAlert + "\n", {})->front() == kAlert);
  CHECK(read_body(kFinding, {})->front() == kFinding);
}

TEST_CASE("a finding has the same reference in whatever it comes") {
  const std::string expected = wazuh::source_ref(read(kFinding).front());
  CHECK(expected.starts_with("w5-"));
  for (const std::string& body : {
           in(R"({"sample_documents":[)", "]}"),
           in(R"({"alerts":[{"id":"x","sample_documents":[)", "]}]}"),
           in(R"([{"id":"x","sample_documents":[)", "]}]"),
           in(R"({"ctx":{"monitor":{"name":"m"},"alerts":[{"sample_documents":[)", "]}]}}"),
           in(R"({"hits":{"total":{"value":1,"relation":"eq"},"hits":[)", "]}}"),
           in(R"({"responses":[{"hits":{"hits":[)", "]}}]}"),
           in("[", "]"),
       }) {
    CAPTURE(body);
    const auto alerts = read(body);
    REQUIRE(alerts.size() == 1);
    CHECK(wazuh::source_ref(alerts.front()) == expected);
  }
}

TEST_CASE("body reader: lines, lists and Shuffle's wrapper") {
  CHECK(read(std::string(kAlert) + "\n\n" + kFinding + "\n").size() == 2);
  CHECK(read(std::string("[") + kAlert + "," + kFinding + "]").size() == 2);
  const auto alerts =
      read(std::string(R"({"pretext":"WAZUH Alert","title":"x","all_fields":)") + kAlert + "}");
  REQUIRE(alerts.size() == 1);
  CHECK(wazuh::source_ref(alerts.front()) == wazuh::source_ref(read(kAlert).front()));
}

TEST_CASE("a body without alerts is an error with a hint") {
  const auto line = [](const std::string& body) {
    const auto found = read_body(body, {});
    REQUIRE_FALSE(found.ok());
    CHECK(found.status().code() == ExitCode::bad_input);
    return found.status().line();
  };
  CHECK(line("  ").find("empty") != std::string::npos);
  CHECK(line("[]").find("no object") != std::string::npos);
  CHECK(line("\"text\"").find("no object") != std::string::npos);
  CHECK(line("hello").find("not JSON") != std::string::npos);
  CHECK(line("{wazuh={rule={id=1}}}").find("toJson") != std::string::npos);
  CHECK(line("{}\n{\"a\":").find("not JSON") != std::string::npos);
  std::string many = "[{}";
  for (std::size_t i = 0; i < kMostAlerts; ++i) many += ",{}";
  CHECK(line(many + "]").find("more than 1000") != std::string::npos);
  CHECK(read_body(std::string(100000, '['), {}).ok() == false);
}

}  // namespace
}  // namespace socbridge::receive
