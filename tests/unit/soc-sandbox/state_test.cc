// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "base/env.h"
#include "raw_client.h"
#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

namespace {

sandbox::ServerOptions with_state(const std::string& file) {
  auto with = options();
  with.state_file = file;
  return with;
}

std::string text_of(const std::string& file) {
  auto text = Env::real().read_file(file, 1 << 20);
  REQUIRE(text.ok());
  return *text;
}

void append(const std::string& file, const std::string& bytes) {
  auto fd = Env::real().open_append(file, 0600);
  REQUIRE(fd.ok());
  REQUIRE(Env::real().write_all(fd->get(), bytes).ok());
}

}  // namespace

TEST_CASE("data survives a restart, removed data does not") {
  const socbridge::test::TempDir folder;
  const std::string file = folder / "state.jsonl";
  std::string before, observables;
  {
    Sandbox sandbox(with_state(file));
    sandbox.ask("POST", "/api/v1/observable/type", R"({"name":"username"})");
    sandbox.ask("POST", "/api/v1/customField",
                R"({"name":"cf","group":"g","description":"d","type":"string"})");
    sandbox.ask("POST", "/api/v1/caseTemplate", R"({"name":"triage"})");
    sandbox.post_alert(
        R"("tags":["a"],"customFields":{"cf":"v"},"observables":[{"dataType":"username","data":"u"}],)"
        R"("procedures":[{"patternId":"T1110","occurDate":9,"tactic":"credential-access"}])");
    sandbox.post_alert(
        R"("sourceRef":"gone","observables":[{"dataType":"ip","data":"192.0.2.1"}])");
    sandbox.post_alert(
        R"("sourceRef":"case","observables":[{"dataType":"ip","data":"192.0.2.2"}])");
    sandbox.ask("PATCH", "/api/v1/alert/wazuh%3Bmgr%3Br-1", R"({"severity":4,"flag":true})");
    sandbox.ask("POST", "/api/v1/alert/wazuh%3Bmgr%3Br-1/comment", R"({"message":"m"})");
    sandbox.ask("POST", "/api/v1/alert/wazuh%3Bmgr%3Bcase/case", "{}");
    CHECK(sandbox.ask("DELETE", "/api/v1/alert/wazuh%3Bmgr%3Bgone").status == 204);
    before = sandbox.server().alerts_json();
    observables = sandbox.query(R"({"_name":"listObservable"})").root().dump();
  }
  Sandbox again(with_state(file));
  CHECK(again.server().alerts_json() == before);
  CHECK(again.query(R"({"_name":"listObservable"})").root().dump() == observables);
  CHECK(again.query(R"({"_name":"listAlert"},{"_name":"comments"})").root().size() == 1);
  CHECK(again.query(R"({"_name":"listAlert"},{"_name":"procedures"})").root().size() == 1);
  CHECK(again.query(R"({"_name":"getCase","idOrName":"1"},{"_name":"alerts"})").root().size() == 1);
  CHECK(error_type(again.post_alert("")) == "CreateError");
  CHECK(again.post_alert(R"("sourceRef":"new","caseTemplate":"triage","customFields":{"cf":"w"})")
            .status == 201);
  const auto all =
      again.query(R"({"_name":"listAlert"},{"_name":"sort","_fields":[{"_createdAt":"asc"}]})");
  CHECK(all.root().size() == 3);
}

TEST_CASE("an incomplete last line is removed, the rest is kept and extended") {
  const socbridge::test::TempDir folder;
  const std::string file = folder / "state.jsonl";
  {
    Sandbox sandbox(with_state(file));
    sandbox.post_alert("");
  }
  const std::string whole = text_of(file);
  append(file, R"({"alert":{"id":9)");
  {
    Sandbox sandbox(with_state(file));
    CHECK(sandbox.server().alert_count() == 1);
    sandbox.post_alert(R"("sourceRef":"b")");
  }
  CHECK(text_of(file).substr(0, whole.size()) == whole);
  Sandbox sandbox(with_state(file));
  CHECK(sandbox.server().alert_count() == 2);
}

TEST_CASE("a file that is not a state file is refused and not changed") {
  const socbridge::test::TempDir folder;
  const std::string file = folder / "notes.txt";
  append(file, "hello\nworld\n");
  const auto server = sandbox::Server::start(with_state(file));
  REQUIRE_FALSE(server.ok());
  CHECK(server.status().code() == ExitCode::failure);
  CHECK(server.status().message().find("line 1 of") == 0);
  CHECK(text_of(file) == "hello\nworld\n");
  CHECK_FALSE(sandbox::Server::start(with_state("/nonexistent/dir/state")).ok());
}
