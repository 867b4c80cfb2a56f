// SPDX-License-Identifier: Apache-2.0
#include "mapping/options.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {
std::string error_of(const std::string& json) {
  const auto options = options_of(json);
  REQUIRE_FALSE(options.ok());
  CHECK(options.status().code() == ExitCode::usage);
  return options.status().line();
}
}  // namespace

TEST_CASE("the schema's defaults are those of Options") {
  const auto read = options_of("{}");
  REQUIRE(read.ok());
  const Options o;
  CHECK(read->min_level == o.min_level);
  CHECK(read->severity_by_level == o.severity_by_level);
  CHECK(read->type == o.type);
  CHECK(read->source == o.source);
  CHECK(read->tags == o.tags);
  CHECK(read->tlp == o.tlp);
  CHECK(read->pap == o.pap);
  CHECK(read->extra_sources.empty());
  CHECK(read->data_types == o.data_types);
  CHECK(read->private_addresses == o.private_addresses);
  CHECK(read->max_observables == o.max_observables);
  CHECK(read->agent_observables == o.agent_observables);
  CHECK(read->procedures == o.procedures);
  CHECK(read->custom_fields.empty());
  CHECK(read->max_log_chars == o.max_log_chars);
}

TEST_CASE("every key is read") {
  const auto o = options_of(
      R"({"min_level":3,"severity":{"0":1,"12":4},"type":"t","source":"s","tags":["a","b"],
    "tlp":1,"pap":0,"observables":[{"path":"data.x","type":"IP","tags":["n"],"ioc":true},{"path":"data.y"}],
    "ignore_paths":["data.url"],"ignore_values":["v"],"data_types":{"Registry":"Other"},"private_addresses":"drop",
    "max_observables":5,"agent_observables":true,"procedures":false,"external_link":"l","case_template":"c",
    "custom_fields":{"f":"{id}"},"manager_alias":"m","max_log_chars":10})");
  REQUIRE(o.ok());
  CHECK(o->min_level == 3);
  CHECK(o->severity_by_level == std::map<int, int>{{0, 1}, {12, 4}});
  CHECK(o->type == "t");
  CHECK(o->source == "s");
  CHECK(o->tags == std::vector<rules::Template>{"a", "b"});
  CHECK(o->tlp == 1);
  CHECK(o->pap == 0);
  REQUIRE(o->extra_sources.size() == 2);
  CHECK(o->extra_sources[0].data_type == "ip");
  CHECK(o->extra_sources[0].tags == std::vector<std::string>{"n"});
  CHECK(o->extra_sources[0].ioc);
  CHECK(o->extra_sources[1].data_type == "auto");
  CHECK(o->ignore_paths == std::vector<std::string>{"data.url"});
  CHECK(o->ignore_values == std::vector<std::string>{"v"});
  CHECK(o->data_types == std::map<std::string, std::string>{{"registry", "other"}});
  CHECK(o->private_addresses == PrivateAddresses::drop);
  CHECK(o->max_observables == 5);
  CHECK(o->agent_observables);
  CHECK_FALSE(o->procedures);
  CHECK(o->external_link == "l");
  CHECK(o->case_template == "c");
  REQUIRE(o->custom_fields.size() == 1);
  CHECK(o->custom_fields[0].name == "f");
  CHECK(o->custom_fields[0].value == "{id}");
  CHECK(o->manager_alias == "m");
  CHECK(o->max_log_chars == 10);
}

TEST_CASE("errors name file, position and key") {
  CHECK(error_of("{\n  \"severity\": {\"7\": 9}}").find("w2thive.json:2:3: severity") == 0);
  for (const char* bad : {R"({"severity":{}})", R"({"severity":{"x":1}})",
                          R"({"severity":{"17":1}})", R"({"severity":{"7":"1"}})"}) {
    CHECK(error_of(bad).find("severity") != std::string::npos);
  }
  CHECK(error_of(R"({"observables":[{"type":"ip"}]})").find("observables [0]") !=
        std::string::npos);
  CHECK(error_of(R"({"observables":["data.x"]})").find("observables") != std::string::npos);
  CHECK(error_of(R"({"observables":[{"path":"a","kind":"ip"}]})").find("\"kind\"") !=
        std::string::npos);
  CHECK(error_of(R"({"data_types":{"username":5}})").find("data_types") != std::string::npos);
  CHECK(error_of(R"({"custom_fields":{"f":[1]}})").find("custom_fields") != std::string::npos);
  CHECK(error_of(R"({"type":""})").find("type") != std::string::npos);
  CHECK(error_of(R"({"source":"a;b"})").find("semicolon") != std::string::npos);
}

TEST_CASE("what the schema itself refuses") {
  for (const char* bad :
       {R"({"min_level":17})", R"({"tlp":5})", R"({"pap":4})", R"({"private_addresses":"hide"})",
        R"({"max_observables":-1})", R"({"tags":"wazuh"})", R"({"min_levle":7})"}) {
    INFO(bad);
    CHECK_FALSE(options_of(bad).ok());
  }
}
