// SPDX-License-Identifier: Apache-2.0
// The corpus is no part of the project; where it is not, there is nothing to do.
#include <algorithm>
#include <set>

#include "../support/skip.h"
#include "test_support.h"
#include "wazuh/alert_stream.h"

using namespace socbridge;
using namespace socbridge::wazuh;

namespace {

const std::string kCorpus = SOCBRIDGE_CORPUS;

bool present() { return Env::real().stat(kCorpus).ok(); }

std::vector<std::string> files_in(const std::string& folder) {
  auto names = Env::real().list_dir(folder);
  REQUIRE(names.ok());
  std::sort(names->begin(), names->end());
  std::vector<std::string> out;
  for (const std::string& name : *names) {
    const auto info = Env::real().stat(folder + "/" + name);
    if (info.ok() && info->is_file()) out.push_back(folder + "/" + name);
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

TEST_CASE("corpus: single alerts", "[corpus]") {
  if (!present()) SKIP_TEST("no corpus beside the source tree");
  for (const char* folder : {"/real", "/hostile"}) {
    const auto files = files_in(kCorpus + folder);
    REQUIRE(files.size() >= 25);
    for (const std::string& file : files) {
      INFO(file);
      const Alert alert = test::parsed(bytes_of(file));
      CHECK(alert.root().is_object());
      CHECK_FALSE(alert.is_v5);
      check_ref(alert);
      const bool wrapped = file.ends_with(".indexer.json");
      CHECK(alert.indexer_id.empty() == !wrapped);
    }
  }
}

TEST_CASE("corpus: JSON Lines and the indexer's answer", "[corpus]") {
  if (!present()) SKIP_TEST("no corpus beside the source tree");
  struct Expected {
    const char* file;
    std::size_t alerts, distinct;
    bool v5;
  };
  // One alert of the answer is there twice, with different document ids.
  for (const Expected& e : {Expected{"/wazuh-4.14-sample.ndjson", 434, 434, false},
                            Expected{"/required-minimum.ndjson", 13, 0, false},
                            Expected{"/indexer-search-response.json", 41, 40, false},
                            Expected{"/wazuh5/findings-v5-sample.ndjson", 35, 0, true}}) {
    INFO(e.file);
    std::size_t count = 0;
    std::set<std::string> refs;
    const Status status =
        for_each_alert(Env::real(), kCorpus + e.file, [&](std::string_view raw, std::size_t) {
          ++count;
          const Alert alert = test::parsed(raw);
          CHECK(alert.is_v5 == e.v5);
          CHECK(alert.time_ms.has_value());
          CHECK_FALSE(alert.rule_id.empty());
          if (e.v5) CHECK(alert.level > 0);
          check_ref(alert);
          refs.insert(source_ref(alert));
        });
    CHECK(status.ok());
    CHECK(count == e.alerts);
    if (e.distinct > 0) CHECK(refs.size() == e.distinct);
  }
}

TEST_CASE("corpus: the two nodes of one second do not collide", "[corpus]") {
  if (!present()) SKIP_TEST("no corpus beside the source tree");
  const Alert a = test::parsed(bytes_of(kCorpus + "/hostile/cluster-collision-node-a.json"));
  const Alert b = test::parsed(bytes_of(kCorpus + "/hostile/cluster-collision-node-b.json"));
  CHECK(a.id == b.id);
  CHECK(source_ref(a) != source_ref(b));
}

TEST_CASE("corpus: what is no alert gives its class", "[corpus]") {
  if (!present()) SKIP_TEST("no corpus beside the source tree");
  const std::string folder = kCorpus + "/hostile/not-json/";
  const auto kind = [&](const char* name) { return classify_not_alert(bytes_of(folder + name)); };
  CHECK(kind("empty.alert") == NotAlert::empty);
  CHECK(kind("text-format.alert") == NotAlert::text_format);
  CHECK(kind("json-array.alert") == NotAlert::not_object);
  for (const char* name : {"deep-100000.alert", "truncated.alert", "two-objects.alert"}) {
    INFO(name);
    CHECK_FALSE(Alert::parse(bytes_of(folder + name)).ok());
  }
  for (const char* name : {"invalid-utf8.alert", "raw-control-char.alert", "utf8-bom.alert"}) {
    INFO(name);
    CHECK(kind(name) == std::nullopt);
    CHECK(Alert::parse(bytes_of(folder + name)).ok());
  }
}
