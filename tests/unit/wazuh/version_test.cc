// SPDX-License-Identifier: Apache-2.0
#include "wazuh/version.h"

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::wazuh;

TEST_CASE("Wazuh version: forms") {
  CHECK(*parse_version("v4.8.0") == Version{4, 8});
  CHECK(*parse_version("4.14") == Version{4, 14});
  CHECK(*parse_version("4.10.1-rc1") == Version{4, 10});
  CHECK(Version{4, 7} < Version{4, 14});
  for (const char* text : {"", "v", "4", "4.", ".8", "four.8", "v4,8", "4.-1", "-4.1"}) {
    CAPTURE(text);
    CHECK(!parse_version(text));
  }
}

TEST_CASE("Wazuh version: of a home") {
  const socbridge::test::TempDir dir;
  const std::string home = dir.path();
  CHECK(!installed_version(Env::real(), home));
  REQUIRE(Env::real().mkdir(home + "/bin", 0755).ok());
  dir.write("bin/wazuh-control",
            "#!/bin/sh\n# VERSION=\"v1.0\"\nVERSION=\"v4.3.11\"\nREVISION=\"1\"\n");
  CHECK(*installed_version(Env::real(), home) == Version{4, 3});
  dir.write("VERSION.json", "{\"version\": \"4.12.0\", \"stage\": \"alpha0\"}");
  CHECK(*installed_version(Env::real(), home) == Version{4, 12});
  dir.write("VERSION.json", "{\"version\": 4}");
  CHECK(*installed_version(Env::real(), home) == Version{4, 3});
}
