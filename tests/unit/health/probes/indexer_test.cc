// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

constexpr const char* kConf =
    "<ossec_config><indexer><enabled>no</enabled></indexer></ossec_config>";

std::string block_said(Options options) {
  test::Probed indexer({}, {"opensearch", "OpenSearch"}, std::move(options));
  indexer_component().probe(indexer.probe);
  // The cluster is asked whatever is here.
  CHECK(indexer.said("answer").starts_with("down refused: OpenSearch: HTTP 404"));
  return indexer.said("indexer block");
}

}  // namespace

TEST_CASE("indexer check: beside a manager its <indexer> block is checked too") {
  const socbridge::test::TempDir home;
  Options options = test::nothing_here();
  CHECK(block_said(options).empty());
  options.wazuh_home = home.path();
  CHECK(block_said(options).empty());  // a folder is not a manager
  home.write("integrations/custom-w2thive", "");
  home.write("etc/ossec.conf", kConf);
  CHECK(block_said(options) == "skipped: it is not enabled");
}

TEST_CASE("indexer check: an ossec.conf that is named is the one that is read") {
  const socbridge::test::TempDir folder;
  Options options = test::nothing_here();
  options.ossec_conf = folder.write("other.conf", kConf);
  CHECK(block_said(options) == "skipped: it is not enabled");
}

}  // namespace socbridge::health
