// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/sections.h"

#include "unit/mapping/fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

wazuh::Alert with(const std::string& members) {
  return parse(R"({"rule":{"level":5,"id":"7"})" + members + "}");
}

std::string data_section(const std::string& data, std::size_t units = 1000, Family family = {}) {
  std::string out;
  add_data_section(with(",\"data\":" + data), family, units, out);
  return out;
}

std::string leaves(int count) {
  std::string out = "{";
  for (int i = 0; i < count; ++i) {
    out += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  }
  return out + "}";
}

std::string logs(const std::string& members, std::size_t units = 1000) {
  std::string out;
  add_log_sections(with(members), units, out);
  return out;
}

std::string shut(const std::string& members, std::size_t units = 1000) {
  std::string out;
  add_folded_sections(with(members), units, out);
  return out;
}

constexpr std::string_view kHead = "| Field | Value |\n|---|---|\n";

}  // namespace

TEST_CASE("a table begins with its first row; without one nothing is written") {
  std::string out = "x\n";
  FieldTable table(out, "\n### T\n\n");
  table.row("a", "");
  table.plain_row("a", "");
  table.raw_row("a", "");
  CHECK(table.empty());
  CHECK(out == "x\n");
  table.row("n|<b>", "v|<b>");
  table.plain_row("**n**", "*v*");
  table.raw_row("**n**", "**v**");
  CHECK_FALSE(table.empty());
  CHECK(out == "x\n\n### T\n\n" + std::string(kHead) +
                   "| n\\|&lt;b&gt; | v\\|&lt;b&gt; |\n| **n** | \\*v\\* |\n| **n** | **v** |\n");
}

TEST_CASE("sections: one value of a table is truncated") {
  std::string out;
  FieldTable(out).row("n", std::string(1500, 'x'));
  CHECK(out.ends_with("x… |\n"));
  CHECK(out.size() < 1100);
}

TEST_CASE("sections: data is a table of at most 60 rows") {
  const std::string most = data_section(leaves(60));
  CHECK(most.starts_with("\n### Data\n\n" + std::string(kHead) + "| k0 | 0 |\n"));
  CHECK(most.ends_with("| k59 | 59 |\n"));
  const std::string more = data_section(leaves(61));
  CHECK(more.starts_with("\n### Data\n\n```json\n{"));
  CHECK(more.find("| ") == std::string::npos);
}

TEST_CASE("nulls and empty values are not rows and do not count") {
  CHECK(data_section(R"({"a":null,"b":"","c":[],"d":{},"e":[null,""]})").empty());
  std::string many = R"({"z":1)";
  for (int i = 0; i < 100; ++i) many += ",\"n" + std::to_string(i) + "\":null";
  CHECK(data_section(many + "}") == "\n### Data\n\n" + std::string(kHead) + "| z | 1 |\n");
}

TEST_CASE("data of another type is indented JSON, truncated to the limit") {
  CHECK(data_section(R"({"a":1,"b":[{"c":2}]})").starts_with("\n### Data\n\n```json\n{\n"));
  CHECK(data_section(R"({"b":[[1]]})").find("```json") != std::string::npos);
  std::string deep = "1";
  for (int i = 0; i < 20; ++i) deep = "{\"d\":" + deep + "}";
  CHECK(data_section(deep).find("```json") != std::string::npos);
  CHECK(data_section(R"({"b":[{"c":")" + std::string(900, 'x') + "\"}]}", 100).size() < 150);
}

TEST_CASE("fields shown as facts are not repeated as rows") {
  Family family;
  family.facts.push_back({"From", "1", "data.a"});
  family.facts.push_back({"User", "2", "@user"});
  CHECK(data_section(R"({"a":1,"win":{"eventdata":{"user":"2"},"system":{"message":"m"}}})", 1000,
                     family)
            .empty());
  CHECK(data_section(R"({"a":1,"b":1})", 1000, family).ends_with("|---|---|\n| b | 1 |\n"));
}

TEST_CASE("data that is empty or not an object, and no room, give no section") {
  for (const char* data : {"{}", "[1]", "\"x\"", "null", "7"}) CHECK(data_section(data).empty());
  CHECK(data_section(R"({"a":1})", 0).empty());
  CHECK(logs(R"(,"full_log":"x")", 0).empty());
  CHECK(shut(R"(,"previous_output":"x")", 0).empty());
}

TEST_CASE("a name of no or hostile bytes is a row like others") {
  CHECK(data_section(R"({"":"x"})").ends_with("|  | x |\n"));
  CHECK(data_section(R"({"a\nb":"c\nd"})").find("\nb") == std::string::npos);
}

TEST_CASE("the log, else Windows' message, then the changes") {
  CHECK(logs(R"(,"full_log":"l","data":{"win":{"system":{"message":"m"}}})") ==
        "\n### Log\n\n```\nl\n```\n");
  CHECK(logs(R"(,"data":{"win":{"system":{"message":" \"A\\\\B\" "}}})") ==
        "\n### Message\n\n```\nA\\B\n```\n");
  CHECK(logs(R"(,"data":{"win":{"system":{"message":"\""}}})") ==
        "\n### Message\n\n```\n\"\n```\n");
  CHECK(logs(R"(,"data":{"win":{"system":{"message":"\"\""}}})").empty());
  CHECK(logs(R"(,"data":{"win":{"system":{"message":5}}})").empty());
  CHECK(logs(R"(,"syscheck":{"diff":"< a"})") == "\n### What changed\n\n```diff\n< a\n```\n");
  CHECK(logs(R"(,"syscheck":{"diff":" \n"})").empty());
}

TEST_CASE("a log that is JSON is shut, unless data does not say the same") {
  CHECK(logs(R"(,"full_log":" {\"a\":1} ","data":{"a":1})").empty());
  CHECK(shut(R"(,"full_log":" {\"a\":1} ","data":{"a":1})")
            .starts_with("\n<details><summary>Log</summary>\n\n```\n"));
  CHECK(shut(R"(,"full_log":"{\"a\":1}","data":{})").empty());
  CHECK(shut(R"(,"full_log":"{","data":{"a":1})").empty());
}

TEST_CASE("earlier logs are counted by their lines; blank ones do not count") {
  CHECK(shut(R"(,"previous_output":"a\nb\n\n")")
            .starts_with("\n<details><summary>Earlier logs (2)</summary>"));
  CHECK(shut(R"(,"previous_output":" \n ")").empty());
}

TEST_CASE("compliance is one line of the existing lists") {
  CHECK(compliance_of(parse(R"({"rule":{"gdpr":["a","b"],"pci_dss":"1.2","tsc":[]}})")) ==
        "PCI DSS 1.2 · GDPR a, b");
  CHECK(compliance_of(parse(R"({"rule":[]})")).empty());
  CHECK(compliance_of(parse(R"({"rule":{"gdpr":{"a":1},"hipaa":null,"gpg13":7}})")) == "GPG13 7");
}

TEST_CASE("only an address without markup is a link") {
  const auto info = [](const std::string& text) {
    return info_of(parse(R"({"rule":{"info":")" + text + "\"}}"));
  };
  CHECK(info("HTTPS://x.example/a?b=(c)") == "<HTTPS://x.example/a?b=(c)>");
  CHECK(info("https://x.example/" + std::string(1982, 'x')).starts_with("<"));
  CHECK_FALSE(info("https://x.example/" + std::string(1983, 'x')).starts_with("<"));
  for (const char* text :
       {"https://x.example/a b", "https://x.example/>", "https://x.example/\\u0000",
        "https://\\u00e4.example", "ftp://x.example", "//x.example"}) {
    CAPTURE(text);
    CHECK_FALSE(info(text).starts_with("<"));
  }
}
