// SPDX-License-Identifier: Apache-2.0
// tests/fixtures/alerts: alerts of every family and shape, and files without alerts.
#include <algorithm>
#include <set>

#include "test_support.h"
#include "wazuh/alert_stream.h"

using namespace socbridge;
using namespace socbridge::wazuh;

namespace {

const std::string kFixtures = SOCBRIDGE_FIXTURES;

std::vector<std::string> files_in(const std::string& folder) {
  auto names = Env::real().list_dir(folder);
  REQUIRE(names.ok());
  std::sort(names->begin(), names->end());
  std::vector<std::string> out;
  for (const std::string& name : *names) {
    if (name.ends_with(".json")) out.push_back(folder + "/" + name);
  }
  return out;
}

std::string bytes_of(const std::string& file) {
  auto bytes = Env::real().read_file(file, std::size_t{64} << 20);
  REQUIRE(bytes.ok());
  return *bytes;
}

void check_ref(const Alert& alert) {
  const std::string ref = source_ref(alert);
  CHECK(ref.size() <= 64);
  CHECK(ref.size() >= 18);
}

}  // namespace

TEST_CASE("fixtures: single alerts") {
  struct Expected {
    const char* folder;
    std::size_t files;
    bool wrapped;
  };
  for (const Expected& e : {Expected{"/hostile", 30, false}, Expected{"/indexed", 8, true}}) {
    const auto files = files_in(kFixtures + e.folder);
    REQUIRE(files.size() >= e.files);
    for (const std::string& file : files) {
      INFO(file);
      const Alert alert = wazuh::test::parsed(bytes_of(file));
      CHECK(alert.root().is_object());
      CHECK_FALSE(alert.is_v5);
      check_ref(alert);
      CHECK(alert.indexer_id.empty() == !e.wrapped);
    }
  }
}

TEST_CASE("fixtures: JSON Lines and the indexer's answer") {
  struct Expected {
    const char* file;
    std::size_t alerts, distinct;
    bool v5;
  };
  // One alert of the answer occurs twice, with different document ids.
  for (const Expected& e : {Expected{"/families.ndjson", 166, 166, false},
                            Expected{"/six-fields.ndjson", 13, 13, false},
                            Expected{"/search-answer.json", 20, 19, false},
                            Expected{"/findings.ndjson", 16, 16, true}}) {
    INFO(e.file);
    std::size_t count = 0;
    std::set<std::string> refs;
    const Status status =
        for_each_alert(Env::real(), kFixtures + e.file, [&](std::string_view raw, std::size_t) {
          ++count;
          const Alert alert = wazuh::test::parsed(raw);
          INFO(alert.id);
          CHECK(alert.is_v5 == e.v5);
          CHECK(alert.time_ms.has_value());
          CHECK_FALSE(alert.rule_id.empty());
          if (e.v5) CHECK(alert.level > 0);
          check_ref(alert);
          refs.insert(source_ref(alert));
        });
    CHECK(status.ok());
    CHECK(count == e.alerts);
    CHECK(refs.size() == e.distinct);
  }
}

TEST_CASE("fixtures: the two nodes of one second do not collide") {
  const Alert a = wazuh::test::parsed(bytes_of(kFixtures + "/hostile/two-nodes-one-id-a.json"));
  const Alert b = wazuh::test::parsed(bytes_of(kFixtures + "/hostile/two-nodes-one-id-b.json"));
  CHECK(a.id == b.id);
  CHECK(source_ref(a) != source_ref(b));
}

TEST_CASE("fixtures: invalid input gives its class") {
  const std::string folder = kFixtures + "/no-alert/";
  const auto kind = [&](const char* name) { return classify_not_alert(bytes_of(folder + name)); };
  CHECK(kind("empty.alert") == NotAlert::empty);
  CHECK(kind("text-format.alert") == NotAlert::text_format);
  CHECK(kind("array.alert") == NotAlert::not_object);
  for (const char* name : {"truncated.alert", "two-objects.alert"}) {
    INFO(name);
    CHECK_FALSE(Alert::parse(bytes_of(folder + name)).ok());
  }
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "{\"a\":";
  CHECK_FALSE(Alert::parse(deep).ok());
  for (const char* name : {"invalid-utf8.alert", "raw-control.alert", "byte-order-mark.alert"}) {
    INFO(name);
    CHECK(kind(name) == std::nullopt);
    CHECK(Alert::parse(bytes_of(folder + name)).ok());
  }
}
