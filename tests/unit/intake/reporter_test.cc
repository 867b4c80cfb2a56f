// SPDX-License-Identifier: Apache-2.0
#include "intake/reporter.h"

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::intake {
namespace {

struct Fixture {
  Fixture() { reporter.set_log_file(home / "integrations.log"); }
  std::string log() const { return home.read("integrations.log"); }
  // The lines of the log without their times.
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    const std::string text = log();
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      out.push_back(line.substr(line.find(' ') + 1));
    }
    return out;
  }

  test::TempDir home;
  wazuh::Invocation call;
  Reporter reporter{Env::real(), call};
  const std::string name = wazuh::own_name();
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a success has a line for the pipe only in debug mode, and none in the log") {
  Fixture f;
  f.reporter.set_ids(" (alert 1.2, rule 5)");
  CHECK(f.reporter.success("created").line.empty());
  f.call.debug = true;
  const IntakeResult loud = f.reporter.success("created");
  CHECK(loud.code == ExitCode::ok);
  CHECK(loud.line == "custom-w2thive: created (alert 1.2, rule 5)");
  CHECK(f.log().empty());
}

TEST_CASE("a failure has its code, a line for the pipe and one in the log, behind the remarks") {
  Fixture f;
  f.reporter.set_ids(" (alert 1.2, rule 5)");
  f.call.remarks = {"an argument looks shifted"};
  const IntakeResult failed = f.reporter.failure(ExitCode::usage, "no url");
  CHECK(failed.code == ExitCode::usage);
  CHECK(failed.line == "custom-w2thive: no url (alert 1.2, rule 5)");
  CHECK(f.lines() == Lines{f.name + " WARNING: arguments: an argument looks shifted",
                           f.name + " ERROR: no url (alert 1.2, rule 5)"});
}

TEST_CASE("the ids stand behind a line of the log unless it is a plain one") {
  Fixture f;
  f.reporter.set_ids(" (rule 5)");
  f.reporter.log("WARNING", "a");
  f.reporter.log_plain("INFO", "b");
  CHECK(f.lines() == Lines{f.name + " WARNING: a (rule 5)", f.name + " INFO: b"});
}

TEST_CASE("a line for the pipe is printable and at most as long as integratord reads") {
  const Fixture f;
  const std::string line = f.reporter.line("a\n\x1b[2J" + std::string(5000, 'x'));
  CHECK(line.find_first_of("\n\x1b") == std::string::npos);
  CHECK(line.size() < 1030);
  CHECK(line.starts_with("custom-w2thive: a"));
}

TEST_CASE("a log that cannot be written changes no result") {
  Fixture f;
  f.reporter.set_log_file(f.home / "none/integrations.log");
  const IntakeResult failed = f.reporter.failure(ExitCode::unreachable, "away");
  CHECK(failed.code == ExitCode::unreachable);
  CHECK(failed.line == "custom-w2thive: away");
}

}  // namespace socbridge::intake
