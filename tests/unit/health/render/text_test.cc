// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/render/render.h"

namespace socbridge::health {
namespace {

Summary sample() {
  Summary summary;
  summary.reports = {
      {"thehive",
       "TheHive",
       "",
       "5.7",
       5,
       {{"answer", State::ok, Cause::none, "in 5 ms", ""},
        {"key", State::down, Cause::auth, "refused", "make a new key"}}},
      {"grafana",
       "Grafana",
       "",
       "",
       -1,
       {{"configuration", State::skipped, Cause::none, "not configured", "set the URL"}}}};
  return summary;
}

constexpr term::Terminal kWide{true, false, 200};

}  // namespace

TEST_CASE("health as plain text: a line a check, six fields between tabs") {
  CHECK(render_plain(sample()) ==
        "thehive\tanswer\tok\tnone\tin 5 ms\t\n"
        "thehive\tkey\tdown\tauth\trefused\tmake a new key\n"
        "grafana\tconfiguration\tskipped\tnone\tnot configured\tset the URL\n");
  CHECK(render_plain({}).empty());
}

TEST_CASE("health as plain text: no text of a server makes a line or a field") {
  Summary summary = sample();
  summary.reports[0].checks[1].detail = "a\tb\nthehive\tkey\tok\x1b[2J";
  const std::string text = render_plain(summary);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(std::count(text.begin(), text.end(), '\t') == 15);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("health as a table: a line a component, then what to do next") {
  const std::string table = render_table(sample(), kWide, false);
  CHECK(table.starts_with("COMPONENT"));
  CHECK(table.find("thehive") < table.find("grafana"));
  CHECK(table.find("key: refused") != std::string::npos);
  // What is skipped has a next step too, but nothing is wrong with it.
  CHECK(table.ends_with("\nNext:\n  thehive, key: make a new key\n"));
  CHECK(table.find("answer") == std::string::npos);
}

TEST_CASE("health as a table: every check with its detail and next step if all are wanted") {
  const std::string table = render_table(sample(), kWide, true);
  CHECK(table.find("in 5 ms") != std::string::npos);
  CHECK(table.find("make a new key") != std::string::npos);
  CHECK(table.find("Next:") == std::string::npos);
  CHECK(std::count(table.begin(), table.end(), '\n') == 4);
}

TEST_CASE("health as a table: nothing to do if all is well, or nothing is known to do") {
  Summary summary = sample();
  summary.reports[0].checks[1].next.clear();
  CHECK(render_table(summary, kWide, false).find("Next:") == std::string::npos);
  summary.reports[0].checks.pop_back();
  CHECK(render_table(summary, kWide, false).find("Next:") == std::string::npos);
  summary.reports[0].version.clear();
  CHECK(render_table(summary, kWide, false).find(" - ") != std::string::npos);
}

TEST_CASE("health as a table: states have colours only where the terminal has them") {
  CHECK(render_table(sample(), kWide, false).find('\x1b') == std::string::npos);
  CHECK(render_table(sample(), {true, true, 200}, false).find("\x1b[31mdown") != std::string::npos);
}

TEST_CASE("health as a table: a next step of many bytes is whole and printable") {
  Summary summary = sample();
  summary.reports[0].checks[1].next = std::string(5000, 'x') + "\x1b[2J\nend";
  const std::string table = render_table(summary, {true, false, 80}, false);
  CHECK(table.find(std::string(5000, 'x') + "\\u{1b}[2J") != std::string::npos);
  CHECK(table.find('\x1b') == std::string::npos);
}

}  // namespace socbridge::health
