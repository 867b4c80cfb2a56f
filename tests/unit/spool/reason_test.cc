// SPDX-License-Identifier: Apache-2.0
#include "spool/reason.h"

#include <catch2/catch.hpp>

#include "json/value.h"
#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::spool;

namespace {

Reason some() {
  Reason reason;
  reason.at_ms = 1741938001037;
  reason.attempts = 3;
  reason.http_status = 503;
  reason.kind = "retry";
  reason.message = "the server said \"no\"\n";
  reason.first_failure_ms = 1741938000000;
  reason.ambiguous = true;
  reason.left_out = "procedures";
  return reason;
}

}  // namespace

TEST_CASE("a reason is read back, over leftovers of a crash") {
  const test::TempDir folder;
  folder.write("fresh", "half");
  REQUIRE(write_reason(Env::real(), folder / "fresh", folder / "a.reason", some()).ok());
  CHECK_FALSE(folder.has("fresh"));
  const auto back = read_reason(Env::real(), folder / "a.reason");
  REQUIRE(back);
  CHECK(reason_json(*back) == reason_json(some()));
  Reason other;
  other.kind = "auth";
  REQUIRE(write_reason(Env::real(), folder / "fresh", folder / "a.reason", other).ok());
  CHECK(read_reason(Env::real(), folder / "a.reason")->kind == "auth");
  CHECK(folder.read("a.reason").find("left_out") == std::string::npos);  // only if it exists
}

TEST_CASE("an unreadable reason is empty, but not surely absent") {
  const test::TempDir folder;
  bool absent = false;
  CHECK_FALSE(read_reason(Env::real(), folder / "none", &absent));
  CHECK(absent);
  folder.write("broken", "{");
  CHECK_FALSE(read_reason(Env::real(), folder / "broken", &absent));
  CHECK_FALSE(absent);
  folder.write("large", std::string(70000, ' ') + "{}");
  CHECK_FALSE(read_reason(Env::real(), folder / "large", &absent));
  CHECK_FALSE(absent);
}

TEST_CASE("members of other types, and unknown ones, are ignored") {
  const test::TempDir folder;
  const auto back = read_reason(
      Env::real(), folder.write("a", R"({"kind":7,"attempts":"3","ambiguous":1,"new":{}})"));
  REQUIRE(back);
  CHECK(back->kind.empty());
  CHECK(back->attempts == 0);
  CHECK_FALSE(back->ambiguous);
}
