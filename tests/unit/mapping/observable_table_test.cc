// SPDX-License-Identifier: Apache-2.0
#include "mapping/observable_table.h"

#include <algorithm>

#include "base/text.h"
#include "fixtures.h"
#include "json/writer.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

const std::string kMd5 = "0f343b0931126a20f133d67c2b018a3b";

// A value of the row, and the expected result.
struct Sample {
  std::string in, type, out;
};

Sample sample(const Row& row) {
  if (row.path == "hashes")
    return {"MD5=" + kMd5 + ",IMPHASH=" + std::string(32, '1'), "hash", kMd5};
  if (row.shape == Shape::results)
    return {"type:  5 edge.example.net;", "domain", "edge.example.net"};
  if (row.shape == Shape::zone)
    return {"[ZoneTransfer] HostUrl=http://example.net/a", "url", "http://example.net/a"};
  if (row.type == "command") return {"\"run.exe\" -k x", "filename", "run.exe"};
  if (row.type == "host") return {"srv.example.net", "domain", "srv.example.net"};
  if (row.type == "ip") return {"198.51.100.4", "ip", "198.51.100.4"};
  if (row.type == "hash") return {kMd5, "hash", kMd5};
  if (row.type == "url") return {"http://example.net/a", "url", "http://example.net/a"};
  if (row.type == "domain") return {"a.example.net", "domain", "a.example.net"};
  if (row.type == "hostname") return {"srv.example.net", "hostname", "srv.example.net"};
  if (row.type == "mail" || row.type == "mail_or_user")
    return {"a@example.net", "mail", "a@example.net"};
  if (row.type == "username") return {"j.doe", "other", "j.doe"};
  if (row.type == "mac") return {"00:11:22:33:44:55", "other", "00:11:22:33:44:55"};
  if (row.type == "registry") return {"HKLM/x", "registry", ""};
  if (row.type == "registry_or_file") return {"/srv/x", "filename", "/srv/x"};
  if (row.type == "auto") return {"a.example.net", "domain", "a.example.net"};
  return {"sample/1.0", std::string(row.type), "sample/1.0"};
}

// {"a":{"b":VALUE}} for the path a.b.
std::string nested(std::string_view path, const std::string& value) {
  const std::size_t dot = path.find('.');
  const std::string name = json::quote(path.substr(0, dot));
  if (dot == std::string_view::npos) return "{" + name + ":" + value + "}";
  return "{" + name + ":" + nested(path.substr(dot + 1), value) + "}";
}

wazuh::Alert alert_with(const std::string& path, const std::string& value, bool v5) {
  const std::string inner = nested(path, value);
  const std::string head = v5 ? R"({"wazuh":{"rule":{"level":"high","id":"r","title":"t"}},)"
                              : R"({"rule":{"level":10,"id":"1","description":"t"},)";
  return parse(head + inner.substr(1));
}

// The rows of `data.win` at one of its elements.
std::vector<Branch> all_branches() {
  std::vector<Branch> out;
  for (const Branch& branch : observable_table()) {
    out.push_back(branch.root == "data.win" ? Branch{"data.win.eventdata", windows_table()}
                                            : branch);
  }
  return out;
}

bool from(const thehive::Observable* o, const std::string& path) {
  return o != nullptr && o->message.find(path) != std::string::npos;
}

}  // namespace

TEST_CASE("every row of the table yields its observable, from text, list and array") {
  Options options;
  options.agent_observables = true;
  std::size_t rows = 0;
  for (const Branch& branch : all_branches()) {
    for (const Row& row : branch.table.rows) {
      const std::string path =
          (branch.root.empty() ? "" : std::string(branch.root) + ".") + std::string(row.path);
      INFO(path);
      Sample s = sample(row);
      if (row.type == "registry") {
        s.out = R"(HKLM\SOFTWARE\x)";
        s.in = row.shape != Shape::plain ? R"(HKLM\\SOFTWARE\\x)" : s.out;
      }
      const bool v5 = branch.root.empty();
      const std::string text = json::quote(s.in);
      for (const std::string& value : {text, "[" + text + "]", "[" + text + "," + text + "]"}) {
        const Mapped mapped = map(alert_with(path, value, v5), options, kNow);
        REQUIRE(mapped.forwarded);
        const auto* found = find(mapped, s.type, s.out);
        CHECK(found != nullptr);
        CHECK(from(found, path));
        CHECK(mapped.alert.observables.size() == 1);
      }
      for (const std::string nothing : {R"("-")", R"("")", "null", "{}", "[]", "true"}) {
        CHECK(map(alert_with(path, nothing, v5), options, kNow).alert.observables.empty());
      }
      ++rows;
    }
  }
  CHECK(rows > 200);
}

// Real values; the types are those of docs/mapping.md.
TEST_CASE("fields of common sources have the types that users know") {
  struct Known {
    const char *path, *value, *type;
  };
  for (const Known& one :
       std::vector<Known>{{"data.srcip", "198.51.100.4", "ip"},
                          {"data.dstip", "2001:db8::7", "ip"},
                          {"data.srcuser", "j.doe", "other"},
                          {"data.url", "http://example.net/a?b=c", "url"},
                          {"data.md5", kMd5.c_str(), "hash"},
                          {"data.smac", "00:11:22:33:44:55", "other"},
                          {"data.hostname", "srv.example.net", "domain"},
                          {"data.aws.sourceIPAddress", "198.51.100.4", "ip"},
                          {"data.office365.UserId", "a@example.net", "mail"},
                          {"data.office365.ClientIP", "198.51.100.4", "ip"},
                          {"data.github.user_agent", "curl/7.88.1", "user-agent"},
                          {"data.vulnerability.cve", "CVE-2024-3094", "other"},
                          {"data.virustotal.source.file", "/srv/x.exe", "filename"},
                          {"syscheck.path", "/etc/passwd", "filename"}}) {
    CAPTURE(one.path);
    const Mapped mapped = map(alert_with(one.path, json::quote(one.value), false), {}, kNow);
    CHECK(has(mapped, one.type, one.value));
    CHECK(mapped.alert.observables.size() == 1);
  }
}

TEST_CASE("context rows need agent_observables") {
  std::size_t rows = 0;
  for (const Branch& branch : all_branches()) {
    for (const Row& row : branch.table.rows) {
      if (row.shape != Shape::context) continue;
      const std::string path = std::string(branch.root) + "." + std::string(row.path);
      INFO(path);
      const auto alert = alert_with(path, json::quote(sample(row).in), false);
      CHECK(map(alert, {}, kNow).alert.observables.empty());
      ++rows;
    }
  }
  CHECK(rows >= 5);
}

TEST_CASE("observable table: a row is switched off by its path") {
  Options options;
  options.ignore_paths = {"data.srcip"};
  const auto alert = with_data(R"({"srcip":"198.51.100.4","dstip":"198.51.100.5"})");
  const Mapped mapped = map(alert, options, kNow);
  CHECK_FALSE(has(mapped, "ip", "198.51.100.4"));
  CHECK(has(mapped, "ip", "198.51.100.5"));
}

TEST_CASE("observable table: no row is duplicated") {
  std::vector<std::string> paths;
  for (const Branch& branch : all_branches()) {
    for (const Row& row : branch.table.rows)
      paths.push_back(std::string(branch.root) + "." + std::string(row.path));
  }
  std::sort(paths.begin(), paths.end());
  CHECK(std::adjacent_find(paths.begin(), paths.end()) == paths.end());
}

TEST_CASE("compliance results and inventory are not observables") {
  CHECK(
      map(with_data(
              R"({"sca":{"check":{"file":"/etc/x","references":"http://example.net/"}},)"
              R"("port":{"remote_ip":"198.51.100.4"},"netinfo":{"iface":{"mac":"00:11:22:33:44:55"}}})"),
          {}, kNow)
          .alert.observables.empty());
}
