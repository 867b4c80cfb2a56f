// SPDX-License-Identifier: Apache-2.0
#include "fixtures.h"

using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {
const std::string kMd5 = "0f343b0931126a20f133d67c2b018a3b";
const std::string kSha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
const std::string kSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
}  // namespace

TEST_CASE("fixture: the mission's six fields") {
  const Mapped m = map_fixture("six-fields");
  CHECK(m.alert.severity == 2);
  CHECK(m.alert.title == "Sandbox: file judged malicious on web-07");
  CHECK(m.alert.date_ms == 1746519072345);
  CHECK(has(m, "ip", "198.51.100.9"));
  CHECK(has(m, "ip", "2001:db8::15"));
  CHECK(has(m, "url", "https://files.example.net/Get/A.exe?x=1"));
  CHECK(has(m, "hash", kMd5));
  CHECK(has(m, "hash", kSha256));
  const auto* user = find(m, "other", R"(LAB\a.meyer)");
  REQUIRE(user != nullptr);
  CHECK(has_tag(user->tags, "type:username"));
  CHECK(m.alert.observables.size() == 6);
  REQUIRE(m.alert.procedures.size() == 1);
  CHECK(m.alert.procedures[0].pattern_id == "T1204.002");
  CHECK(m.alert.procedures[0].tactic == "execution");
  CHECK(m.alert.procedures[0].occur_ms == m.alert.date_ms);
}

TEST_CASE("username is sent as such where the platform has it") {
  const auto options = options_of(R"({"data_types": {"username": "username"}})");
  REQUIRE(options.ok());
  const Mapped m = map_fixture("six-fields", *options);
  const auto* user = find(m, "username", R"(LAB\a.meyer)");
  REQUIRE(user != nullptr);
  CHECK(user->tags.empty());
}

TEST_CASE("fixture: sshd with several tactics names none") {
  const Mapped m = map_fixture("sshd");
  CHECK(has(m, "ip", "203.0.113.77"));
  CHECK(has(m, "other", "backup"));
  REQUIRE(m.alert.procedures.size() == 1);
  CHECK(m.alert.procedures[0].tactic.empty());
  CHECK(has_tag(m.alert.tags, "rule:5712"));
  CHECK(has_tag(m.alert.tags, "agent:web-07"));
  CHECK(has_tag(m.alert.tags, "sshd"));
  CHECK(has_tag(m.alert.tags, "T1110"));
  CHECK(m.alert.description.find("Failed password") != std::string::npos);
  CHECK(m.alert.description.find("line one\nline two") != std::string::npos);
}

TEST_CASE("fixture: web paths and proxy tunnels") {
  CHECK(has(map_fixture("web-path"), "uri_path", "/cgi-bin/x.cgi?a=%27%3B"));
  const Mapped m = map_fixture("squid-connect");
  CHECK(has(m, "domain", "c2.example.org"));
  const auto* client = find(m, "ip", "192.168.7.20");
  REQUIRE(client != nullptr);
  CHECK(has_tag(client->tags, "private"));
}

TEST_CASE("fixture: Sysmon process") {
  const Mapped m = map_fixture("sysmon-process");
  CHECK(has(m, "filename", R"(C:\Users\Public\A B\run.exe)"));
  CHECK(has(m, "other", R"(LAB\a.meyer)"));
  CHECK(has(m, "hash", kMd5));
  CHECK(has(m, "hash", kSha1));
  CHECK(has(m, "hash", kSha256));
  CHECK_FALSE(has(m, "hash", "11112222333344445555666677778888"));
  CHECK_FALSE(has(m, "other", "PC9$"));
  CHECK_FALSE(has(m, "other", "SYSTEM"));
  CHECK_FALSE(has(m, "hostname", "pc9.lab.example"));
}

TEST_CASE("Sysmon DNS and registry, Windows logon") {
  const Mapped dns = map_fixture("sysmon-dns");
  CHECK(has(dns, "domain", "login.example.org"));
  CHECK(has(dns, "domain", "edge.example.net"));
  CHECK(has(dns, "ip", "198.51.100.30"));
  CHECK(has(dns, "ip", "2001:db8::1e"));
  CHECK(has(map_fixture("sysmon-registry"), "registry", R"(HKLM\SOFTWARE\Acme\Run\a & b)"));
  const Mapped logon = map_fixture("logon");
  CHECK(has(logon, "ip", "203.0.113.40"));
  CHECK(has(logon, "hostname", "KIOSK"));
  CHECK(logon.alert.observables.size() == 2);
}

TEST_CASE("fixture: Suricata") {
  const Mapped m = map_fixture("suricata");
  const auto* source = find(m, "ip", "198.51.100.61");
  REQUIRE(source != nullptr);
  CHECK(source->message.find("data.src_ip") != std::string::npos);
  CHECK(source->message.find("data.flow.src_ip") != std::string::npos);
  CHECK(has(m, "domain", "shop.example.com"));
  CHECK(has(m, "uri_path", "/login.php?u=1"));
  CHECK(has(m, "url", "http://shop.example.com/login.php?u=1"));
  CHECK(has(m, "url", "http://ref.example.com/"));
  CHECK(has(m, "user-agent", "probe/1.0 (x)"));
  CHECK(has(m, "domain", "a.example.com"));
  CHECK(has(m, "domain", "b.example.com"));
  CHECK(has(m, "domain", "tls.example.com"));
  CHECK(has(m, "filename", "/get/a.bin"));
}

TEST_CASE("fixture: file integrity") {
  const Mapped file = map_fixture("fim-file");
  CHECK(has(file, "filename", R"(C:\tools\new.dll)"));
  CHECK(has(file, "hash", kMd5));
  CHECK(has(file, "hash", kSha1));
  CHECK(has(file, "other", "deploy"));
  CHECK(file.alert.observables.size() == 4);  // without the empty file's SHA-256
  CHECK(has(map_fixture("fim-registry"), "registry", R"(HKEY_LOCAL_MACHINE\SOFTWARE\Acme)"));
}

TEST_CASE("fixture: AWS paths are an object or an array") {
  const Mapped one = map_fixture("guardduty-object");
  CHECK(has(one, "ip", "198.51.100.70"));
  CHECK_FALSE(has(one, "ip", "203.0.113.200"));
  const Mapped two = map_fixture("guardduty-array");
  CHECK(has(two, "ip", "198.51.100.71"));
  CHECK(has(two, "ip", "198.51.100.72"));
}

TEST_CASE("fixture: Office 365 addresses carry ports") {
  const Mapped m = map_fixture("office365");
  CHECK(has(m, "ip", "198.51.100.80"));
  CHECK(has(m, "ip", "2001:db8::80"));
  CHECK(has(m, "mail", "Ana@example.com"));
  CHECK(has(m, "url", "https://tenant.example.com/sites/a/b.docx"));
}

TEST_CASE("fixture: other sources") {
  CHECK(has_tag(map_fixture("agentless").alert.tags, "agent:admin@fw.example.net"));
  const Mapped vt = map_fixture("virustotal");
  CHECK(has(vt, "filename", "/srv/up/a.bin"));
  CHECK(has(vt, "hash", kSha1));
  CHECK(has(map_fixture("vulnerability"), "other", "CVE-2024-0001"));
}

TEST_CASE("fixture: Wazuh 5 findings") {
  const Mapped m = map_fixture("wazuh5");
  REQUIRE(m.forwarded);
  CHECK(m.alert.severity == 2);  // high is 10 to 13
  CHECK(m.alert.title == "Suspicious sign-in on idp");
  CHECK(has(m, "ip", "198.51.100.90"));
  CHECK(has(m, "ip", "198.51.100.91"));
  CHECK(has(m, "hash", kSha256));
  CHECK(has(m, "other", "k.ito"));
  CHECK(has(m, "uri_path", "/v1/me"));
  REQUIRE(m.alert.procedures.size() == 1);
  CHECK(m.alert.procedures[0].tactic == "initial-access");
}

TEST_CASE("fixture: a low level is not forwarded") {
  Options options;
  options.min_level = 7;
  const Mapped m = map_fixture("low-level", options);
  CHECK_FALSE(m.forwarded);
  CHECK(m.skip_reason == "level 5 is below min_level 7");
}
