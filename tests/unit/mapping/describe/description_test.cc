// SPDX-License-Identifier: Apache-2.0
// Titles and descriptions as an analyst reads them. Those of complete alerts are compared with
// tests/fixtures/descriptions; SOCBRIDGE_GOLDEN=write rewrites them.
#include "mapping/describe/description.h"

#include <cstdlib>
#include <set>

#include "base/text.h"
#include "mapping/describe/sections.h"
#include "unit/mapping/fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

const std::set<std::string, std::less<>> kFamilies = {"win-defender-1116",
                                                      "win-1102-logcleared",
                                                      "win-4720",
                                                      "win-7045",
                                                      "win-4104-powershell",
                                                      "win-sysmon-1",
                                                      "win-sysmon-13",
                                                      "win-4648-target",
                                                      "fim-registry",
                                                      "fim-rename-before",
                                                      "fim-deleted",
                                                      "aws-guardduty-net",
                                                      "aws-cloudtrail-root",
                                                      "aws-waf",
                                                      "azure-signin",
                                                      "o365-exchange-rule",
                                                      "msgraph-alerts-v2",
                                                      "gcp-audit",
                                                      "github-hook",
                                                      "fw-fortigate-webfilter",
                                                      "fw-paloalto-threat",
                                                      "nids-suricata-smtp",
                                                      "nids-zeek-notice",
                                                      "web-nginx-json",
                                                      "web-shellshock",
                                                      "vuln-detector",
                                                      "virustotal",
                                                      "sca",
                                                      "falco",
                                                      "docker",
                                                      "sshd-text-only",
                                                      "postfix",
                                                      "misp-hit",
                                                      "k8s-audit",
                                                      "okta",
                                                      "ar-651"};

void compare(const std::string& name, const std::string& text) {
  const std::string path = std::string(SOCBRIDGE_DESCRIPTIONS) + "/" + name + ".md";
  const char* const mode = std::getenv("SOCBRIDGE_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "write") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  INFO(path << "; SOCBRIDGE_GOLDEN=write takes the new text over");
  CHECK(text == read_file(path));
}

std::string title_of(const std::string& description, const std::string& more) {
  return make_title(
      parse(R"({"rule":{"level":5,"id":"7","description":")" + description + "\"}" + more + "}"));
}

std::string described(const std::string& members) {
  return map(parse(R"({"rule":{"level":5,"id":"7","description":"d"})" + members + "}"), {}, kNow)
      .alert.description;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("alerts of many kinds as an analyst reads them") {
  std::size_t seen = 0;
  const std::string evidence = read_file(SOCBRIDGE_EVIDENCE);
  for (const std::string_view line : split(evidence, '\n')) {
    if (line.empty()) continue;
    const auto document = json::Document::parse(line);
    REQUIRE(document.ok());
    const std::string id(*document->root()["id"].string());
    if (!kFamilies.contains(id)) continue;
    ++seen;
    const thehive::Alert alert = map(parse(document->root()["alert"].dump()), {}, kNow).alert;
    compare(id, "# " + alert.title + "\n\n" + alert.description);
  }
  CHECK(seen == kFamilies.size());
}

TEST_CASE("a title says what happened and on which host") {
  const std::string agent = R"(,"agent":{"id":"003","name":"web-01.corp.example"})";
  CHECK(title_of("sshd: brute force.", agent) == "sshd: brute force on web-01.corp.example");
  CHECK(title_of("Agent web-01 stopped", agent) == "Agent web-01 stopped");
  CHECK(title_of("Agent WEB-01.corp.example stopped", agent) ==
        "Agent WEB-01.corp.example stopped");
  CHECK(title_of("x", "") == "x");
  CHECK(title_of("", agent) == "Wazuh alert of rule 7 on web-01.corp.example");
  // The manager reads the logs of other machines.
  CHECK(
      title_of("x", R"(,"agent":{"id":"000","name":"manager"},"predecoder":{"hostname":"fw-9"})") ==
      "x on fw-9");
  CHECK(title_of("x", R"(,"agent":{"id":"000","name":"manager"})") == "x on manager");
  CHECK(title_of("a\\nb", agent).find('\n') == std::string::npos);
}

TEST_CASE("a long description is truncated, the host stays") {
  const std::string title =
      title_of(std::string(600, 'x'), R"(,"agent":{"id":"003","name":"web-01"})");
  CHECK(utf16_length(title) == thehive::limits::kTitle);
  CHECK(title.ends_with("… on web-01"));
  CHECK(utf16_length(title_of("x", R"(,"agent":{"id":"3","name":")" + std::string(900, 'h') +
                                       "\"}")) < thehive::limits::kTitle);
}

TEST_CASE("Windows' message is shown as lines, not as JSON") {
  const std::string text = described(
      R"(,"data":{"win":{"system":{"eventID":"4625","message":"\"An account failed.\r\n\r\nSubject:\r\n\tID:\t\tS-1-0-0\""},
      "eventdata":{"targetUserName":"LAB\\\\adm","ipAddress":"203.0.113.9"}}})");
  CHECK(holds(text, "### Message\n\n```\nAn account failed.\n\nSubject:\n"));
  CHECK(holds(text, "### Logon\n\n| Field | Value |\n|---|---|\n| Account | LAB\\\\adm |\n"));
  CHECK_FALSE(holds(text, "{\""));
  CHECK(text.find("### Logon") < text.find("### Alert"));
}

TEST_CASE("data without a log is a table, deeply nested data is indented JSON") {
  const std::string flat = described(R"(,"data":{"vendor":{"name":"x","n":5,"list":["a","b"]}})");
  CHECK(holds(flat, "| `vendor.name` | x |\n| `vendor.n` | 5 |\n| `vendor.list` | a, b |\n"));
  const std::string deep = described(R"(,"data":{"items":[{"a":1},{"a":2}]})");
  CHECK(holds(deep, "```json\n{\n"));
  CHECK(holds(deep, "\"a\": 1"));
}

TEST_CASE("links, compliance, labels, differences and earlier logs") {
  const auto alert =
      R"({"rule":{"level":5,"id":"7","description":"d","info":"https://wiki.example/7?a=b",
    "cve":"CVE-2026-1","pci_dss":["10.2.4","10.2.5"],"gdpr":["IV_35.7.d"],"tsc":["CC6.1"]},
    "agent":{"id":"1","name":"w","labels":{"customer":"ACME","group":"dmz"}},
    "syscheck":{"path":"/etc/passwd","event":"modified","diff":"1c1\n< a\n---\n> b ```\n"},
    "full_log":"File '/etc/passwd' modified","previous_output":"one\ntwo"})";
  const std::string text = map(parse(alert), {}, kNow).alert.description;
  CHECK(holds(text, "| About the rule | <https://wiki.example/7?a=b> |"));
  CHECK(holds(text, "| CVE | CVE-2026-1 |"));
  CHECK(holds(text, "| Compliance | PCI DSS 10.2.4, 10.2.5 · GDPR `IV_35.7.d` · TSC CC6.1 |"));
  CHECK(holds(text, "| Labels | customer ACME, group dmz |"));
  CHECK(holds(text, "### What changed\n\n````diff\n1c1\n< a\n"));
  CHECK(holds(text,
              "<details><summary>Earlier logs (2)</summary>\n\n```\none\ntwo\n```\n\n</details>"));
  CHECK(text.find("### Log") < text.find("<details>"));
}

TEST_CASE("text that is not a plain URL is not a link") {
  for (const char* info : {"javascript:alert(1)", "https://x.example/> <b>",
                           "https://x.example/\\\"|", "see the wiki"}) {
    const std::string text =
        info_of(parse(std::string(R"({"rule":{"level":5,"id":"7","info":")") + info + "\"}}"));
    INFO(text);
    CHECK_FALSE(text.starts_with("<"));
    CHECK(text.find("<b>") == std::string::npos);
  }
  CHECK(info_of(parse(R"({"rule":{"id":"7"}})")).empty());
}

TEST_CASE("a log that is JSON is folded, because data has its fields") {
  const std::string text = described(R"(,"full_log":"{\"a\":\"b\"}","data":{"a":"b"})");
  CHECK(holds(text, "<details><summary>Log</summary>\n\n```\n{\"a\":\"b\"}\n```\n"));
  CHECK(holds(text, "| a | b |"));
  CHECK(holds(described(R"x(,"full_log":"{\"a\":\"b\"}")x"), "### Log\n\n```\n{\"a\":\"b\"}"));
}

TEST_CASE("an attacker's text makes no markup in any part") {
  const std::string text = described(
      R"x(,"full_log":"```\n</details><script>","previous_output":"```\n</details>\n# x",
      "agent":{"id":"1","name":"<b>","labels":{"a|b":"<i>"}},
      "data":{"srcip":"203.0.113.9","k|<u>":"v|<s>","url":"](http://x.example)"})x");
  CHECK_FALSE(holds(text, "<b>"));
  CHECK_FALSE(holds(text, "<i>"));
  CHECK_FALSE(holds(text, "<u>"));
  CHECK(holds(text, "| k\\|&lt;u&gt; | v\\|&lt;s&gt; |"));
  CHECK(holds(text, "````\n```\n</details><script>\n````"));
}
