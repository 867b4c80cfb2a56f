// SPDX-License-Identifier: Apache-2.0
// Golden outputs: tests/fixtures/health. To accept a change on purpose, run the test with
// SOCBRIDGE_UPDATE_GOLDEN=1 and read the difference.
#include "health/render/render.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "base/unprintable.h"
#include "base/utf8.h"
#include "unit/health/summary.h"

namespace socbridge::health {
namespace {

void compare(const std::string& name, const std::string& text) {
  const std::string path = std::string(SOCBRIDGE_GOLDEN) + "/" + name;
  if (std::getenv("SOCBRIDGE_UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  const std::string golden{std::istreambuf_iterator<char>(in), {}};
  INFO(path);
  CHECK(text == golden);
}

std::string rendered(Format format, term::Terminal terminal = {}, bool all = false) {
  return render(format, test::sample(), terminal, all);
}

}  // namespace

TEST_CASE("render: every format looks as it always did") {
  compare("summary.plain", rendered(Format::plain));
  compare("summary.json", rendered(Format::json));
  compare("summary.jsonl", rendered(Format::jsonl));
  compare("summary.yaml", rendered(Format::yaml));
  compare("summary.junit.xml", rendered(Format::junit));
  compare("summary.prom", rendered(Format::prometheus));
  compare("summary.nagios", rendered(Format::nagios));
  compare("summary.md", rendered(Format::md));
  compare("summary.html", rendered(Format::html));
}

TEST_CASE("the table for people, with and without colour, and with all checks") {
  compare("table.txt", rendered(Format::table, {true, false, 100}));
  compare("table-color.txt", rendered(Format::table, {true, true, 100}));
  compare("table-all.txt", rendered(Format::table, {true, false, 140}, true));
  CHECK(rendered(Format::automatic, {true, false, 100}) ==
        rendered(Format::table, {true, false, 100}));
  CHECK(rendered(Format::automatic) == rendered(Format::plain));
}

TEST_CASE("render: hostile text stays text in the page") {
  const std::string page = rendered(Format::html);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("onload") == std::string::npos);
  CHECK(page.find("http-equiv=\"Content-Security-Policy\"") != std::string::npos);
}

TEST_CASE("JUnit stays XML whatever was answered, and no format misleads a terminal") {
  Summary summary = test::sample();
  const std::string odd =
      "\x01\x1b[2J\x7f\u0085\u061c\u200b\u2028\u202e\u2066\ufeff\ufffe\uffff"
      "\U0001ffff\U000e0041\xff\r\n";
  for (Report& report : summary.reports) {
    for (std::string* text : {&report.title, &report.url, &report.version}) *text += odd;
    for (Check& check : report.checks) {
      for (std::string* text : {&check.name, &check.detail, &check.next}) *text += odd;
    }
  }
  for (const Format format :
       {Format::table, Format::plain, Format::json, Format::jsonl, Format::yaml, Format::junit,
        Format::prometheus, Format::nagios, Format::md, Format::html}) {
    const std::string text = render(format, summary, {}, true);
    INFO(text);
    CHECK(is_valid_utf8(text));
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint c = decode_utf8(text, at);
      if (c.value != '\n' && c.value != '\t' && is_unprintable(c.value)) {
        FAIL(static_cast<int>(format) << " has U+" << std::hex << c.value << " at " << at);
      }
      at += c.size;
    }
    CHECK(text.find("\r") == std::string::npos);
  }
}

TEST_CASE("the map shows each product in its state, also one that was not checked") {
  const std::string map = render_map(test::sample());
  CHECK(map.find("<g class=\"node ok\"><title>Wazuh: 2 checks ok</title>") != std::string::npos);
  CHECK(map.find("<g class=\"node down\"><title>Prometheus") != std::string::npos);
  CHECK(map.find("<g class=\"node skipped\"><title>Cortex</title>") != std::string::npos);
  // Nothing flows from a product that is down, and the connector's error is that of the flow.
  CHECK(map.find("<g class=\"edge down\"><title>Prometheus to Grafana") != std::string::npos);
  CHECK(map.find("<g class=\"edge degraded\"><title>TheHive to Cortex") != std::string::npos);
}

TEST_CASE("the map has a flow for each direction between TheHive and OpenCTI") {
  const std::string map = render_map(test::sample());
  CHECK(map.find("<title>OpenCTI to TheHive: indicators") != std::string::npos);
  CHECK(map.find("<title>TheHive to OpenCTI: sightings") != std::string::npos);
}

TEST_CASE("render: a page of --watch loads itself again") {
  Summary summary = test::sample();
  CHECK(render_html(summary).find("http-equiv=\"refresh\"") == std::string::npos);
  summary.again_ms = 30000;
  CHECK(render_html(summary).find("<meta http-equiv=\"refresh\" content=\"30\">\n") !=
        std::string::npos);
}

TEST_CASE("render: a run without errors") {
  Summary summary = test::sample();
  summary.reports.resize(1);
  CHECK(render(Format::nagios, summary, {}, false).starts_with("SOC OK - 1 ok | wazuh=0.012s"));
  CHECK(render(Format::md, summary, {}, false).find("What to do") == std::string::npos);
  CHECK(render(Format::table, summary, {true, false, 80}, false).find("Next:") ==
        std::string::npos);
}

TEST_CASE("render: format names") {
  for (const char* name :
       {"table", "plain", "json", "jsonl", "yaml", "junit", "prometheus", "nagios", "md", "html"}) {
    CHECK(parse_format(name).ok());
  }
  CHECK(*parse_format("") == Format::automatic);
  const auto wrong = parse_format("prometeus");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.status().code() == ExitCode::usage);
  CHECK(wrong.status().hint() == "did you mean \"prometheus\"?");
}

}  // namespace socbridge::health
