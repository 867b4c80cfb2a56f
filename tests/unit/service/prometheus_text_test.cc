// SPDX-License-Identifier: Apache-2.0
#include "service/prometheus_text.h"

#include <catch2/catch.hpp>

namespace socbridge {

TEST_CASE("families, labels and values as Prometheus reads them") {
  PrometheusText out("socbridge_x_");
  out.family("a_total", PrometheusText::Type::counter, "All of a.");
  out.sample(7);
  out.sample(0, {{"b", "one"}, {"c", ""}});
  out.family("d_seconds", PrometheusText::Type::histogram, "Some time.");
  out.sample(2, {{"le", "+Inf"}}, "_bucket");
  out.seconds(1002, {}, "_sum");
  CHECK(out.text() ==
        "# HELP socbridge_x_a_total All of a.\n"
        "# TYPE socbridge_x_a_total counter\n"
        "socbridge_x_a_total 7\n"
        "socbridge_x_a_total{b=\"one\",c=\"\"} 0\n"
        "# HELP socbridge_x_d_seconds Some time.\n"
        "# TYPE socbridge_x_d_seconds histogram\n"
        "socbridge_x_d_seconds_bucket{le=\"+Inf\"} 2\n"
        "socbridge_x_d_seconds_sum 1.002\n");
}

TEST_CASE("OpenMetrics names a counter's family without its suffix and has an end") {
  PrometheusText out("x_", PrometheusText::Style::openmetrics);
  out.family("a_total", PrometheusText::Type::counter, "All of a.");
  out.sample(7);
  out.prefix("y_");
  out.family("b_total", PrometheusText::Type::gauge, "No counter.");
  out.sample(1);
  out.finish();
  CHECK(out.text() ==
        "# HELP x_a All of a.\n# TYPE x_a counter\nx_a_total 7\n"
        "# HELP y_b_total No counter.\n# TYPE y_b_total gauge\ny_b_total 1\n# EOF\n");
  PrometheusText text("x_");
  text.finish();
  CHECK(text.text().empty());
}

TEST_CASE("prometheus text: written metrics can be listed") {
  PrometheusText out("x_");
  out.family("a_total", PrometheusText::Type::counter, "All of a.");
  out.sample(7, {{"b", "1"}, {"c", "2"}});
  out.sample(7, {{"b", "2"}, {"d", "2"}});
  REQUIRE(out.families().size() == 1);
  CHECK(out.families()[0].name == "x_a_total");
  CHECK(out.families()[0].type == "counter");
  CHECK(out.families()[0].help == "All of a.");
  CHECK(out.families()[0].labels == std::vector<std::string>{"b", "c", "d"});
}

TEST_CASE("untrusted text cannot end its label") {
  PrometheusText out("");
  out.family("f", PrometheusText::Type::gauge, "F.");
  out.sample(1, {{"v", "a\"} 2\n\\"}});
  CHECK(out.text().ends_with("f{v=\"a\\\"} 2\\\\n\\\\\"} 1\n"));
  out.sample(1, {{"v", "\xff\xc3"}});
  CHECK(out.text().ends_with("f{v=\"\xef\xbf\xbd\xef\xbf\xbd\"} 1\n"));
}

TEST_CASE("prometheus text: a duplicate sample is omitted") {
  PrometheusText out("");
  out.family("f", PrometheusText::Type::gauge, "F.");
  out.sample(1, {{"v", "a"}});
  out.sample(2, {{"v", "b"}});
  out.sample(3, {{"v", "a"}});
  out.seconds(4000, {{"v", "b"}});
  CHECK(out.text().ends_with("f{v=\"a\"} 1\nf{v=\"b\"} 2\n"));
  out.family("g", PrometheusText::Type::gauge, "G.");
  out.sample(5, {{"v", "a"}});
  out.thousandths(250, {{"v", "b"}});
  CHECK(out.text().ends_with("g{v=\"a\"} 5\ng{v=\"b\"} 0.250\n"));
}

}  // namespace socbridge
