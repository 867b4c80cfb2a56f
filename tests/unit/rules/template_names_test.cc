// SPDX-License-Identifier: Apache-2.0
#include "rules/template_names.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge::rules;

namespace {

// "MESSAGE; HINT", empty if the name is taken.
std::string verdict(std::string_view name) {
  const NameVerdict out = check_name(name);
  CHECK(out.ok() == out.message.empty());
  if (out.ok()) CHECK(out.hint.empty());
  return out.ok() ? "" : out.message + "; " + out.hint;
}

}  // namespace

TEST_CASE("names of fields that an alert of Wazuh 4 or 5 can have are taken") {
  for (const char* name : {"id",
                           "timestamp",
                           "full_log",
                           "location",
                           "rule.description",
                           "rule.mitre.id",
                           "rule.groups",
                           "agent.name",
                           "agent.labels.site",
                           "manager.name",
                           "cluster.node",
                           "decoder.name",
                           "predecoder.hostname",
                           "input.type",
                           "GeoLocation.city_name",
                           "@timestamp",
                           "event.action",
                           "wazuh.agent.name",
                           "source.ip",
                           "rule.uuid"}) {
    CAPTURE(name);
    CHECK(verdict(name).empty());
  }
}

TEST_CASE("derived names are accepted, but no members of them") {
  for (const char* name : {"description", "source_ref", "time.from", "time.to"}) {
    CAPTURE(name);
    CHECK(verdict(name).empty());
    CHECK_FALSE(verdict(std::string(name) + ".x").empty());
  }
  CHECK_FALSE(verdict("time").empty());
}

TEST_CASE("below open members such as data every name is taken") {
  for (const char* name :
       {"data.srcip", "data.win.eventdata.anything", "syscheck.path_x", "data"}) {
    CAPTURE(name);
    CHECK(verdict(name).empty());
  }
}

TEST_CASE("a first member that no alert has is said with the nearest one, or with examples") {
  CHECK(verdict("agnt.name") == "no alert has a member \"agnt\"; did you mean \"agent\"?");
  CHECK(verdict("") ==
        "no alert has a member \"\"; name a field such as rule.description, agent.name or "
        "data.srcip; {{ is a brace");
  CHECK(verdict(".id").starts_with("no alert has a member \"\""));
  CHECK(verdict("\x1b[2J").find('\x1b') == std::string::npos);
  CHECK(verdict(std::string(5000, 'z')).size() < 300);
}

TEST_CASE("a member of rule or agent that does not exist is said with the nearest whole name") {
  CHECK(verdict("rule.descripton") ==
        "rule has no member \"descripton\"; did you mean \"rule.description\"?");
  CHECK(verdict("agent.nam.x") == "agent has no member \"nam\"; did you mean \"agent.name\"?");
  CHECK(verdict("cluster.zzzzzzzz") ==
        "cluster has no member \"zzzzzzzz\"; run socctl alert map -o json on an alert to see what "
        "it holds");
  CHECK(verdict("rule.").starts_with("rule has no member \"\""));
  CHECK(verdict("rule").empty());  // the member as a whole
}

TEST_CASE("a text looks like a field if a known first member and a dot begin it") {
  CHECK(looks_like_field("data.srcip"));
  CHECK(looks_like_field("rule.nonsense"));
  for (const char* text : {"", "data", "data.", ".data", "date.srcip", "e.g. this", "time.from"}) {
    CAPTURE(text);
    CHECK_FALSE(looks_like_field(text));
  }
}
