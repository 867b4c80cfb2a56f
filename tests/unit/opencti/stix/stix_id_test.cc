// SPDX-License-Identifier: Apache-2.0
// Ids from the platform, and one created with Python's uuid module by the same rule.
#include "opencti/stix/stix_id.h"

#include <catch2/catch.hpp>

namespace socbridge::opencti {

TEST_CASE("ids equal those of OpenCTI") {
  CHECK(observable_id("ipv4-addr", "value", "198.51.100.7") ==
        "ipv4-addr--12592121-be4c-5a93-a813-5a5af16e50db");
  CHECK(indicator_id("[ipv4-addr:value = '198.51.100.7']") ==
        "indicator--3ae0b0a2-7289-5fda-8a85-02d057ba0968");
  CHECK(named_id("malware", "  ExampleRAT ") == named_id("malware", "examplerat"));
  CHECK(file_id("MD5", "ABCD") == file_id("MD5", "abcd"));
}

TEST_CASE("stix id: the JSON that is hashed is canonical") {
  CHECK(observable_id("text", "value", "a\"b\\c\n\x01\xC3\xA9") ==
        "text--bf1a72dc-956a-516d-aae0-b7742c98ecdf");
}

}  // namespace socbridge::opencti
