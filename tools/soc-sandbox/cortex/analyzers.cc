// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/analyzers.h"

#include <algorithm>

#include "base/env.h"
#include "base/text.h"
#include "hash/digest.h"
#include "json/writer.h"

namespace socbridge::sandbox::cortex {
namespace {

constexpr std::int64_t kEnabledMs = 1735689600000;  // when the analyzers were enabled
constexpr std::size_t kMaxFile = std::size_t{1} << 20;

Analyzer make(std::string_view base, std::string_view version, std::vector<std::string> types,
              std::int64_t rate_a_day, std::string_view description) {
  constexpr std::size_t kIdDigits = 32;
  Analyzer a;
  a.base = base;
  a.version = version;
  a.definition = std::string(base) + "_" + std::string(version);
  std::replace(a.definition.begin(), a.definition.end(), '.', '_');
  a.name = a.definition;
  a.id = sha256_hex("sandbox_worker_" + a.definition).substr(0, kIdDigits);
  a.description = description;
  a.data_types = std::move(types);
  a.rate = rate_a_day;
  if (a.rate > 0) a.rate_unit = "Day";
  return a;
}

Status bad(const std::string& file, const std::string& what) {
  return Status::error(ExitCode::usage, file + ": " + what, "see socctl help sandbox");
}

void texts(json::Value list, std::vector<std::string>& out) {
  out.clear();
  for (std::size_t i = 0; i < list.size(); ++i) out.emplace_back(list.at(i).string_or_empty());
}

void change(json::Value what, Analyzer& a) {
  if (const auto name = what["name"].string()) a.name = *name;
  if (const auto rate = what["rate"].integer()) a.rate = *rate;
  if (const auto unit = what["rateUnit"].string()) a.rate_unit = *unit;
  if (const auto cache = what["jobCache"].integer()) a.cache_min = *cache;
  if (const auto tlp = what["maxTlp"].integer()) a.max_tlp = static_cast<int>(*tlp);
  if (const auto pap = what["maxPap"].integer()) a.max_pap = static_cast<int>(*pap);
}

Status change_analyzers(const std::string& file, json::Value changes, Setup& setup) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::string_view name = changes.key_at(i);
    const auto at = std::find_if(setup.analyzers.begin(), setup.analyzers.end(),
                                 [&](const Analyzer& a) { return a.base == name; });
    if (at == setup.analyzers.end()) return bad(file, "no analyzer " + printable(name, 60));
    change(changes.value_at(i), *at);
    if (at->rate > 0 && at->unit_ms() == 0) return bad(file, "no rateUnit " + at->rate_unit);
    if (changes.value_at(i)["enabled"].boolean() == false) setup.analyzers.erase(at);
  }
  return {};
}

}  // namespace

bool Analyzer::takes(std::string_view data_type) const {
  return std::find(data_types.begin(), data_types.end(), data_type) != data_types.end();
}

std::int64_t Analyzer::unit_ms() const {
  constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                         kDay = 24 * kHour, kMonth = 30 * kDay;
  if (rate_unit == "Second") return kSecond;
  if (rate_unit == "Minute") return kMinute;
  if (rate_unit == "Hour") return kHour;
  if (rate_unit == "Day") return kDay;
  return rate_unit == "Month" ? kMonth : 0;
}

void write_index_members(json::Writer& w, std::string_view id, std::string_view parent) {
  w.member("_routing", parent.empty() ? id : parent);
  w.key("_parent");
  if (parent.empty()) {
    w.null();
  } else {
    w.value(parent);
  }
  w.member("_seqNo", std::int64_t{1});
  w.member("_primaryTerm", std::int64_t{1});
}

std::string Analyzer::json(Shown shown) const {
  json::Writer w;
  w.begin_object();
  w.member("id", id);
  w.member("_id", id);
  w.member("_type", "worker");
  w.member("name", name);
  w.member("version", version);
  w.member("workerDefinitionId", definition);
  w.member("analyzerDefinitionId", definition);
  w.member("description", description);
  w.member("author", "socbridge sandbox");
  w.member("url", "https://example.org/" + base);
  w.member("license", "Apache-2.0");
  w.key("dataTypeList");
  w.begin_array();
  for (const std::string& type : data_types) w.value(type);
  w.end_array();
  w.member("baseConfig", base);
  w.member("command", "/opt/analyzers/" + base + "/run.py");
  if (rate > 0) {
    w.member("rate", rate);
    w.member("rateUnit", rate_unit);
  }
  w.member("jobCache", cache_min);
  w.member("type", "analyzer");
  w.member("createdBy", "orgadmin@sandbox.test");
  w.member("createdAt", kEnabledMs);
  write_index_members(w, id, organisation);
  if (shown == Shown::to_orgadmin) {
    w.key("configuration");
    w.raw(configuration);
  }
  w.end_object();
  return std::move(w).take();
}

Setup default_setup() {
  constexpr std::int64_t kVirusTotalADay = 500, kAbuseIpdbADay = 1000;
  Setup setup;
  setup.analyzers = {
      make("VirusTotal_GetReport", "3.1", {"file", "hash", "domain", "fqdn", "ip", "url"},
           kVirusTotalADay, "Latest report of VirusTotal"),
      make("AbuseIPDB", "2.0", {"ip"}, kAbuseIpdbADay, "Reports of abuse by an address"),
      make("URLhaus", "2.0", {"domain", "fqdn", "url", "hash", "ip"}, 0,
           "Sites that spread malware"),
      make("MaxMind_GeoIP", "4.0", {"ip"}, 0, "Where an address is"),
      make("FileInfo", "8.0", {"file"}, 0, "What a file is made of"),
  };
  setup.catalogue = setup.analyzers;
  for (Analyzer& one : setup.catalogue) {
    one.rate = 0;
    one.rate_unit.clear();
  }
  return setup;
}

Status read_setup(const std::string& file, Setup& setup) {
  auto text = Env::real().read_file(file, kMaxFile);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  json::ParseOptions options;
  options.comments = true;
  const auto document = json::Document::parse(*text, options);
  if (!document.ok()) return bad(file, document.status().message());
  const json::Value root = document->root();
  if (const Status changed = change_analyzers(file, root["analyzers"], setup); !changed.ok())
    return changed;
  if (const auto ms = root["waitingMs"].integer()) setup.waiting_ms = *ms;
  if (const auto ms = root["runningMs"].integer()) setup.running_ms = *ms;
  if (root["roles"].is_array()) texts(root["roles"], setup.roles);
  if (const auto migrated = root["migrated"].boolean()) setup.migrated = *migrated;
  if (const auto passwords = root["passwords"].boolean()) setup.passwords = *passwords;
  setup.fresh = root["fresh"].boolean().value_or(false);
  if (setup.fresh) {
    setup.analyzers.clear();
    setup.migrated = root["migrated"].boolean().value_or(false);
  }
  const json::Value keys = root["keys"];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Setup::Key key;
    key.key = keys.key_at(i);
    texts(keys.value_at(i), key.roles);
    setup.more_keys.push_back(std::move(key));
  }
  return {};
}

}  // namespace socbridge::sandbox::cortex
