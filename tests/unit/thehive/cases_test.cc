// SPDX-License-Identifier: Apache-2.0
// Promoting and merging alerts.
#include "thehive/cases.h"

#include "fixture.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::thehive {

TEST_CASE("cases: an alert is promoted once") {
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    INFO(version);
    Fixture w({}, version);
    const auto alert = get_alert(w.client, w.new_alert().id, Fixture::soon());
    REQUIRE(alert.ok());
    CHECK(alert->case_id.empty());
    const auto made = promote(w.client, *alert, "", Fixture::soon());
    REQUIRE(made.ok());
    CHECK(made->case_info.number == 1);
    CHECK_FALSE(made->already);
    const auto again = get_alert(w.client, "t;s;r", Fixture::soon());
    REQUIRE(again.ok());
    CHECK(again->case_id == made->case_info.id);
    CHECK(again->status == "Imported");
    const auto second = promote(w.client, *again, "", Fixture::soon());
    REQUIRE(second.ok());
    CHECK(second->already);
    CHECK(second->case_info.number == 1);
  }
}

TEST_CASE("a promotion whose answer was lost is found again") {
  Fixture w({"commit-then-drop,first=1,method=POST,path=/api/v1/alert/*"});
  const auto alert = get_alert(w.client, w.new_alert().id, Fixture::soon());
  REQUIRE(alert.ok());
  const auto made = promote(w.client, *alert, "", Fixture::soon());
  REQUIRE(made.ok());
  CHECK(made->case_info.number == 1);
  CHECK_FALSE(get_case(w.client, "2", Fixture::soon()).ok());
}

TEST_CASE("an alert is merged into one case only") {
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    INFO(version);
    Fixture w({}, version);
    const auto first = get_case(w.client, w.new_case().id, Fixture::soon());
    const auto second = get_case(w.client, w.new_case().id, Fixture::soon());
    REQUIRE(first.ok());
    REQUIRE(second.ok());
    w.new_alert();
    auto alert = get_alert(w.client, "r", Fixture::soon());  // by sourceRef alone
    REQUIRE(alert.ok());
    const auto merged = merge(w.client, *alert, *first, false, Fixture::soon());
    REQUIRE(merged.ok());
    CHECK(merged->case_info.id == first->id);
    alert = get_alert(w.client, "r", Fixture::soon());
    REQUIRE(alert.ok());
    CHECK(merge(w.client, *alert, *first, false, Fixture::soon())->already);
    const auto elsewhere = merge(w.client, *alert, *second, false, Fixture::soon());
    CHECK(elsewhere.status().code() == ExitCode::refused);
    CHECK(elsewhere.status().message() == "alert " + alert->id + " is in case 1 already");
  }
}

TEST_CASE("merging without the description wants 5.4") {
  Fixture old({}, "5.3.0-1");
  const auto case_info = get_case(old.client, old.new_case().id, Fixture::soon());
  const auto alert = get_alert(old.client, old.new_alert().id, Fixture::soon());
  REQUIRE(case_info.ok());
  REQUIRE(alert.ok());
  CHECK(merge(old.client, *alert, *case_info, true, Fixture::soon()).status().message() ==
        "TheHive 5.3.0-1 cannot merge an alert without its description");
  Fixture fresh;
  const auto target = get_case(fresh.client, fresh.new_case().id, Fixture::soon());
  const auto one = get_alert(fresh.client, fresh.new_alert().id, Fixture::soon());
  CHECK(merge(fresh.client, *one, *target, true, Fixture::soon()).ok());
}

TEST_CASE("names of alerts and cases") {
  Fixture w;
  const std::string id = w.new_case().id;
  CHECK(get_case(w.client, "#1", Fixture::soon())->id == id);
  CHECK(get_case(w.client, "1", Fixture::soon())->id == id);
  CHECK(get_case(w.client, "one", Fixture::soon()).status().code() == ExitCode::usage);
  CHECK(get_alert(w.client, "no-such-ref", Fixture::soon()).status().message() ==
        "TheHive has no alert no-such-ref");
}

TEST_CASE("a read-only key changes nothing and gets an error") {
  Fixture w;
  Client guest(w.http, {w.server.url(), Secret("look-only"), ""});
  const auto alert = get_alert(guest, w.new_alert().id, Fixture::soon());
  REQUIRE(alert.ok());
  const auto refused = promote(guest, *alert, "", Fixture::soon());
  CHECK(refused.status().code() == ExitCode::auth);
}

TEST_CASE("cases: names of levels") {
  CHECK(severity_name(3) == "high");
  CHECK(severity_name(9) == "9");
  CHECK(tlp_name(3, true) == "amber+strict");
  CHECK(tlp_name(3, false) == "red");
  CHECK(*parse_tlp("TLP:RED", true) == 4);
  CHECK(*parse_tlp("red", false) == 3);
  CHECK(*parse_tlp("white", true) == 0);
  CHECK(*parse_tlp("2", true) == 2);
  CHECK_FALSE(parse_tlp("4", false));
  CHECK(*parse_severity("HIGH") == 3);
  CHECK_FALSE(parse_severity("0"));
  CHECK(*parse_pap("pap:green") == 1);
}

}  // namespace socbridge::thehive
