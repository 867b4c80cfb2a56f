// SPDX-License-Identifier: Apache-2.0
#include "integration/settings_lookup.h"

#include <catch2/catch.hpp>

#include "support/spool_fixture.h"

namespace socbridge::integration {
using namespace socbridge::test;

namespace {

spool::Entry entry(const std::string& destination) {
  spool::Entry out;
  out.integration = "custom-w2thive";
  out.alert = sample_alert();
  out.destination = destination;
  return out;
}

const char* const kTwo =
    R"({"url":"http://top.example","api_key":"topkey","destinations":{
        "acme":{"url":"http://acme.example","api_key":"acmekey"}},
        "rules":[{"match":{"group":"sshd"},"set":{"destination":["acme","default"]}}]})";

}  // namespace

TEST_CASE("the destination of an entry decides, not the rules") {
  const TempDir home;
  home.write("etc/w2thive.json", kTwo);
  SettingsLookup lookup(Env::real(), home.path());
  CHECK(lookup.of(entry("")).value()->endpoint.key.reveal() == "topkey");
  const auto acme = lookup.of(entry("acme")).value();
  CHECK(acme->endpoint.url == "http://acme.example");
  CHECK(acme->endpoint.key.reveal() == "acmekey");
  CHECK(acme->destination == "acme");
  CHECK(lookup.has_destinations());
  CHECK(lookup.all_usable().size() == 2);
  CHECK(lookup.destinations_of(entry("")).value() == std::vector<std::string>{""});
  CHECK(lookup.destinations_of(entry(spool::kUndecided)).value() ==
        std::vector<std::string>{"acme", ""});
}

TEST_CASE("a destination that was removed is an error until it is back") {
  const TempDir home;
  home.write("etc/w2thive.json", R"({"url":"http://top.example","api_key":"topkey"})");
  SettingsLookup lookup(Env::real(), home.path());
  CHECK(lookup.of(entry("acme")).status().code() == ExitCode::usage);
  CHECK(lookup.of(entry("")).ok());
  home.write("etc/w2thive.json", kTwo);
  CHECK(lookup.refresh());
  CHECK(lookup.of(entry("acme")).ok());
}

TEST_CASE("alerts are accepted by the rules also where the top has no URL") {
  const TempDir home;
  home.write("etc/w2thive.json",
             R"({"min_level":3,"destinations":{"acme":{"url":"http://acme.example","api_key":"k"}},
                 "rules":[{"set":{"destination":"acme"}}]})");
  SettingsLookup lookup(Env::real(), home.path());
  CHECK_FALSE(lookup.of(entry("")).ok());
  CHECK(lookup.of(entry("acme")).ok());
  CHECK(lookup.for_intake(entry("")).value()->mapping.min_level == 3);
  home.write("etc/w2thive.json", "{");
  CHECK(lookup.refresh());
  CHECK_FALSE(lookup.for_intake(entry("")).ok());
  CHECK_FALSE(lookup.destinations_of(entry(spool::kUndecided)).ok());
}

}  // namespace socbridge::integration
