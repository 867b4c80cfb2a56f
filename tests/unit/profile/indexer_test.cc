// SPDX-License-Identifier: Apache-2.0
#include "profile/indexer.h"

#include <catch2/catch.hpp>

namespace socbridge::profile {

TEST_CASE("without a configuration the indices have Wazuh's names") {
  SystemPaths nothing;
  nothing.system_config = "/nowhere/config.json";
  const auto patterns = find_patterns(Env::real(), {}, nothing);
  REQUIRE(patterns.ok());
  CHECK(*patterns == opensearch::Patterns{});
}

TEST_CASE("all nodes of an endpoint are asked, with its key") {
  Endpoint endpoint;
  endpoint.url = "https://a:9200";
  endpoint.more_urls = {"https://b:9200"};
  endpoint.user = "socctl";
  endpoint.key = Secret("k3y");
  endpoint.scheme = "ApiKey";
  const opensearch::ConnectionOptions options = connection_options(endpoint);
  CHECK(options.urls == std::vector<std::string>{"https://a:9200", "https://b:9200"});
  CHECK(options.user == "socctl");
  CHECK(options.key.reveal() == "k3y");
  CHECK(options.scheme == "ApiKey");
  CHECK(options.retry_for_ms == 0);
}

}  // namespace socbridge::profile
