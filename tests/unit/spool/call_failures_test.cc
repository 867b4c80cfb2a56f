// SPDX-License-Identifier: Apache-2.0
#include "spool/call_failures.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <string>
#include <vector>

#include "support/fake_clock.h"

using namespace socbridge;
using spool::CallFailures;

namespace {

struct Fixture {
  Fixture() {
    failures.set_report([this](CallFailures::Event event, const std::string& line) {
      lines.push_back((event == CallFailures::Event::failed ? "- " : "+ ") + line);
    });
  }
  void fail(std::string_view call, const std::string& path, int error = EACCES) {
    failures.failed(call, path,
                    Status::error(ExitCode::failure, path + ": it failed").with_errno(error));
  }
  FakeClock clock;
  CallFailures failures;
  std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("a cause is reported once, with its cure") {
  Fixture fixture;
  for (int i = 0; i < 5; ++i) fixture.fail("open", "/s/queue/1-a.alert");
  fixture.fail("open", "/s/queue/2-b.alert");  // another file of the same kind
  CHECK(fixture.lines ==
        std::vector<std::string>{
            "- spool: /s/queue/1-a.alert: it failed; run socctl queue fsck as root"});
  CHECK(fixture.failures.count() == 6);
  CHECK(fixture.failures.open().size() == 1);
}

TEST_CASE("another call, folder, file or error is another cause") {
  Fixture fixture;
  fixture.fail("open", "/s/queue/1.alert");
  fixture.fail("remove", "/s/queue/1.alert");
  fixture.fail("open", "/s/dead/1.alert");
  fixture.fail("open", "/s/in-flight");
  fixture.fail("open", "/s/queue/1.alert", ENOSPC);
  CHECK(fixture.lines.size() == 5);
  CHECK(fixture.failures.counts_by_call() ==
        std::map<std::string, std::uint64_t>{{"open", 4}, {"remove", 1}});
  // All of tmp/ is one.
  fixture.fail("create", "/s/tmp/usage.5");
  fixture.fail("create", "/s/tmp/due.7");
  CHECK(fixture.lines.size() == 6);
}

TEST_CASE("call failures: each error has a cure") {
  Fixture fixture;
  const std::vector<std::pair<int, std::string>> cures = {
      {EPERM, "run socctl queue fsck as root"},
      {ENOTDIR, "remove it, then run socctl queue fsck as root"},
      {EROFS, "mount the file system writable"},
      {EDQUOT, "make room: see df and df -i"},
      {EMFILE, "raise the limit of open files"},
      {ENOENT, "run socctl queue fsck"},
      {EIO, "check the disk"},
      {0, "run socctl queue fsck for details"},
      {EINVAL, "run socctl queue fsck for details"}};
  for (const auto& [error, cure] : cures) {
    fixture.fail("open", "/s/x", error);
    CHECK_THAT(fixture.lines.back(), Catch::EndsWith("; " + cure));
  }
  CHECK(fixture.lines.size() == cures.size());
}

TEST_CASE("it works again with the same call on the file that was reported") {
  Fixture fixture;
  fixture.fail("open", "/s/queue/1.alert");
  fixture.failures.worked("open", "/s/queue/2.alert");
  fixture.failures.worked("remove", "/s/queue/1.alert");
  fixture.failures.worked("open", "");
  CHECK(fixture.lines.size() == 1);
  fixture.failures.worked("open", "/s/queue/1.alert");
  CHECK(fixture.lines.back() == "+ spool: /s/queue/1.alert can be used again");
  CHECK(fixture.failures.open().empty());
  fixture.failures.worked("open", "/s/queue/1.alert");
  CHECK(fixture.lines.size() == 2);
  fixture.fail("open", "/s/queue/3.alert");
  CHECK(fixture.lines.size() == 3);
  CHECK(fixture.failures.open().size() == 1);
}

TEST_CASE("any new file proves that its folder can be written") {
  Fixture fixture;
  fixture.fail("create", "/s/tmp/1-a.alert");
  fixture.failures.worked("create", "/s/state/x");
  CHECK(fixture.lines.size() == 1);
  fixture.failures.worked("create", "/s/tmp/2-b.alert");
  CHECK(fixture.lines.back() == "+ spool: /s/tmp/2-b.alert can be used again");
}

TEST_CASE("a descriptor alone does not show which file works again") {
  Fixture fixture;
  fixture.fail("write", "");
  fixture.failures.worked("write", "");
  CHECK(fixture.failures.open().size() == 1);
  CHECK(fixture.lines.size() == 1);
}

TEST_CASE("after ten quiet minutes it is reported again; each failure begins them again") {
  Fixture fixture;
  fixture.fail("open", "/s/x");
  for (int i = 0; i < 5; ++i) {
    fixture.clock.advance_ms(599999);
    fixture.fail("open", "/s/x");
  }
  CHECK(fixture.lines.size() == 1);
  fixture.clock.advance_ms(600000);
  fixture.fail("open", "/s/x");
  CHECK(fixture.lines.size() == 2);
  CHECK(fixture.failures.open().size() == 1);
  fixture.failures.worked("open", "/s/x");
  CHECK(fixture.failures.open().empty());
}

TEST_CASE("failures before the first listener are reported then, up to a hundred lines") {
  CallFailures failures;
  for (int i = 0; i < 200; ++i) {
    failures.failed("open",
                    "/s/" + std::string(1, static_cast<char>('a' + i % 26)) +
                        std::string(static_cast<std::size_t>(i) / 26, 'z'),
                    Status::error(ExitCode::failure, "line " + std::to_string(i)));
  }
  std::vector<std::string> lines;
  failures.set_report([&](CallFailures::Event, const std::string& line) { lines.push_back(line); });
  REQUIRE(lines.size() == 100);
  CHECK_THAT(lines.front(), Catch::StartsWith("spool: line 0; "));
  CHECK(failures.count() == 200);
  // Once.
  std::vector<std::string> again;
  failures.set_report([&](CallFailures::Event, const std::string& line) { again.push_back(line); });
  CHECK(again.empty());
}
