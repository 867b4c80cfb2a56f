// SPDX-License-Identifier: Apache-2.0
#include "profile/variables.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace socbridge::profile {
namespace {

std::string nearest_of(const std::string& name, const std::string& value = "secret-value") {
  SystemPaths system;
  system.environment = {{name, value}};
  const auto found = misspelt_variables(system);
  if (found.empty()) return {};
  CHECK(found.size() == 1);
  CHECK(found[0].name == name);
  const Status status = misspelt_status(found[0]);
  CHECK(status.code() == ExitCode::usage);
  CHECK(status.message().find(name) != std::string::npos);
  CHECK(status.hint().find(found[0].nearest) != std::string::npos);
  CHECK(status.line().find("secret-value") == std::string::npos);
  return found[0].nearest;
}

}  // namespace

TEST_CASE("a misspelt variable gets a suggestion") {
  CHECK(nearest_of("SOCCTL_THEHIV_URL") == "SOCCTL_THEHIVE_URL");
  CHECK(nearest_of("SOCCTL_THEHIVE_KEYFILE") == "SOCCTL_THEHIVE_KEY_FILE");
  CHECK(nearest_of("SOCCTL_THEHIVE_TOKEN") == "SOCCTL_THEHIVE_KEY");
  CHECK(nearest_of("SOCCTL_CORTEX_QUOTA") == "SOCCTL_CORTEX_QUOTAS");
  CHECK(nearest_of("SOCCTL_STATEDIR") == "SOCCTL_STATE_DIR");
  CHECK(nearest_of("SOCBRIDGE_WAZUHHOME") == "SOCBRIDGE_WAZUH_HOME");
  CHECK(nearest_of("socctl_thehive_url") == "SOCCTL_THEHIVE_URL");
  CHECK(nearest_of("SOCTL_THEHIVE_URL") == "SOCCTL_THEHIVE_URL");
  CHECK(nearest_of("SOCBRIDGE_THEHIVE_URL") == "SOCCTL_THEHIVE_URL");
  CHECK(nearest_of("SOCCTL_WAZUH_HOME") == "SOCBRIDGE_WAZUH_HOME");
}

TEST_CASE("correct and foreign settings are not errors") {
  for (const std::string& name : variable_names()) {
    CAPTURE(name);
    CHECK(nearest_of(name).empty());
  }
  CHECK(nearest_of("SOCCTL_THEHIV_URL", "").empty());  // as if it were not set
  CHECK(nearest_of("SOCCTL_VERSION").empty());
  CHECK(nearest_of("SOCBRIDGE_BIN_DIR").empty());
  CHECK(nearest_of("SOCKS_PROXY_URL").empty());
  CHECK(nearest_of("SOCCTL").empty());
  CHECK(nearest_of("SOCCTL_").empty());
  CHECK(nearest_of("SOCCTL_THEHIVE_PORT").empty());
  CHECK(nearest_of("SOCCTL_THEHIVE_SERVICE_HOST").empty());
  CHECK(nearest_of("SOCCTL_THEHIVE_PORT_80_TCP").empty());
  CHECK(nearest_of("SOCCTL_" + std::string(1 << 16, 'A')).empty());
}

TEST_CASE("each product has its variables") {
  const auto& names = variable_names();
  for (const char* name : {"SOCCTL_THEHIVE_URL", "SOCCTL_GRAFANA_KEY_FILE", "SOCCTL_WAZUH_USER",
                           "SOCCTL_OPENSEARCH_CLIENT_CERT_FILE", "SOCCTL_CORTEX_ORGANISATION"}) {
    CAPTURE(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
}

}  // namespace socbridge::profile
