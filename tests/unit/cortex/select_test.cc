// SPDX-License-Identifier: Apache-2.0
#include "cortex/select.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using cortex::Analyzer;

namespace {

Analyzer make(const char* definition, std::vector<std::string> types, int max_tlp = -1) {
  Analyzer a;
  a.id = std::string("id-") + definition;
  a.name = a.definition = definition;
  a.data_types = std::move(types);
  a.max_tlp = max_tlp;
  return a;
}

const std::vector<Analyzer> kAll = {make("VirusTotal_GetReport_3_1", {"ip", "hash", "file"}, 2),
                                    make("AbuseIPDB_2_0", {"ip"}, 1),
                                    make("FileInfo_8_0", {"file"})};

std::string names(const Result<std::vector<Analyzer>>& result) {
  if (!result.ok()) return result.status().line();
  std::string out;
  for (const Analyzer& a : *result) out += a.name + ";";
  return out;
}

}  // namespace

TEST_CASE("analyzers are named with or without version") {
  CHECK(names(cortex::select_analyzers(kAll, {"AbuseIPDB"})) == "AbuseIPDB_2_0;");
  CHECK(names(cortex::select_analyzers(kAll, {"abuseipdb_2_0"})) == "AbuseIPDB_2_0;");
  CHECK(names(cortex::select_analyzers(kAll, {"VirusTotal_GetReport"})) ==
        "VirusTotal_GetReport_3_1;");
  CHECK(names(cortex::select_analyzers(kAll, {"id-FileInfo_8_0"})) == "FileInfo_8_0;");
  CHECK(names(cortex::select_analyzers(kAll, {"FileInfo", "AbuseIPDB", "FileInfo_8_0"})) ==
        "AbuseIPDB_2_0;FileInfo_8_0;");
  CHECK(cortex::select_analyzers(kAll, {})->size() == 3);
}

TEST_CASE("an unknown analyzer gets a suggestion") {
  CHECK(names(cortex::select_analyzers(kAll, {"AbuseIPDP"})) ==
        "Cortex has no enabled analyzer \"AbuseIPDP\"; did you mean AbuseIPDB?");
  CHECK(names(cortex::select_analyzers(kAll, {"virustotal"})) ==
        "Cortex has no enabled analyzer \"virustotal\"; did you mean VirusTotal_GetReport_3_1?");
  CHECK(names(cortex::select_analyzers(kAll, {"zzz"}))
            .find("enabled are VirusTotal_GetReport_3_1, Abuse") != std::string::npos);
  CHECK(cortex::select_analyzers(kAll, {"zzz"}).status().code() == ExitCode::usage);
  CHECK(cortex::select_analyzers(std::vector<Analyzer>(), {"zzz"}).status().hint() ==
        "no analyzer is enabled in this organisation");
  const std::vector<Analyzer> many(25, kAll[0]);
  CHECK(cortex::select_analyzers(many, {"zzz"}).status().hint().ends_with("_3_1, and 5 more"));
}

TEST_CASE("a type that no analyzer accepts gives a hint") {
  CHECK(names(cortex::taking(kAll, kAll, "ip")) == "VirusTotal_GetReport_3_1;AbuseIPDB_2_0;");
  CHECK(names(cortex::taking({kAll[1]}, kAll, "hash")) ==
        "AbuseIPDB_2_0 does not take hash; it is taken by VirusTotal_GetReport_3_1");
  CHECK(names(cortex::taking(kAll, kAll, "mail")).starts_with("no enabled analyzer takes mail"));
}

TEST_CASE("select: limits of TLP") {
  CHECK(cortex::above_limits(kAll, 1, 2).empty());
  CHECK(cortex::above_limits(kAll, 3, 2) ==
        "VirusTotal_GetReport_3_1 takes TLP up to amber (2), not red (3); "
        "AbuseIPDB_2_0 takes TLP up to green (1), not red (3)");
  CHECK(cortex::tlp_for_cortex(4) == 3);
  CHECK(cortex::tlp_for_cortex(3) == 3);
  CHECK(cortex::tlp_for_cortex(2) == 2);
  CHECK(*cortex::parse_level("--tlp", "Amber") == 2);
  CHECK(*cortex::parse_level("--tlp", "clear") == 0);
  CHECK(*cortex::parse_level("--tlp", "3") == 3);
  CHECK_FALSE(cortex::parse_level("--tlp", "4").ok());
}
