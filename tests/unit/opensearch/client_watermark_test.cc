// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "opensearch/client.h"

namespace socbridge::opensearch {
namespace {

Disk disk(std::uint64_t total, std::uint64_t available) { return {"n", total, available}; }

}  // namespace

TEST_CASE("watermarks as percent, ratio and bytes") {
  CHECK(parse_watermark("85%")->used_percent == Approx(85));
  CHECK(parse_watermark(" 90.5% ")->used_percent == Approx(90.5));
  CHECK(parse_watermark("0.95")->used_percent == Approx(95));
  CHECK(parse_watermark("500mb")->free_bytes == 524288000);
  CHECK(parse_watermark("1.5GB")->free_bytes == 1610612736);
  CHECK(parse_watermark("10b")->free_bytes == 10);
  CHECK(parse_watermark("20g")->free_bytes == 21474836480);
  CHECK(parse_watermark("20g")->text == "20g");
}

TEST_CASE("invalid watermarks") {
  for (const char* text : {"", "%", "101%", "1.5", "-5%", "12", "gb", "1e3gb", "nan", "5 %x",
                           "99999999999pb", "85%%"}) {
    INFO(text);
    CHECK_FALSE(parse_watermark(text).has_value());
  }
}

TEST_CASE("passed: used at least so much, or free less than so much") {
  const Watermark percent{85}, bytes{0, 50}, roomy{85, 0, 100};
  CHECK(percent.passed(disk(100, 15)));
  CHECK_FALSE(percent.passed(disk(100, 16)));
  CHECK(bytes.passed(disk(1000, 49)));
  CHECK_FALSE(bytes.passed(disk(1000, 50)));
  CHECK_FALSE(percent.passed(disk(0, 0)));
  CHECK(roomy.passed(disk(1000, 99)));
  CHECK_FALSE(roomy.passed(disk(1000, 100)));
  CHECK(disk(100, 200).used_percent() == Approx(0));  // more available than the total
}

}  // namespace socbridge::opensearch
