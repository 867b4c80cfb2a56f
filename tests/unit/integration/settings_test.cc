// SPDX-License-Identifier: Apache-2.0
#include "integration/settings.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "mapping/preset/preset.h"
#include "support/spool_fixture.h"

namespace socbridge::integration {
using namespace socbridge::test;

namespace {

Sources sources_in(const TempDir& home) {
  Sources sources;
  sources.home = home.path();
  sources.config_file = home.path() + "/etc/w2thive.json";
  sources.hook_url = "http://hook.example/";
  sources.key = Secret("argvkey");
  sources.options_origin = "<options>";
  return sources;
}

}  // namespace

TEST_CASE("without any file the defaults and the arguments hold") {
  const TempDir home;
  const Loaded loaded = load(Env::real(), sources_in(home));
  CHECK(loaded.errors.empty());
  const Settings& s = loaded.settings;
  CHECK(s.endpoint.url == "http://hook.example");
  CHECK(s.endpoint.key.reveal() == "argvkey");
  CHECK(s.thehive_version == "auto");
  CHECK(s.budget_ms == 3000);
  CHECK(s.spool_dir == home.path() + "/queue/w2thive");
  CHECK(s.log_file == home.path() + "/logs/integrations.log");
  CHECK(s.mapping.min_level == 0);
}

TEST_CASE("file over arguments, options over file") {
  const TempDir home;
  home.write("etc/w2thive.json",
             "{ // comment\n\"url\": \"https://file.example/hive/\", \"api_key\": \"filekey\",\n"
             "\"organisation\": \"soc\", \"budget_ms\": 700, \"spool_dir\": \"/srv/spool\", }");
  Sources sources = sources_in(home);
  CHECK(load(Env::real(), sources).settings.endpoint.key.reveal() == "filekey");
  sources.options_json = R"({"organisation":"blue","budget_ms":800,"ca_file":"etc/ca.pem"})";
  const Loaded loaded = load(Env::real(), sources);
  CHECK(loaded.errors.empty());
  CHECK(loaded.settings.endpoint.url == "https://file.example/hive");
  CHECK(loaded.settings.endpoint.organisation == "blue");
  CHECK(loaded.settings.budget_ms == 800);
  CHECK(loaded.settings.spool_dir == "/srv/spool");
  CHECK(loaded.settings.http.tls.ca_file == home.path() + "/etc/ca.pem");
  CHECK(loaded.options_without_secrets ==
        R"({"organisation":"blue","budget_ms":800,"ca_file":"etc/ca.pem"})");
}

TEST_CASE("the timeout of integratord bounds the budget") {
  const TempDir home;
  Sources sources = sources_in(home);
  sources.timeout_s = 2;
  CHECK(load(Env::real(), sources).settings.budget_ms == 2000);
  sources.timeout_s = 30;
  CHECK(load(Env::real(), sources).settings.budget_ms == 3000);
}

TEST_CASE("a key file is read; one that others may write is refused") {
  const TempDir home;
  const std::string file = home.write("etc/key", "k3y-from-file\n");
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  Sources sources = sources_in(home);
  sources.key = Secret("file:" + file);
  CHECK(load(Env::real(), sources).settings.endpoint.key.reveal() == "k3y-from-file");
  REQUIRE(::chmod(file.c_str(), 0660) == 0);
  const Loaded loaded = load(Env::real(), sources);
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].code() == ExitCode::usage);
  CHECK(loaded.errors[0].line().find("k3y-from-file") == std::string::npos);
  CHECK(loaded.settings.endpoint.key.empty());
}

TEST_CASE("errors name the position, and spool and log stay usable") {
  const TempDir home;
  home.write("etc/w2thive.json", "{\n  \"budgetms\": 5,\n  \"spool_dir\": \"/srv/spool\"\n}");
  Sources sources = sources_in(home);
  sources.options_json = R"({"budget_ms": 1})";
  const Loaded loaded = load(Env::real(), sources);
  REQUIRE(loaded.errors.size() == 2);
  CHECK_THAT(loaded.errors[0].message(), Catch::Contains("etc/w2thive.json:2:3: "));
  CHECK_THAT(loaded.errors[0].line(), Catch::Contains("budget_ms"));
  CHECK_THAT(loaded.errors[1].message(), Catch::Contains("<options>:1:"));
  CHECK(loaded.settings.spool_dir == "/srv/spool");
  CHECK(loaded.settings.budget_ms == 3000);
  sources.options_json.clear();
  home.write("etc/w2thive.json", "{");
  CHECK(load(Env::real(), sources).settings.spool_dir == home.path() + "/queue/w2thive");
}

TEST_CASE("a configuration file that any user may write is not used") {
  const TempDir home;
  const std::string file = home.write("etc/w2thive.json", R"({"url":"http://evil.example"})");
  REQUIRE(::chmod(file.c_str(), 0666) == 0);
  const Loaded loaded = load(Env::real(), sources_in(home));
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.settings.endpoint.url == "http://hook.example");
}

TEST_CASE("user information is refused in url and proxy, and not repeated") {
  const TempDir home;
  Sources sources = sources_in(home);
  sources.options_json =
      R"({"url":"http://bob:pw12345@h.example","proxy":"http://u:pw12345@p.example:3128"})";
  const Loaded loaded = load(Env::real(), sources);
  REQUIRE(loaded.errors.size() == 2);
  for (const Status& error : loaded.errors) {
    CHECK(error.line().find("pw12345") == std::string::npos);
  }
  CHECK(loaded.settings.endpoint.url.empty());
  CHECK(loaded.settings.http.proxy.empty());
}

TEST_CASE("every mistake of a file is reported, by any reader") {
  const TempDir home;
  home.write("etc/w2thive.json", R"({
"urll": 1,
"url": "thehive.example",
"api_key": "file:etc/none.key",
"organisation": "{agent.name}",
"pinned_key": "x",
"proxy": "http://a:b@proxy.example",
"destinations": {"a": {"insecure": 1, "proxy": "http://a:b@proxy.example"}, "a b": {}},
"title": "{agnt.name}",
"exclude": [{}, {"level": "x"}],
"rules": [{"set": {"severity": 5}}, {}]})");
  std::vector<std::string> places;
  for (const Status& error : load(Env::real(), sources_in(home)).errors) {
    const std::string text = error.message().substr(home.path().size() + 1);
    places.push_back(text.substr(17, text.find(' ', 25) - 17));
  }
  CHECK(places ==
        std::vector<std::string>{
            "2:1: unknown", "3:1: url:", "4:1: api_key:", "5:1: organisation", "6:15: pinned_key",
            "7:1: proxy", "8:24: destinations.a.insecure", "8:39: destinations.a.proxy",
            "8:77: destinations:", "9:12: title:", "10:1: exclude[0]:", "10:27: exclude[1].level:",
            "11:32: rules[0].set.severity:", "11:1: rules[1]:"});
}

TEST_CASE("settings: the file overrides a preset") {
  const TempDir home;
  home.write("etc/w2thive.json",
             R"({"presets":["python-script","wazuh-responder"],"type":"mine",
                 "custom_fields":{"wazuh_agent_id":"own"}})");
  const Loaded loaded = load(Env::real(), sources_in(home));
  REQUIRE(loaded.errors.empty());
  const mapping::Options& mapping = loaded.settings.mapping;
  CHECK(mapping.type == "mine");
  CHECK(mapping.title == "{rule.description}");
  CHECK(mapping.tags.size() == 5);
  CHECK_FALSE(mapping.built_in_tags.rule);
  CHECK(mapping.severity_by_level == std::map<int, int>{{0, 2}});
  REQUIRE(mapping.custom_fields.size() == 4);
  CHECK(mapping.custom_fields[0].value == "own");
  CHECK(loaded.values.origin("title") == "preset python-script");
  CHECK(loaded.values.origin("type").ends_with("w2thive.json"));
}

TEST_CASE("every preset is a configuration without mistakes") {
  for (const std::string_view name : mapping::preset_names()) {
    config::Settings settings(schema());
    INFO(name);
    CHECK(settings.add_json(mapping::preset_called(name)->keys, "preset").empty());
    CHECK(settings.add_json("{\"presets\":[\"" + std::string(name) + "\"]}", "file").empty());
    CHECK(mapping::options_from(settings).ok());
  }
}

TEST_CASE("an unknown preset is reported with its position") {
  const TempDir home;
  home.write("etc/w2thive.json", "{\n \"presets\": [\"python\"]}");
  const Loaded loaded = load(Env::real(), sources_in(home));
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].line().ends_with(
      "w2thive.json:2:14: presets[0]: no preset is called \"python\"; known are python-script and "
      "wazuh-responder"));
}

}  // namespace socbridge::integration
