// SPDX-License-Identifier: Apache-2.0
#include "mapping/bucket.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

std::string bucket_id(const std::string& time, const std::string& by = "rule.id") {
  const auto alert =
      parse(R"({"timestamp":")" + time +
            R"(","id":"1.1","rule":{"level":10,"id":"5763"},"manager":{"name":"m"}})");
  return bucket_of(alert, {"g", {by}, 600000}, "", 0).id;
}

}  // namespace

TEST_CASE("a bucket is the same for equal alerts of one window") {
  CHECK(bucket_id("2025-03-14T07:40:00.000+0000") == bucket_id("2025-03-14T07:49:59.999Z"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") == bucket_id("2025-03-14T08:40:00+01:00"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") != bucket_id("2025-03-14T07:50:00Z"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") != bucket_id("2025-04-14T07:40:00Z"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") != bucket_id("2025-03-14T07:40:00Z", "manager.name"));
  const std::string id = bucket_id("2025-03-14T07:41:00Z");
  CHECK(id.size() <= 64);
  CHECK(id.ends_with("-1741938000"));
  CHECK(id.find_first_not_of("0123456789abcdefg-") == std::string::npos);
  const auto before_1970 = bucket_id("1969-12-31T23:59:59Z");
  CHECK(before_1970.ends_with("--600"));
}

TEST_CASE("bucket: values cannot move between lists") {
  const auto with = [](const char* a, const char* b) {
    const auto alert = with_data(std::string(R"({"a":")") + a + R"(","b":")" + b + "\"}");
    return bucket_of(alert, {"g", {"data.a", "data.b"}, 600000}, "", 0).id;
  };
  CHECK(with("x", "y") == with("x", "y"));
  CHECK(with("x\\n6:data.b=1:y", "") != with("x", "y"));
  const auto alert = with_data(R"({"a":"x"})");
  CHECK_FALSE(bucket_of(alert, {"g", {"data.a", "data.b"}, 600000}, "", 0).complete);
  CHECK(bucket_of(alert, {"g", {"data.a"}, 600000}, "", 0).complete);
}

TEST_CASE("keys of caps and groups are read and checked") {
  const auto read = options_of(
      R"({"rate_cap":{"by":["rule.id","agent.id"],"max":20,"per":"10m"},"group_by":["rule.id"],"group_window":"2h"})");
  REQUIRE(read.ok());
  CHECK(read->rate_cap.by == std::vector<std::string>{"rule.id", "agent.id"});
  CHECK(read->rate_cap.max == 20);
  CHECK(read->rate_cap.window_ms == 600000);
  CHECK(read->grouping.by == std::vector<std::string>{"rule.id"});
  CHECK(read->grouping.window_ms == 7200000);
  CHECK(options_of("{}")->rate_cap.by.empty());
  CHECK(options_of("{}")->grouping.by.empty());
  for (const char* bad : {R"({"rate_cap":{"by":["rule.id"],"max":20}})",
                          R"({"rate_cap":{"by":[],"max":20,"per":"10m"}})",
                          R"({"rate_cap":{"by":["rule.id"],"max":0,"per":"10m"}})",
                          R"({"rate_cap":{"by":[""],"max":1,"per":"10m"}})",
                          R"({"rate_cap":{"by":["rule.id"],"max":1,"per":"soon"}})",
                          R"({"rate_cap":{"by":["rule.id"],"max":1,"per":"1s"}})",
                          R"({"rate_cap":{"by":["a"],"maximum":1,"per":"1m"}})",
                          R"({"group_window":"40d"})", R"({"group_by":[""]})"}) {
    INFO(bad);
    const auto broken = options_of(bad);
    REQUIRE_FALSE(broken.ok());
    CHECK(broken.status().message().starts_with("w2thive.json:1:"));
  }
}
