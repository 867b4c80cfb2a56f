// SPDX-License-Identifier: Apache-2.0
#include "mapping/options.h"

#include "config/error_list.h"
#include "fixtures.h"
#include "mapping/read_options.h"

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

TEST_CASE("options: every key is read") {
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

TEST_CASE("options: errors name file, position and key") {
  CHECK(error_of("{\n  \"severity\": {\"7\": 9}}").find("w2thive.json:2:16: severity[7]: must") ==
        0);
  for (const char* bad : {R"({"severity":{}})", R"({"severity":{"x":1}})",
                          R"({"severity":{"17":1}})", R"({"severity":{"7":"1"}})"}) {
    CHECK(error_of(bad).find("severity") != std::string::npos);
  }
  CHECK(error_of(R"({"observables":[{"type":"ip"}]})").find("observables[0]: needs a path") !=
        std::string::npos);
  CHECK(error_of(R"({"observables":["data.x"]})").find("observables[0]: must be an object") !=
        std::string::npos);
  CHECK(error_of(R"({"observables":[{"path":"a","kind":"ip"}]})").find("\"kind\"") !=
        std::string::npos);
  CHECK(error_of(R"({"data_types":{"username":5}})").find("data_types.username") !=
        std::string::npos);
  CHECK(error_of(R"({"custom_fields":{"f":[1]}})").find("custom_fields") != std::string::npos);
  CHECK(error_of(R"({"type":""})").find("type") != std::string::npos);
  CHECK(error_of(R"({"source":"a;b"})").find("semicolon") != std::string::npos);
}

TEST_CASE("options: ignored settings are errors") {
  CHECK_THAT(error_of(R"({"observables":[{"path":"a","type":5}]})"),
             Catch::StartsWith("w2thive.json:1:36: observables[0].type: must be a data type"));
  CHECK_THAT(error_of(R"({"observables":[{"path":"a","ioc":"yes"}]})"),
             Catch::Contains("observables[0].ioc: must be true or false"));
  CHECK_THAT(error_of(R"({"observables":[{"path":"a","tags":"x"}]})"),
             Catch::Contains("observables[0].tags: must be an array of strings"));
  CHECK_THAT(error_of(R"({"observables":[{"path":"a","tags":["x",5]}]})"),
             Catch::Contains("observables[0].tags[1]: must be a string"));
  CHECK_THAT(error_of(R"({"observables":[{"path":"a","path":"b"}]})"),
             Catch::Contains("observables[0].path: is given twice"));
  CHECK_THAT(error_of(R"({"custom_fields":{"a":{"value":"x","type":5}}})"),
             Catch::Contains("custom_fields.a.type: is not a custom field type"));
}

TEST_CASE("duplicates are an error, also in another spelling") {
  CHECK(error_of(R"({"custom_fields":{"a":"1","b":"1","a":"2"}})") ==
        "w2thive.json:1:19: custom_fields.a: is given twice; remove one of them");
  CHECK(error_of(R"({"severity":{"7":1,"8":1,"7":4}})") ==
        "w2thive.json:1:14: severity[7]: is given twice; remove one of them");
  CHECK(error_of(R"({"severity":{"7":1,"07":4}})") ==
        "w2thive.json:1:20: severity[07]: is given twice; remove one of them");
  CHECK(error_of(R"({"data_types":{"ip":"x","ip":"y"}})") ==
        "w2thive.json:1:16: data_types.ip: is given twice; remove one of them");
  CHECK_THAT(error_of(R"({"data_types":{"ip":"x","IP":"y"}})"),
             Catch::Contains("data_types.IP: is given twice"));
  CHECK_THAT(error_of(R"({"include":[{"label":{"a":"1","a":"2"}}]})"),
             Catch::Contains("include[0].label.a: is given twice"));
  CHECK_THAT(error_of(R"({"rules":[{"set":{"severity":{"from":"data.x","map":{"1":1,"1":2}}}}]})"),
             Catch::Contains("rules[0].set.severity.map[1]: is given twice"));
}

TEST_CASE("every error is given, each with its place and path") {
  config::Settings settings(config_keys());
  REQUIRE(settings
              .add_json(R"({
"severity": {"17": 1, "7": 5, "3": 1},
"type": "{rul.id}",
"title": "{agnt.name}",
"keep_noise": ["sids", "sid"],
"rate_cap": {"by": [], "max": 0, "per": "1s"},
"group_window": "soon",
"observables": [{"path": "a"}, {"path": 1, "ioc": 1}],
"exclude": [{"rulle": "1"}],
"rules": [{"set": {"sevrity": 1}}, {"set": {"tlp": 9, "destination": "acme"}}]})",
                        "f.json")
              .empty());
  std::vector<Status> errors;
  const Options read = read_options(settings, errors);
  std::vector<std::string> places;
  for (const Status& error : errors) {
    CHECK(error.code() == ExitCode::usage);
    const std::size_t reason = error.message().find(": ", error.message().find(": ") + 2);
    places.push_back(error.message().substr(7, reason - 7));
  }
  CHECK(places == std::vector<std::string>{
                      "5:24: keep_noise[1]", "4:12: title", "3:11: type", "6:31: rate_cap.max",
                      "6:14: rate_cap.by", "6:41: rate_cap.per", "7:17: group_window",
                      "2:14: severity[17]", "2:23: severity[7]", "8:33: observables[1]",
                      "8:51: observables[1].ioc", "9:14: exclude[0]", "10:20: rules[0].set",
                      "10:52: rules[1].set.tlp", "10:70: rules[1].set.destination"});
  CHECK(read.severity_by_level == std::map<int, int>{{3, 1}});
  CHECK(options_from(settings).status().line() == errors.front().line());
}

TEST_CASE("of very many errors the first have positions") {
  std::string rows;
  for (int i = 0; i < 900; ++i) rows += "{},";
  config::Settings settings(config_keys());
  REQUIRE(settings.add_json("{\"exclude\":[" + rows + "]}", "f.json").empty());
  std::vector<Status> errors;
  read_options(settings, errors);
  REQUIRE(errors.size() == config::kMostErrors + 1);
  CHECK(errors.back().message() == config::kMoreFollow);
}

TEST_CASE("options: refusals by the schema itself") {
  for (const char* bad :
       {R"({"min_level":17})", R"({"tlp":5})", R"({"pap":4})", R"({"private_addresses":"hide"})",
        R"({"max_observables":-1})", R"({"tags":"wazuh"})", R"({"min_levle":7})"}) {
    INFO(bad);
    CHECK_FALSE(options_of(bad).ok());
  }
}

TEST_CASE("the length of a data type is counted in characters, not bytes") {
  const auto type = [](const std::string& name) {
    return R"({"observables":[{"path":"data.x","type":")" + name + R"("}]})";
  };
  std::string emoji;
  for (int i = 0; i < 17; ++i) emoji += "\xF0\x9F\x98\x80";
  CHECK(options_of(type(emoji)).ok());
  std::string letters;
  for (int i = 0; i < 64; ++i) letters += "\xC3\xA9";
  CHECK(options_of(type(letters)).ok());
  CHECK(error_of(type(letters + "a")).find("data type of 1 to 64 characters") != std::string::npos);
}
