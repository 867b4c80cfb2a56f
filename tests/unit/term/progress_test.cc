// SPDX-License-Identifier: Apache-2.0
#include "term/progress.h"

#include <catch2/catch.hpp>

namespace socbridge::term {
namespace {

struct Screen {
  std::string bytes;
  std::int64_t now = 1000;
  Progress::Sink sink() {
    return [this](std::string_view text) { bytes += text; };
  }
  std::function<std::int64_t()> clock() {
    return [this] { return now; };
  }
};

Terminal terminal(int width) {
  Terminal t;
  t.tty = true;
  t.width = width;
  return t;
}

TEST_CASE("a bar, the rate and the remaining time", "[progress]") {
  Screen screen;
  Progress progress("reconcile", terminal(100), screen.sink(), screen.clock());
  screen.now += 10000;
  progress.update({40, 100, 1234567, "alerts"});
  CHECK(screen.bytes ==
        "\rreconcile [########------------]  40%  1 234 567 alerts  123 456/s  0:15 left\x1b[K");
  screen.bytes.clear();
  progress.clear();
  CHECK(screen.bytes == "\r\x1b[K");
  progress.clear();
  CHECK(screen.bytes == "\r\x1b[K");
}

TEST_CASE("an unknown total has no bar and no end", "[progress]") {
  Screen screen;
  Progress progress("read", terminal(100), screen.sink(), screen.clock());
  screen.now += 2000;
  progress.update({40, 0, 10, "alerts"});
  CHECK(screen.bytes == "\rread  10 alerts  5/s\x1b[K");
}

TEST_CASE("progress: drawn at most ten times a second", "[progress]") {
  Screen screen;
  Progress progress("x", terminal(80), screen.sink(), screen.clock());
  int drawn = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    ++screen.now;
    screen.bytes.clear();
    progress.update({1, 2, 3, "things"});
    if (!screen.bytes.empty()) ++drawn;
  }
  CHECK(drawn == 10);
}

TEST_CASE("never wider than the terminal", "[progress]") {
  for (const int width : {1, 10, 40, 59, 60, 79, 200}) {
    Screen screen;
    Progress progress("reconcile", terminal(width), screen.sink(), screen.clock());
    screen.now += 5000;
    progress.update({123456789, 987654321, 123456789, "alerts"});
    const std::size_t shown = screen.bytes.size() - 1 - 3;  // without \r and the erase sequence
    CHECK(shown < static_cast<std::size_t>(std::max(width, 2)));
  }
}

TEST_CASE("without a terminal nothing is written", "[progress]") {
  Screen screen;
  {
    Progress piped("x", Terminal{}, screen.sink(), screen.clock());
    screen.now += 1000;
    piped.update({1, 2, 3, "things"});
    Terminal dumb = terminal(80);
    dumb.dumb = true;
    Progress on_dumb("x", dumb, screen.sink(), screen.clock());
    screen.now += 1000;
    on_dumb.update({1, 2, 3, "things"});
  }
  CHECK(screen.bytes.empty());
}

TEST_CASE("the line is removed when the object is destroyed", "[progress]") {
  Screen screen;
  {
    Progress progress("x", terminal(80), screen.sink(), screen.clock());
    screen.now += 1000;
    progress.update({1, 2, 3, "things"});
  }
  CHECK(screen.bytes.ends_with("\r\x1b[K"));
}

TEST_CASE("progress: digits in groups, seconds as a clock", "[progress]") {
  CHECK(group_digits(0) == "0");
  CHECK(group_digits(999) == "999");
  CHECK(group_digits(1000) == "1 000");
  CHECK(group_digits(1234567) == "1 234 567");
  CHECK(clock_text(7) == "0:07");
  CHECK(clock_text(750) == "12:30");
  CHECK(clock_text(11045) == "3:04:05");
}

}  // namespace
}  // namespace socbridge::term
