// SPDX-License-Identifier: Apache-2.0
// Observables of alerts and cases with a sandbox that stores its data.
#include "thehive/observables.h"

#include "fixture.h"
#include "support/canned_server.h"

namespace socbridge::thehive {
namespace {

Observable ip(const char* data) {
  Observable out;
  out.data_type = "ip";
  out.data = data;
  return out;
}

}  // namespace

TEST_CASE("an observable is changed field by field") {
  Fixture w;
  const Subject subject = w.new_case();
  const auto added = add_observables(w.client, subject, {ip("203.0.113.7")}, Fixture::soon());
  REQUIRE(added.ok());
  const std::string id = added->created[0].id;
  ObservableChange change;
  change.ioc = true;
  change.tlp = 4;
  change.message = "seen";
  REQUIRE(change_observable(w.client, id, change, Fixture::soon()).ok());
  const auto now = get_observable(w.client, id, Fixture::soon());
  REQUIRE(now.ok());
  CHECK(now->ioc);
  CHECK(now->tlp == 4);
  CHECK(now->pap == 2);
  CHECK(now->message == "seen");
  CHECK_FALSE(change_observable(w.client, "~1", change, Fixture::soon()).ok());
}

TEST_CASE("a value is found in the alerts and cases that have it") {
  Fixture w;
  const Subject subject = w.new_case();
  const Subject alert = w.new_alert();
  REQUIRE(add_observables(w.client, subject, {ip("203.0.113.7")}, Fixture::soon()).ok());
  REQUIRE(add_observables(w.client, alert, {ip("203.0.113.7"), ip("203.0.113.8")}, Fixture::soon())
              .ok());
  const auto found = find_value(w.client, {"203.0.113.7"}, "", 100, Fixture::soon());
  REQUIRE(found.ok());
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].owner.kind != (*found)[1].owner.kind);
  CHECK(find_value(w.client, {"203.0.113.7"}, "domain", 100, Fixture::soon())->empty());
}

TEST_CASE("no more owners of a value are kept than requested") {
  std::string owners = "[";
  for (int i = 0; i < 150; ++i)
    owners += (i == 0 ? "" : ",") + (R"({"_id":"~)" + std::to_string(i)) + "\"}";
  test::CannedServer server({test::http_answer(200, R"([{"_id":"~1","dataType":"ip"}])"),
                             test::http_answer(200, owners + "]")});
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("key"), ""});
  const auto found = find_value(client, {"203.0.113.7"}, "", 100, Deadline::after_ms(20000));
  REQUIRE(found.ok());
  CHECK(found->size() == 200);  // alerts and cases
}

}  // namespace socbridge::thehive
