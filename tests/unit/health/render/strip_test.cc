// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <pugixml.hpp>

#include "health/render/render.h"

namespace socbridge::health {
namespace {

constexpr UnixMillis kStart = 1767225600000;  // 2026-01-01T00:00:00Z
constexpr UnixMillis kMinute = 60000;

// Runs a minute apart with these states of one component; empty: it was not checked.
std::vector<PastRun> runs_of(const std::vector<std::optional<State>>& states) {
  std::vector<PastRun> out;
  for (const auto& state : states) {
    PastRun run{kStart + static_cast<UnixMillis>(out.size()) * kMinute, {}};
    if (state) run.components.emplace_back("thehive", *state);
    out.push_back(std::move(run));
  }
  return out;
}

Summary of(std::vector<PastRun> history, const std::string& title = "TheHive") {
  Summary summary;
  summary.reports = {{"thehive", title, "", "", -1, {}}};
  summary.history = std::move(history);
  return summary;
}

// The bars of the figure, which has to be well-formed: "state x width: title".
std::vector<std::string> bars(const Summary& summary) {
  pugi::xml_document document;
  const std::string text = render_strip(summary);
  REQUIRE(document.load_string(text.c_str()));
  std::vector<std::string> out;
  for (const pugi::xml_node bar : document.child("figure").child("svg").children("rect")) {
    out.push_back(std::string(bar.attribute("class").value()) + " " + bar.attribute("x").value() +
                  " " + bar.attribute("width").value() + ": " + bar.child("title").text().get());
  }
  return out;
}

using Bars = std::vector<std::string>;

}  // namespace

TEST_CASE("history strip: runs of one state that follow each other are one bar") {
  const auto ok = State::ok, down = State::down;
  CHECK(bars(of(runs_of({ok, ok, down, ok}))) ==
        Bars{"ok 535.0 22.5: TheHive: ok from 2026-01-01 00:00 to 2026-01-01 00:01, 2 runs",
             "down 557.5 11.2: TheHive: down from 2026-01-01 00:02 to 2026-01-01 00:02, 1 run",
             "ok 568.8 11.2: TheHive: ok from 2026-01-01 00:03 to 2026-01-01 00:03, 1 run"});
}

TEST_CASE("history strip: a run without the component is a gap") {
  CHECK(bars(of(runs_of({State::ok, {}, State::ok}))).size() == 2);
  CHECK(bars(of(runs_of({{}, State::down}))) ==
        Bars{"down 568.8 11.2: TheHive: down from 2026-01-01 00:01 to 2026-01-01 00:01, 1 run"});
}

TEST_CASE("history strip: many runs fill the width, the worse a state the taller its bar") {
  const Bars many = bars(of(runs_of(std::vector<std::optional<State>>(1000, State::ok))));
  REQUIRE(many.size() == 1);
  CHECK(many[0].starts_with("ok 130.0 450.0: "));
  pugi::xml_document document;
  const std::string text = render_strip(
      of(runs_of({State::skipped, State::ok, State::unknown, State::degraded, State::down})));
  REQUIRE(document.load_string(text.c_str()));
  int before = 0;
  for (const pugi::xml_node bar : document.child("figure").child("svg").children("rect")) {
    const int height = bar.attribute("height").as_int();
    CHECK(height > before);
    CHECK(bar.attribute("y").as_int() + height == 22);
    before = height;
  }
  CHECK(before == 20);
}

TEST_CASE("history strip: none without runs, or of what never was configured") {
  CHECK(render_strip(of({})).empty());
  CHECK(render_strip(of(runs_of({State::skipped, {}}))).empty());
  CHECK_FALSE(render_strip(of(runs_of({State::skipped, State::ok}))).empty());
  Summary nothing = of(runs_of({State::ok}));
  nothing.reports.clear();
  CHECK(render_strip(nothing).empty());
}

TEST_CASE("history strip: its foot names the first and the last run") {
  const std::string one = render_strip(of(runs_of({State::ok})));
  CHECK(one.find("\">2026-01-01 00:00, UTC</text>") != std::string::npos);
  CHECK(one.find("aria-label=\"The last 1 runs\"") != std::string::npos);
  CHECK(render_strip(of(runs_of({State::ok, State::ok})))
            .find("\">2026-01-01 00:00 to 2026-01-01 00:01, UTC</text>") != std::string::npos);
}

TEST_CASE("history strip: a title is text, and a time that has no date is not a crash") {
  const Bars odd = bars(of(runs_of({State::ok}), "<script>\"&'\x1b"));
  REQUIRE(odd.size() == 1);
  CHECK(odd[0].find("<script>\"&'\\u{1b}: ok from") != std::string::npos);
  CHECK(bars(of({{INT64_MAX, {{"thehive", State::ok}}}})).size() == 1);
}

TEST_CASE("history as JSON keeps the order and the names of the runs") {
  CHECK(history_json({}) == "[]");
  CHECK(
      history_json(
          {{kStart, {}}, {kStart + 1, {{"b\"", State::unknown}, {"a", State::skipped}}}}) ==
      R"([{"checked_at":"2026-01-01T00:00:00.000Z","components":{}},)"
      R"({"checked_at":"2026-01-01T00:00:00.001Z","components":{"b\"":"unknown","a":"skipped"}}])");
}

}  // namespace socbridge::health
