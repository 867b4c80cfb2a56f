// SPDX-License-Identifier: Apache-2.0
// Alerts of many sources with the values that are right, and those that are noise.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

bool is_one(const thehive::Observable& o, json::Value pair) {
  const auto type = *pair.at(0).string(), data = *pair.at(1).string();
  return (type == "*" || type == o.data_type) && (data == "*" || data == o.data);
}

bool any_is(const Mapped& mapped, json::Value pair) {
  const auto& list = mapped.alert.observables;
  return std::any_of(list.begin(), list.end(),
                     [&](const thehive::Observable& o) { return is_one(o, pair); });
}

Options all_on() {
  Options options;
  options.data_types.clear();
  options.free_text = true;
  return options;
}

void check_case(json::Value one) {
  INFO(*one["id"].string());
  const Mapped m = map(parse(one["alert"].dump()), all_on(), kNow);
  for (std::size_t i = 0; i < one["expect"].size(); ++i) {
    const json::Value accepted = one["expect"].at(i);
    bool found = false;
    for (std::size_t k = 0; k < accepted.size(); ++k) found = found || any_is(m, accepted.at(k));
    INFO(accepted.dump());
    CHECK(found);
  }
  for (std::size_t i = 0; i < one["forbid"].size(); ++i) {
    INFO(one["forbid"].at(i).dump());
    CHECK_FALSE(any_is(m, one["forbid"].at(i)));
  }
}

// Every text and number of the alert, in lower case.
void leaves(json::Value value, std::string& out) {
  if (const auto text = value.scalar_text()) out += ascii_lower(*text) + "\n";
  for (std::size_t i = 0; i < value.size(); ++i) leaves(value.value_at(i), out);
}

}  // namespace

TEST_CASE("right values are found and noise is not") {
  const std::string text = read_file(SOCBRIDGE_EVIDENCE);
  std::size_t cases = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto document = json::Document::parse(line);
    REQUIRE(document.ok());
    check_case(document->root());
    ++cases;
  }
  CHECK(cases > 100);
}

TEST_CASE("evidence: values found by content are leaves") {
  const std::string text = read_file(SOCBRIDGE_EVIDENCE);
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto document = json::Document::parse(line);
    const wazuh::Alert alert = parse(document->root()["alert"].dump());
    std::string all;
    leaves(alert.root()["data"], all);
    for (const Explanation& e : map(alert, {}, kNow, true).explanations) {
      if (e.rule.find("found by content") == std::string::npos || e.value.starts_with("http"))
        continue;
      INFO(e.rule << " " << e.value);
      CHECK(all.find(ascii_lower(e.value)) != std::string::npos);
    }
  }
}

TEST_CASE("found by content: on by default, off by one key, never twice") {
  const auto alert = with_data(R"({"srcip":"198.51.100.4","vendor":{"peerAddr":"203.0.113.6",
    "fileVersion":"2.2.2.2","netmask":"255.255.255.0","attributeSyntaxOID":"2.5.5.12",
    "permalink":"https://vendor.example/1","seen":"http://bad.example/x"}})");
  const Mapped m = map(alert, {}, kNow, true);
  CHECK(has(m, "ip", "203.0.113.6"));
  CHECK(has(m, "url", "http://bad.example/x"));
  CHECK(m.alert.observables.size() == 3);
  CHECK(std::any_of(m.explanations.begin(), m.explanations.end(), [](const Explanation& e) {
    return e.rule == "data.vendor.peerAddr is ip, found by content";
  }));
  Options off;
  off.find_by_content = false;
  CHECK(map(alert, off, kNow).alert.observables.size() == 1);
  Options ignoring;
  ignoring.ignore_paths = {"data.srcip", "data.vendor"};
  CHECK(map(alert, ignoring, kNow).alert.observables.empty());
}

TEST_CASE("values in free text are only looked for if asked, and are tagged") {
  const auto alert = parse(R"({"rule":{"level":10,"id":"1"},"full_log":
    "login from 203.0.113.7:5102, see hxxp://bad[.]example/a version 2.2.2.2"})");
  CHECK(map(alert, {}, kNow).alert.observables.empty());
  Options options;
  options.free_text = true;
  const Mapped m = map(alert, options, kNow);
  REQUIRE(m.alert.observables.size() == 2);
  CHECK(has_tag(find(m, "ip", "203.0.113.7")->tags, "from-text"));
  CHECK(has(m, "url", "http://bad.example/a"));
}

TEST_CASE("evidence: each noise rule can be switched off") {
  const auto alert = parse(R"({"rule":{"level":10,"id":"1"},"agent":{"name":"pc-9","ip":"10.0.0.9"},
    "data":{"srcip":"10.0.0.9","hostname":"pc-9","srcuser":"PC-9$","dstuser":"true",
    "user":"S-1-5-21-1-2-3-1001","username":"d2b1f0aa-0000-4bcd-9a11-7a0011223344",
    "domain":"9.100.51.198.in-addr.arpa","qname":"printer.local","user_name":"DWM-2",
    "user_agent":"autoscaling.amazonaws.com"}})");
  CHECK(map(alert, {}, kNow).alert.observables.empty());
  const auto options = options_of(
      R"({"keep_noise":["own_agent","machine_accounts","numbers","sids","guids","reverse_dns",)"
      R"("private_names","system_accounts","cloud_services"]})");
  REQUIRE(options.ok());
  CHECK(map(alert, *options, kNow).alert.observables.size() == 10);
  CHECK_FALSE(options_of(R"({"keep_noise":["no_such_rule"]})").ok());
}
