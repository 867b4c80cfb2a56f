// SPDX-License-Identifier: Apache-2.0
#include "profile/section.h"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::profile {
namespace {

struct Machine : test::TempDir {
  Machine() {
    system.system_config = *this / "etc/socctl/config.json";
    system.environment = {{"HOME", *this / "home"}};
  }
  void own(const std::string& json) const { write("home/.config/socctl/config.json", json); }
  void of_system(const std::string& json) const { write("etc/socctl/config.json", json); }
  Result<Section> read(const std::string& name) const {
    return find_section(Env::real(), name, {}, system);
  }
  Section section(const std::string& name) const {
    auto found = read(name);
    INFO(found.status().line());
    REQUIRE(found.ok());
    return std::move(*found);
  }
  Result<std::vector<std::string>> preset(const std::string& name) const {
    return find_preset(Env::real(), name, {}, system);
  }
  std::string own_path() const { return *this / "home/.config/socctl/config.json"; }
  SystemPaths system;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Machine, "a section is that of the first file which has it, as a whole") {
  of_system(R"({"health":{"a":1,"b":2},"jobs":{}})");
  CHECK(section("health").path == system.system_config);
  own(R"({"health":{"a":5}})");
  const Section own_one = section("health");
  CHECK(own_one.path == own_path());
  CHECK(own_one.value()["a"].integer() == 5);
  CHECK(own_one.value()["b"].missing());  // nothing is mixed
  CHECK(section("jobs").path == system.system_config);
}

TEST_CASE_METHOD(Machine, "a section that no file has is none and no error") {
  CHECK_FALSE(section("health").found());
  own("{}");
  const Section none = section("health");
  CHECK_FALSE(none.found());
  CHECK(none.value().missing());
  CHECK(none.name == "health");
}

TEST_CASE_METHOD(Machine, "a section must be an object, and a broken file is an error") {
  own("{\n \"health\": []}");
  CHECK(read("health").status().line() == own_path() + ":2:2: \"health\" must be an object");
  own("{");
  CHECK(read("health").status().code() == ExitCode::usage);
  own(R"({"healt":{}})");
  CHECK_THAT(read("health").status().line(), Catch::EndsWith("did you mean \"health\"?"));
}

TEST_CASE_METHOD(Machine,
                 "the place of a member in its file, or of the section if it is not there") {
  own("{\n \"health\": {\n  \"a\": {\"b\": 1}}}");
  const Section health = section("health");
  CHECK(health.where() == own_path() + ":2:2");
  CHECK(health.where("a") == own_path() + ":3:3");
  CHECK(health.where("a.b") == own_path() + ":3:9");
  CHECK(health.where("nope") == own_path() + ":2:2");
}

TEST_CASE_METHOD(Machine, "an object of a section is checked against its schema, with the place") {
  const config::Schema schema = {{"max", config::Kind::integer, "1", "", 1, 10},
                                 {"name", config::Kind::string, "", ""}};
  const auto said = [&](const std::string& json, const std::string& dotted = {}) {
    own(json);
    const Section jobs = section("jobs");
    const json::Value at = dotted.empty() ? jobs.value() : jobs.value()[dotted];
    const Status status = check_object(jobs, dotted, at, schema);
    if (!status.ok()) CHECK(status.code() == ExitCode::usage);
    return status.ok() ? "" : status.line().substr(own_path().size());
  };
  CHECK(said(R"({"jobs":{"max":10,"name":"x"}})").empty());
  CHECK(said(R"({"jobs":{}})").empty());
  CHECK(said(R"({"jobs":{"max":11}})") == ":1:10: max must be 1 to 10 (is 11)");
  CHECK(said(R"({"jobs":{"nam":"x"}})") == ":1:10: unknown key \"nam\"; did you mean \"name\"?");
  CHECK(said("{\"jobs\":{\"a\":{\n\"name\":5}}}", "a") ==
        ":2:1: name must be a string in double quotes (is 5)");
}

TEST_CASE_METHOD(Machine, "a preset of one's own goes before a built-in one of its name") {
  const Names built_in = preset("reputation").value();
  CHECK_FALSE(built_in.empty());
  own(R"({"presets":{"reputation":["Mine_1_0"],"empty":[]}})");
  CHECK(preset("reputation").value() == Names{"Mine_1_0"});
  CHECK(preset("empty")->empty());
  CHECK_FALSE(preset("files")->empty());
}

TEST_CASE_METHOD(Machine, "a preset that does not exist is said with the nearest of both kinds") {
  CHECK(preset("reputatoin").status().line() ==
        "there is no preset \"reputatoin\"; did you mean reputation?");
  own(R"({"presets":{"triage":["A"]}})");
  const Status near = preset("triag").status();
  CHECK(near.code() == ExitCode::usage);
  CHECK(near.line() == "there is no preset \"triag\"; did you mean \"triage\"?");
  CHECK(preset("reputatoin").status().hint() == "did you mean reputation?");
}

TEST_CASE_METHOD(Machine, "a preset must be a list of names") {
  own("{\"presets\":{\n\"triage\":\"A\"}}");
  CHECK(preset("triage").status().line() ==
        own_path() + ":2:1: triage must be an array of strings (is a string)");
  own(R"({"presets":{"triage":["A",5]}})");
  CHECK_THAT(preset("triage").status().line(), Catch::EndsWith("(is 5 at position 2)"));
}

TEST_CASE("the folder of state files: named, of root, or of the user") {
  SystemPaths system;
  const bool is_root = ::geteuid() == 0;
  CHECK(state_dir(system) == "/var/lib/socctl");
  system.environment = {{"HOME", "/home/one"}};
  CHECK(state_dir(system) == (is_root ? "/var/lib/socctl" : "/home/one/.local/state/socctl"));
  system.environment.emplace_back("XDG_STATE_HOME", "/x");
  CHECK(state_dir(system) == (is_root ? "/var/lib/socctl" : "/x/socctl"));
  system.environment.emplace_back("SOCCTL_STATE_DIR", "/named");
  CHECK(state_dir(system) == "/named");
}

}  // namespace socbridge::profile
