// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "base/log.h"
#include "health/probes/wazuh.h"
#include "probed.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kMinute = 60000;

std::string line(std::int64_t minutes_ago, const std::string& rest) {
  return format_utc(FakeClock::kStart - minutes_ago * kMinute) + " " + rest + "\n";
}

std::string said_of(const std::string& log, Options options = test::nothing_here()) {
  const socbridge::test::TempDir folder;
  const std::string file = folder.write("integrations.log", log);
  Probe probe(Env::real(), options, std::nullopt, {"wazuh", "Wazuh"}, Deadline::after_ms(1000));
  check_log(probe, file, "log");
  if (probe.report().state() > State::ok)
    CHECK(test::next_of(probe.report(), "log") == "read " + file);
  return test::said(probe.report(), "log");
}

}  // namespace

TEST_CASE("wazuh log: errors and warnings of the last hour are counted, the newest is shown") {
  const FakeClock clock;
  CHECK(said_of(line(61, "custom-w2thive ERROR: old") + line(59, "custom-w2thive ERROR: one") +
                line(5, "custom-w2thive WARNING: two") + line(4, "custom-w2thive ERROR: three: x") +
                line(3, "custom-w2thive INFO: four")) ==
        "degraded reported_error: 2 errors and 1 warning in the last hour, the newest: three: x");
  CHECK(said_of(line(5, "custom-w2thive WARNING: two")) ==
        "degraded reported_error: 1 warning in the last hour, the newest: two");
}

TEST_CASE("wazuh log: a line as this program itself writes it is understood") {
  const FakeClock clock;
  const socbridge::test::TempDir folder;
  REQUIRE(append_log_line(Env::real(), folder / "log", "custom-w2thive", "ERROR", "no key").ok());
  CHECK(said_of(folder.read("log")) ==
        "degraded reported_error: 1 error in the last hour, the newest: no key");
}

TEST_CASE("wazuh log: lines of other integrations and broken lines do not count") {
  const FakeClock clock;
  CHECK(said_of(line(1, "custom-slack ERROR: x") + line(1, "x custom-w2thive ERROR: x") +
                "custom-w2thive ERROR: no time\n" + "yesterday custom-w2thive ERROR: no time\n" +
                line(1, "custom-w2thive") + line(1, "custom-w2thive ERRORS: x") + "\n\n " +
                std::string("\0\xff \0", 4)) == "ok: no errors and no warnings in the last hour");
  CHECK(said_of("") == "ok: no errors and no warnings in the last hour");
}

TEST_CASE("wazuh log: only the end of a long log is read") {
  const FakeClock clock;
  const std::string noise = line(1, "custom-slack INFO: " + std::string(1000, 'x'));
  std::string much;
  while (much.size() < (std::size_t{300} << 10)) much += noise;
  CHECK(said_of(line(1, "custom-w2thive ERROR: before") + much) ==
        "ok: no errors and no warnings in the last hour");
  CHECK(said_of(much + line(1, "custom-w2thive ERROR: behind")).ends_with("the newest: behind"));
}

TEST_CASE("wazuh log: a threshold of more lines, and a log that cannot be read") {
  const FakeClock clock;
  const socbridge::test::TempDir folder;
  Options options = test::nothing_here();
  options.flags.config_file =
      folder.write("config.json", R"({"health":{"wazuh":{"log":{"degraded":2}}}})");
  REQUIRE(options.thresholds.read(Env::real(), options.flags, options.system).empty());
  const std::string one = line(1, "custom-w2thive ERROR: x");
  CHECK(said_of(one + one, options) == "ok: 2 errors in the last hour, the newest: x");
  CHECK(said_of(one + one + one, options).starts_with("degraded reported_error: 3 errors"));
  Probe probe(Env::real(), options, std::nullopt, {"wazuh", "Wazuh"}, Deadline::after_ms(1000));
  check_log(probe, folder / "none.log", "log 2");
  CHECK(test::said(probe.report(), "log 2") ==
        "skipped: " + (folder / "none.log") +
            " cannot be read; it is created with the first failure");
}

TEST_CASE("wazuh log: text of an alert in the log does not reach a terminal") {
  const FakeClock clock;
  CHECK(said_of(line(1, "custom-w2thive ERROR: \x1b[2J\u202e")).find_first_of("\x1b") ==
        std::string::npos);
}

}  // namespace socbridge::health
