// SPDX-License-Identifier: Apache-2.0
#include "metrics/write_metrics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

namespace socbridge::metrics {
namespace {

using Style = PrometheusText::Style;

Snapshot sample() {
  Snapshot out;
  out.at_ms = 1767225600123;
  out.scrapes.push_back({"thehive", {}, 42});
  out.scrapes.push_back({"cortex", Status::error(ExitCode::auth, "s3cret message"), 1500});
  out.thehive.emplace();
  out.thehive->counts.alerts_by_severity = {{"low", 3}};
  out.thehive->counts.alerts_by_status = {{"New", 2}, {kCustom, 1}};
  out.thehive->counts.cases_by_severity = {{"high", 1}};
  return out;
}

bool has(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a failed product is reported, and the other is shown") {
  const std::string text = write_metrics(sample(), Style::prometheus);
  CHECK(has(text, "socbridge_scrape_success{product=\"thehive\"} 1"));
  CHECK(has(text, "socbridge_scrape_success{product=\"cortex\"} 0"));
  CHECK(has(text, "socbridge_scrape_duration_seconds{product=\"cortex\"} 1.500"));
  CHECK(has(text, "socbridge_scrape_last_update_timestamp_seconds 1767225600.123"));
  CHECK(has(text, "socbridge_thehive_alerts_by_severity{severity=\"low\"} 3"));
  CHECK(has(text, "socbridge_thehive_alerts_by_status{status=\"custom\"} 1"));
  CHECK(text.find("socbridge_cortex") == std::string::npos);
  CHECK(text.find("socbridge_queue") == std::string::npos);
  CHECK(text.find("cases_by_resolution") == std::string::npos);  // version 4 has no such field
  CHECK(text.find("s3cret") == std::string::npos);
}

TEST_CASE("write metrics: OpenMetrics ends with its end") {
  const std::string text = write_metrics(sample(), Style::prometheus);
  const std::string open = write_metrics(sample(), Style::openmetrics);
  CHECK(open.ends_with("# EOF\n"));
  CHECK(open.find("# TYPE socbridge_thehive_new_alerts counter") != std::string::npos);
  CHECK(text.find("# TYPE socbridge_thehive_new_alerts_total counter") != std::string::npos);
}

TEST_CASE("each family has a meaning, and its name appears once") {
  const auto families = all_families();
  std::set<std::string> names;
  for (const auto& family : families) {
    CAPTURE(family.name);
    CHECK(names.insert(family.name).second);
    CHECK(family.name.starts_with("socbridge_"));
    CHECK(family.help.ends_with("."));
    CHECK((family.type == "counter") == family.name.ends_with("_total"));
  }
  CHECK(names.count("socbridge_thehive_cases_by_resolution") == 1);
  CHECK(names.count("socbridge_cortex_jobs") == 1);
  CHECK(names.count("socbridge_queue_oldest_timestamp_seconds") == 1);
  CHECK(names.size() == 53);
}

}  // namespace socbridge::metrics
