// SPDX-License-Identifier: Apache-2.0
#include "health/integration_run.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

constexpr uid_t kOther = 65534;

// A home with a program that is this shell script.
struct Home : socbridge::test::TempDir {
  explicit Home(const std::string& script) {
    REQUIRE(::chmod(path().c_str(), 0755) == 0);
    const std::string file = write("integrations/program", "#!/bin/sh\n" + script);
    REQUIRE(::chmod((*this / "integrations").c_str(), 0755) == 0);
    REQUIRE(::chmod(file.c_str(), 0755) == 0);
    call.home = path();
    call.program = "integrations/program";
    call.uid = ::geteuid();
    call.gid = ::getegid();
    call.timeout_ms = 20000;
  }
  Result<IntegrationResult> run() const { return run_integration(call); }
  std::string last_line() const { return run().value().last_line; }
  IntegrationCall call;
};

}  // namespace

TEST_CASE("running the integration: exit code and last line of its output") {
  const auto result = Home("echo first; echo ' last \x1b ' >&2; echo; exit 3").run();
  REQUIRE(result.ok());
  CHECK(result->exit_code == 3);
  CHECK(result->last_line == "last \\u{1b}");
  CHECK(result->took_ms >= 0);
  const auto silent = Home("exit 0").run();
  CHECK(silent->exit_code == 0);
  CHECK(silent->last_line.empty());
  CHECK(Home("kill -9 $$").run()->exit_code == -1);
}

TEST_CASE(
    "running the integration: words, folder, input and environment as integratord gives them") {
  Home words("printf '%s,' \"$@\"");
  words.call.words = {"/tmp/a b.alert", "", "$HOME", "> /dev/null 2>&1"};
  CHECK(words.last_line() == "/tmp/a b.alert,,$HOME,> /dev/null 2>&1,");
  Home folder("pwd");
  CHECK(folder.last_line() == folder.path());
  CHECK(Home("cat; echo end").last_line() == "end");
  CHECK(Home("/usr/bin/env | grep -v '^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD='").last_line() ==
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
}

TEST_CASE("running the integration: root takes on the user that integratord runs as") {
  Home home("id -u; id -g; id -G | tr '\\n' ' '; id -u");
  home.call.uid = home.call.gid = kOther;
  const std::string wanted = std::to_string(::geteuid() == 0 ? kOther : ::geteuid());
  const auto result = home.run();
  REQUIRE(result.ok());
  CHECK(result->last_line.ends_with(" " + wanted));
  if (::geteuid() == 0) CHECK(result->last_line == wanted + " " + wanted);  // no other group
}

TEST_CASE("running the integration: a program that cannot be started is an error") {
  Home home("exit 0");
  home.call.program = "integrations/none";
  const Status none = home.run().status();
  CHECK(none.code() == ExitCode::failure);
  CHECK(none.message().starts_with("cannot run integrations/none as user "));
  home.call.program = "integrations/program";
  REQUIRE(::chmod((home / "integrations/program").c_str(), 0644) == 0);
  CHECK(home.run().status().code() == ExitCode::failure);
  home.call.home = "/no/such/home";
  CHECK(home.run().status().code() == ExitCode::failure);
}

TEST_CASE("running the integration: one that does not end is killed with what it started") {
  Home home("sleep 600 & echo $! > pid; sleep 600");
  home.call.timeout_ms = 300;
  const auto result = home.run();
  CHECK(result.status().code() == ExitCode::unreachable);
  CHECK(result.status().message() ==
        "integrations/program did not end within 300 ms: integratord would hang");
}

TEST_CASE("running the integration: one that closed its output and goes on is killed too") {
  Home home("exec > /dev/null 2>&1; sleep 600");
  home.call.timeout_ms = 300;
  CHECK(home.run().status().code() == ExitCode::unreachable);
}

TEST_CASE("running the integration: without any time it is killed before it began") {
  Home home("sleep 600");
  home.call.timeout_ms = 0;
  CHECK(home.run().status().code() == ExitCode::unreachable);
}

TEST_CASE("running the integration: it is waited for until its output is closed by all") {
  // integratord reads to the end of the pipe: a child that holds it keeps integratord waiting.
  Home home("(sleep 600) & exit 0");
  home.call.timeout_ms = 300;
  const auto result = home.run();
  CHECK(result.status().code() == ExitCode::unreachable);
  CHECK(result.status().hint().find("keeps its output open") != std::string::npos);
}

TEST_CASE("running the integration: very much output is read to its end") {
  const auto result = Home("yes | head -c 1200000; exit 5").run();
  REQUIRE(result.ok());
  CHECK(result->exit_code == 5);
  CHECK(result->last_line == "y");
}

}  // namespace socbridge::health
