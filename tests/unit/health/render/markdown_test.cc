// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/render/render.h"

namespace socbridge::health {
namespace {

std::string rendered(std::vector<Report> reports) {
  Summary summary;
  summary.checked_at_ms = 1767225600123;
  summary.took_ms = 1234;
  summary.reports = std::move(reports);
  return render_markdown(summary);
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const Check kWell{"answer", State::ok, Cause::none, "in 5 ms", ""};

}  // namespace

TEST_CASE("health as Markdown: a heading, a sentence and a row for each component") {
  const std::string text =
      rendered({{"thehive", "TheHive", "", "5.7", 5, {kWell}},
                {"grafana",
                 "Grafana",
                 "",
                 "",
                 -1,
                 {{"configuration", State::skipped, Cause::none, "not set", "set it"}}}});
  CHECK(
      text.starts_with("## SOC health: ✅ ok\n\n1 ok, 1 skipped, checked at "
                       "2026-01-01T00:00:00.123Z in 1234 ms.\n\n"));
  CHECK(holds(text, "| TheHive | ✅ ok | 5 ms | 5.7 | 1 check"));
  CHECK(holds(text, "| Grafana | ⚪ skipped | - | - | "));
  CHECK_FALSE(holds(text, "What to do"));  // what is skipped needs nothing
}

TEST_CASE("health as Markdown: what is not well has an entry with its next step") {
  for (const auto& [state, mark] :
       {std::pair(State::unknown, "❔ unknown"), std::pair(State::degraded, "⚠️ degraded"),
        std::pair(State::down, "❌ down")}) {
    const std::string text = rendered({{"cortex",
                                        "Cortex",
                                        "",
                                        "",
                                        -1,
                                        {kWell,
                                         {"key", state, Cause::auth, "refused", "make one"},
                                         {"jobs", state, Cause::stale, "old", ""}}}});
    CHECK(text.starts_with("## SOC health: " + std::string(mark)));
    CHECK(
        text.ends_with("\n### What to do\n\n- **Cortex, key**: refused. Next: make one\n"
                       "- **Cortex, jobs**: old\n"));
  }
}

TEST_CASE("health as Markdown: text of a server breaks neither table nor list") {
  const std::string odd = "a | b\n- [x](http://evil) <img src=x> `c` **d**";
  const std::string text =
      rendered({{"x", odd, "", odd, 5, {{odd, State::down, Cause::refused, odd, odd}}}});
  std::size_t rows = 0;
  for (std::size_t at = text.find("\n|"); at != std::string::npos; at = text.find("\n|", at + 1)) {
    ++rows;
  }
  CHECK(rows == 3);
  CHECK_FALSE(holds(text, "<img"));
  CHECK_FALSE(holds(text, "](http"));
  CHECK_FALSE(holds(text, "\n- [x]"));
}

TEST_CASE("health as Markdown: a very long text is cut") {
  const std::string text = rendered(
      {{"x", "X", "", "", 5, {{"c", State::down, Cause::refused, std::string(5000, 'y'), ""}}}});
  CHECK(text.size() < 2500);
  CHECK(holds(text, std::string(400, 'y')));
}

TEST_CASE("health as Markdown: a run of no component") {
  const std::string text = rendered({});
  CHECK(text.starts_with("## SOC health: ⚪ skipped\n"));
  CHECK(text.ends_with("|---|---|---|---|---|\n"));
}

}  // namespace socbridge::health
