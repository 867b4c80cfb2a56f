// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/render/render.h"
#include "unit/health/summary.h"

namespace socbridge::health {
namespace {

Summary of(const Report& report) {
  Summary summary;
  summary.reports = {report};
  return summary;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("text for a page is escaped for texts and attributes") {
  CHECK(escape_html("<a href=\"x\" b='y'>&amp;") ==
        "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  CHECK(escape_html("").empty());
  CHECK(escape_html(std::string_view("\0\x1b\n", 3)) == "\\u{0}\\u{1b}\\n");
  CHECK(escape_html("\xff") == "\xef\xbf\xbd");
  CHECK(escape_html(std::string(5000, '<')).size() == 20000);
}

TEST_CASE("a page without components is complete and says that nothing was checked") {
  const std::string page = render_html({});
  CHECK(page.starts_with("<!doctype html>\n"));
  CHECK(page.ends_with("</main>\n</body>\n</html>\n"));
  CHECK(holds(page, "<title>SOC health: skipped</title>"));
  CHECK_FALSE(holds(page, "<details"));
}

TEST_CASE("a component that is not ok is expanded, one that is ok is collapsed") {
  const Check well{"answer", State::ok, Cause::none, "in 5 ms", ""};
  CHECK(holds(render_html(of({"x", "X", "", "", -1, {well}})), "<details class=\"ok\"><summary>"));
  for (const State state : {State::unknown, State::degraded, State::down}) {
    const Check bad{"answer", state, Cause::slow, "late", "wait"};
    CHECK(holds(render_html(of({"x", "X", "", "", -1, {well, bad}})),
                "<details class=\"" + std::string(state_name(state)) + "\" open><summary>"));
  }
}

TEST_CASE("html: unknown facts are omitted") {
  const Check well{"answer", State::ok, Cause::none, "", ""};
  CHECK_FALSE(holds(render_html(of({"x", "X", "", "", -1, {well}})), "class=\"facts\""));
  CHECK(holds(render_html(of({"x", "X", "http://a?b&c", "", 0, {well}})),
              "<p class=\"facts\">http://a?b&amp;c · 0 ms</p>"));
  CHECK(holds(render_html(of({"x", "X", "", "1.2", -1, {well}})),
              "<p class=\"facts\">version 1.2</p>"));
}

TEST_CASE("the cause is next to a finding, the next step below") {
  const Check bad{"key", State::down, Cause::auth, "refused", "make a <new> one"};
  const std::string page = render_html(of({"x", "X", "", "", -1, {bad}}));
  CHECK(holds(page, "<strong>key</strong> refused <small>(auth)</small>"));
  CHECK(holds(page, "<p class=\"next\">make a &lt;new&gt; one</p>"));
  const Check plain{"key", State::down, Cause::none, "refused", ""};
  const std::string bare = render_html(of({"x", "X", "", "", -1, {plain}}));
  CHECK_FALSE(holds(bare, "<small>"));
  CHECK_FALSE(holds(bare, "class=\"next\""));
}

TEST_CASE("a page reloads after whole seconds, at least one") {
  Summary summary;
  for (const auto& [ms, seconds] :
       {std::pair(1, "1"), std::pair(999, "1"), std::pair(1999, "1"), std::pair(60000, "60")}) {
    summary.again_ms = ms;
    CHECK(holds(render_html(summary),
                "<meta http-equiv=\"refresh\" content=\"" + std::string(seconds) + "\">"));
  }
  summary.again_ms = -5;
  CHECK_FALSE(holds(render_html(summary), "refresh\""));
}

}  // namespace socbridge::health
