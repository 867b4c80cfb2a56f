// SPDX-License-Identifier: Apache-2.0
#include "metrics/histogram.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

namespace socbridge::metrics {
namespace {

std::string text_of(const Histogram& histogram) {
  PrometheusText out("x_");
  histogram.write(out, "d_seconds", "Help.");
  return out.text();
}

std::string value(const Histogram& histogram, const std::string& series) {
  const std::string text = text_of(histogram);
  const std::size_t at = text.find("\nx_d_seconds" + series + " ");
  if (at == std::string::npos) return "none";
  const std::size_t from = at + series.size() + 13;
  return text.substr(from, text.find('\n', from) - from);
}

}  // namespace

TEST_CASE("an empty histogram has every bucket") {
  const Histogram empty;
  CHECK(empty.count() == 0);
  for (const Histogram::Bound& bound : Histogram::kBounds) {
    CHECK(value(empty, "_bucket{le=\"" + std::string(bound.seconds) + "\"}") == "0");
  }
  CHECK(value(empty, "_bucket{le=\"+Inf\"}") == "0");
  CHECK(value(empty, "_sum") == "0.000");
  CHECK(value(empty, "_count") == "0");
}

TEST_CASE("buckets have the limits of their names, in ascending order") {
  std::int64_t before = 0;
  for (const Histogram::Bound& bound : Histogram::kBounds) {
    CHECK(std::to_string(bound.ms / 1000) == bound.seconds);
    CHECK(bound.ms > before);
    before = bound.ms;
  }
}

TEST_CASE("a limit belongs to its bucket, and each bucket includes the previous ones") {
  Histogram histogram;
  for (const Histogram::Bound& bound : Histogram::kBounds) histogram.add(bound.ms);
  histogram.add(1001);
  CHECK(value(histogram, "_bucket{le=\"1\"}") == "1");
  CHECK(value(histogram, "_bucket{le=\"5\"}") == "3");
  CHECK(value(histogram, "_bucket{le=\"2592000\"}") == "15");
  histogram.add(2592000001);
  CHECK(value(histogram, "_bucket{le=\"2592000\"}") == "15");
  CHECK(value(histogram, "_bucket{le=\"+Inf\"}") == "16");
  CHECK(value(histogram, "_count") == "16");
  CHECK(histogram.count() == 16);
}

TEST_CASE("histogram: the sum is in seconds") {
  Histogram histogram;
  histogram.add(1);
  histogram.add(1499);
  CHECK(value(histogram, "_sum") == "1.500");
}

TEST_CASE("negative values count as zero, and no time is too long") {
  Histogram histogram;
  histogram.add(-5);
  histogram.add(INT64_MIN);
  CHECK(value(histogram, "_bucket{le=\"1\"}") == "2");
  CHECK(value(histogram, "_sum") == "0.000");
  for (int i = 0; i < 10; ++i) histogram.add(INT64_MAX);
  CHECK(value(histogram, "_bucket{le=\"2592000\"}") == "2");
  CHECK(histogram.count() == 12);
  CHECK(value(histogram, "_sum").find('-') == std::string::npos);
}

TEST_CASE("a histogram continues in another process") {
  Histogram histogram;
  for (const std::int64_t ms : {500LL, 4000LL, 3000000000LL}) histogram.add(ms);
  json::Writer saved;
  histogram.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());
  Histogram later;
  later.load(document->root());
  CHECK(text_of(later) == text_of(histogram));
  for (const char* wrong :
       {"null", "[]", "[1,2]", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,0,5]",
        "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,-5]", "[\"0\",0,0,0,0,0,0,0,0,0,0,0,0,0,1,5]"}) {
    CAPTURE(wrong);
    const auto other = json::Document::parse(wrong);
    REQUIRE(other.ok());
    later.load(other->root());
    CHECK(text_of(later) == text_of(histogram));
  }
}

}  // namespace socbridge::metrics
