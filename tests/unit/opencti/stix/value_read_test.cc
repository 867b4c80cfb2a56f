// SPDX-License-Identifier: Apache-2.0
// What an analyst pastes is taken for.
#include <catch2/catch.hpp>

#include "opencti/stix/value.h"

namespace socbridge::opencti {

TEST_CASE("values as analysts paste them") {
  CHECK(read_value("198.51.100[.]7")->text == "198.51.100.7");
  CHECK(read_value("198.51.100[.]7")->type == "ip");
  CHECK(read_value("hxxp://Evil.example/A")->text == "http://evil.example/A");
  CHECK(read_value("098F6BCD4621D373CADE4E832627B4F6")->text == "098f6bcd4621d373cade4e832627b4f6");
  CHECK_FALSE(read_value("   ").ok());
}

TEST_CASE("what nothing says the kind of is read by its form") {
  const auto type = [](const char* text) { return read_value(text)->type; };
  for (const char* file :
       {"invoice.exe", "quicklock.dll", "Report.DOCX", "a.b.ps1", "run.bat",
        R"(C:\Windows\Temp\invoice.exe)", "C:/Users/x/run.sh", R"(\\server\share\tool)",
        "/tmp/nowhere/evil.sh", "~/x/y", R"(%TEMP%\a.tmp)"}) {
    CHECK(type(file) == "filename");
  }
  CHECK(read_value("invoice.exe")->also == "domain");
  CHECK(read_value("setup.zip")->type == "domain");
  CHECK(read_value("setup.zip")->also == "filename");
  CHECK(read_value("evil.example")->also.empty());
  CHECK(type("evil.example") == "domain");
  CHECK(type("http://evil.example/a/invoice.exe") == "url");
  CHECK(type("a@evil.example") == "mail");
  CHECK(type(R"(HKLM\Software\X)") == "registry");
  CHECK(type(R"(HKEY_CURRENT_USER\X)") == "registry");
  CHECK(type("AS64501") == "autonomous-system");
  CHECK(read_value("as64501")->text == "64501");
  CHECK(type("ASSET1") == "other");
  CHECK(value_of("asn", "AS64501").text == "64501");
  CHECK(type("198.51.100.0/24") == "ip");
}

TEST_CASE("a name that is also the end of a file's is asked for as both") {
  for (const char* name : {"backup.zip", "run.sh", "notes.md", "tool.py"}) {
    CAPTURE(name);
    CHECK(read_value(name)->type != "filename");
    CHECK(read_value(name)->also == "filename");
  }
  CHECK(read_value("shop.example")->also.empty());
  CHECK(read_value("zip.example")->also.empty());
}

TEST_CASE("an autonomous system has at most ten digits and nothing else") {
  CHECK(read_value("AS4294967295")->type == "autonomous-system");
  for (const char* other : {"AS", "AS42949672950", "AS64501x", "AS-1", "AS 1"}) {
    CAPTURE(other);
    const auto value = read_value(other);
    CHECK((!value.ok() || value->type != "autonomous-system"));
  }
}

TEST_CASE("registry roots are known in any case, and only with what follows them") {
  CHECK(read_value(R"(hklm\software\x)")->type == "registry");
  CHECK(read_value(R"(HKU\S-1-5-18)")->type == "registry");
  CHECK(read_value("HKLM")->type != "registry");
}

TEST_CASE("a value keeps what was given beside its normal form") {
  const auto value = read_value("  hxxp://Evil[.]example/A  ");
  REQUIRE(value.ok());
  CHECK(value->given == "hxxp://Evil[.]example/A");
  CHECK(value->text == "http://evil.example/A");
}

TEST_CASE("an empty value and one that is too long are bad input") {
  CHECK(read_value("").status().code() == ExitCode::bad_input);
  CHECK(read_value(" \t\n").status().code() == ExitCode::bad_input);
  const auto longest = read_value(std::string(100000, 'a'));
  CHECK(longest.status().code() == ExitCode::bad_input);
}

}  // namespace socbridge::opencti
