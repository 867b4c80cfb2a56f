// SPDX-License-Identifier: Apache-2.0
#include "mapping/observables.h"

#include <algorithm>

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

TEST_CASE("the same value from several paths is one observable") {
  const Mapped m =
      map(with_data(
              R"({"srcip":"198.51.100.4","src_ip":"::ffff:198.51.100.4","ip":"198.51.100.4:80"})"),
          {}, kNow);
  REQUIRE(m.alert.observables.size() == 1);
  const std::string& message = m.alert.observables[0].message;
  CHECK(message.find("data.srcip") != std::string::npos);
  CHECK(message.find("data.src_ip") != std::string::npos);
  CHECK(message.find("data.ip") != std::string::npos);
}

TEST_CASE("observables: private addresses: keep, tag, drop") {
  const auto alert = with_data(R"({"srcip":"10.1.2.3","dstip":"203.0.113.5"})");
  Options options;
  const Mapped tagged = map(alert, options, kNow);
  CHECK(has_tag(find(tagged, "ip", "10.1.2.3")->tags, "private"));
  CHECK(find(tagged, "ip", "203.0.113.5")->tags.empty());
  options.private_addresses = PrivateAddresses::keep;
  const Mapped kept = map(alert, options, kNow);
  CHECK(find(kept, "ip", "10.1.2.3")->tags.empty());
  options.private_addresses = PrivateAddresses::drop;
  const Mapped dropped = map(alert, options, kNow);
  CHECK_FALSE(has(dropped, "ip", "10.1.2.3"));
  CHECK(has(dropped, "ip", "203.0.113.5"));
}

TEST_CASE("loopback and the like are dropped under every policy") {
  const auto alert = with_data(
      R"({"srcip":["127.0.0.1","0.0.0.0","::","fe80::1%3","224.0.0.1","255.255.255.255"]})");
  for (const auto policy :
       {PrivateAddresses::keep, PrivateAddresses::tag, PrivateAddresses::drop}) {
    Options options;
    options.private_addresses = policy;
    CHECK(map(alert, options, kNow).alert.observables.empty());
  }
}

TEST_CASE("observables: lists inside one text") {
  const Mapped m = map(with_data(R"({"xff_address":"198.51.100.1, 198.51.100.2",
    "recipient":"Ana <ana@example.org>, bob@example.org"})"),
                       {}, kNow);
  CHECK(has(m, "ip", "198.51.100.1"));
  CHECK(has(m, "ip", "198.51.100.2"));
  CHECK(has(m, "mail", "ana@example.org"));
  CHECK(has(m, "mail", "bob@example.org"));
}

TEST_CASE("observables: values that are ignored, in any case") {
  Options options;
  options.ignore_values = {"SCANNER.example.org", "198.51.100.4"};
  const Mapped m =
      map(with_data(R"({"domain":"scanner.example.org","srcip":"198.51.100.4"})"), options, kNow);
  CHECK(m.alert.observables.empty());
}

TEST_CASE("configured rows bring tags and ioc, and come first") {
  Options options;
  options.extra_sources = {{"data.x.bad", "ip", {"feed"}, true}, {"data.coin", "btc", {}, false}};
  const Mapped m =
      map(with_data(R"({"srcip":"198.51.100.4","x":{"bad":["198.51.100.9"]},"coin":"1abc"})"),
          options, kNow);
  REQUIRE(m.alert.observables.size() == 3);
  CHECK(m.alert.observables[0].data == "198.51.100.9");
  CHECK(m.alert.observables[0].ioc);
  CHECK(has_tag(m.alert.observables[0].tags, "feed"));
  CHECK(has(m, "btc", "1abc"));
  CHECK_FALSE(find(m, "ip", "198.51.100.4")->ioc);
}

TEST_CASE("observables: tlp and pap are those of the options") {
  Options options;
  options.tlp = 1;
  options.pap = 3;
  const Mapped m = map(with_data(R"({"srcip":"198.51.100.4"})"), options, kNow);
  CHECK(m.alert.observables[0].tlp == 1);
  CHECK(m.alert.observables[0].pap == 3);
}

TEST_CASE("at most max_observables, and the description has the number of the others") {
  std::string ips;
  for (int i = 0; i < 250; ++i)
    ips += (i == 0 ? "\"" : ",\"") + std::string("198.51.100.") + std::to_string(i) + "\"";
  Options options;
  options.max_observables = 20;
  const Mapped m = map(with_data("{\"srcip\":[" + ips + "]}"), options, kNow);
  CHECK(m.alert.observables.size() == 20);
  CHECK(m.alert.observables[0].data == "198.51.100.0");
  CHECK(m.alert.description.find("230 more observables were left out") != std::string::npos);
  options.max_observables = 0;
  CHECK(map(with_data(R"({"srcip":"198.51.100.4"})"), options, kNow).alert.observables.empty());
}

TEST_CASE("observables: explanations name path and reason") {
  const Mapped m =
      map(with_data(R"({"srcip":"198.51.100.4","dstip":"127.0.0.1"})"), {}, kNow, true);
  const auto says = [&](std::string_view part) {
    return std::any_of(m.explanations.begin(), m.explanations.end(), [&](const Explanation& e) {
      return e.rule.find(part) != std::string::npos;
    });
  };
  CHECK(says("data.srcip is ip"));
  CHECK(says("data.dstip dropped: loopback"));
  CHECK(says("level 10 is 10"));
  CHECK(map(with_data("{}"), {}, kNow, false).explanations.empty());
}
