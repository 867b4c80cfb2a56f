// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/expected.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::health::job_runner;

namespace {

cortex::Analyzer analyzer(const char* definition, std::vector<std::string> types) {
  cortex::Analyzer out;
  out.id = "x";
  out.name = out.definition = definition;
  out.data_types = std::move(types);
  return out;
}

const Expected& expected(std::string_view base) {
  for (const Expected& one : expected_analyzers()) {
    if (one.base == base) return one;
  }
  FAIL("not expected: " << base);
  return expected_analyzers().front();
}

}  // namespace

TEST_CASE("the analyzers of the SOC, each with its required types") {
  CHECK(expected_analyzers().size() == 5);
  for (const Expected& one : expected_analyzers()) CHECK_FALSE(one.types[0].empty());
}

TEST_CASE("served by any version, with its options and limits") {
  const std::vector<cortex::Analyzer> enabled = {
      analyzer("AbuseIPDB_2_0", {"ip"}), analyzer("VirusTotal_GetReport_3_1", {"hash", "ip"})};
  const Served whole = serve(enabled, expected("AbuseIPDB"));
  CHECK(whole.by == &enabled[0]);
  CHECK(whole.taken == "ip");
  CHECK(whole.missing.empty());
  const Served part = serve(enabled, expected("VirusTotal_GetReport"));
  CHECK(part.taken == "hash, ip");
  CHECK(part.missing == "domain, url");
  CHECK(serve(enabled, expected("URLhaus")).by == nullptr);
  CHECK(serve({}, expected("FileInfo")).by == nullptr);
}
