// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/canned_reports.h"

#include "base/text.h"
#include "hash/digest.h"
#include "json/writer.h"

namespace socbridge::sandbox::cortex {
namespace {

Nature by_word(std::string_view word) {
  if (word == "evil") return Nature::malicious;
  if (word == "odd") return Nature::suspicious;
  if (word == "apierror") return Nature::api_error;
  if (word == "nooutput") return Nature::no_output;
  if (word == "silent") return Nature::silent;
  if (word == "crash") return Nature::crash;
  if (word == "stuck") return Nature::stuck;
  if (word == "slow") return Nature::slow;
  return Nature::harmless;
}

Nature by_octet(std::string_view octet) {
  if (octet == "66") return Nature::malicious;
  if (octet == "50") return Nature::suspicious;
  if (octet == "249") return Nature::slow;
  if (octet == "250") return Nature::stuck;
  if (octet == "251") return Nature::crash;
  if (octet == "252") return Nature::no_output;
  if (octet == "253") return Nature::silent;
  if (octet == "254") return Nature::api_error;
  return Nature::harmless;
}

// `https://evil.example/x` -> `evil`
std::string_view first_label(std::string_view value) {
  if (const auto scheme = value.find("://"); scheme != std::string_view::npos)
    value.remove_prefix(scheme + 3);
  return value.substr(0, value.find_first_of("./:?#"));
}

struct Taxonomy {
  const char* level;
  const char* space;
  const char* predicate;
  std::string text = {};
  std::int64_t number = -1;  // if there is no text
};

std::string success(const std::vector<Taxonomy>& taxonomies, const std::string& full,
                    const std::string& artifacts) {
  json::Writer w;
  w.begin_object();
  w.key("summary");
  w.begin_object();
  if (!taxonomies.empty()) {
    w.key("taxonomies");
    w.begin_array();
    for (const Taxonomy& t : taxonomies) {
      w.begin_object();
      w.member("level", t.level);
      w.member("namespace", t.space);
      w.member("predicate", t.predicate);
      if (t.number >= 0) {
        w.member("value", t.number);
      } else {
        w.member("value", t.text);
      }
      w.end_object();
    }
    w.end_array();
  }
  w.end_object();
  w.key("full");
  w.raw(full);
  w.member("success", true);
  w.key("artifacts");
  w.raw(artifacts);
  w.key("operations");
  w.raw("[]");
  w.end_object();
  return std::move(w).take();
}

Finding found(const std::vector<Taxonomy>& taxonomies, const std::string& full,
              const std::string& artifacts = "[]") {
  Finding f;
  f.report = success(taxonomies, full, artifacts);
  return f;
}

// The input of the analyzer, with all of its configuration.
std::string whole_input(const Question& q, std::string_view key) {
  json::Writer w;
  w.begin_object();
  w.member("data", q.value);
  w.member("dataType", q.data_type);
  w.member("tlp", q.tlp);
  w.member("pap", q.pap);
  w.member("message", q.message);
  w.key("parameters");
  w.raw(q.parameters);
  w.key("config");
  w.begin_object();
  const bool has_key = q.analyzer != "MaxMind_GeoIP" && q.analyzer != "FileInfo";
  if (has_key || key == kLeakedKey) w.member("key", key);
  if (has_key) w.member("auto_extract", false);
  if (q.analyzer == "AbuseIPDB") w.member("days", std::int64_t{30});
  w.member("check_tlp", true);
  w.member("max_tlp", std::int64_t{2});
  w.member("check_pap", true);
  w.member("max_pap", std::int64_t{2});
  w.member("auto_extract_artifacts", false);
  w.member("jobCache", std::int64_t{10});
  w.member("jobTimeout", std::int64_t{2});
  for (const char* unset : {"proxy_http", "proxy_https", "cacerts"}) {
    w.key(unset);
    w.null();
  }
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

// Keys are removed from the input if the analyzer itself failed, but not if its runner did.
Finding failed(const Question& q, std::string error, std::string_view key = "REMOVED") {
  Finding f;
  f.success = false;
  f.error = std::move(error);
  f.input = whole_input(q, key);
  json::Writer w;
  w.begin_object();
  w.member("errorMessage", f.error);
  w.member("input", f.input);  // as text, not as an object, like Cortex
  w.member("success", false);
  w.end_object();
  f.report = std::move(w).take();
  return f;
}

std::string object(std::string_view name, std::string_view text) {
  json::Writer w;
  w.begin_object();
  w.member(name, text);
  w.end_object();
  return std::move(w).take();
}

std::int64_t number_from(const Question& q, std::int64_t below) {
  constexpr int kHex = 16;
  constexpr std::size_t kDigits = 6;
  return std::stoll(sha256_hex(q.value).substr(0, kDigits), nullptr, kHex) % below;
}

Finding virus_total(const Question& q, Nature nature) {
  if (q.data_type == "ip" && q.value.find('/') != std::string::npos) {
    return failed(q, "Invalid IP address");
  }
  if (nature == Nature::api_error) return found({}, object("message", "Quota exceeded"));
  constexpr std::int64_t kEngines = 70;
  std::int64_t bad = 0;
  const char* level = "safe";
  if (nature == Nature::malicious) bad = 30 + number_from(q, 30), level = "malicious";
  if (nature == Nature::suspicious) bad = 1 + number_from(q, 4), level = "suspicious";
  const std::string ratio = std::to_string(bad) + "/" + std::to_string(kEngines);
  std::vector<Taxonomy> taxonomies = {{level, "VT", "GetReport", ratio}};
  std::string artifacts = "[]";
  if (nature == Nature::malicious && q.data_type != "ip") {
    taxonomies.push_back({"info", "VT", "GetReport", "1 resolution(s)"});
    artifacts =
        R"([{"data":"203.0.113.66","dataType":"ip","message":null,"tags":["VT:resolution"],"tlp":2}])";
  }
  json::Writer full;
  full.begin_object();
  full.member("resource", q.value);
  full.key("attributes");
  full.begin_object();
  full.key("last_analysis_stats");
  full.begin_object();
  full.member("malicious", bad);
  full.member("harmless", kEngines - bad);
  full.end_object();
  full.end_object();
  full.end_object();
  return found(taxonomies, std::move(full).take(), artifacts);
}

Finding abuse_ipdb(const Question& q, Nature nature) {
  if (nature == Nature::api_error) return failed(q, "Unexpected Error: 429 Too Many Requests");
  std::int64_t score = 0, reports = 0;
  const char* level = "safe";
  if (nature == Nature::malicious)
    score = 100, reports = 400 + number_from(q, 100), level = "malicious";
  if (nature == Nature::suspicious)
    score = 20 + number_from(q, 30), reports = 3, level = "suspicious";
  json::Writer full;
  full.begin_object();
  full.key("values");
  full.begin_array();
  full.begin_object();
  full.key("data");
  full.begin_object();
  full.member("ipAddress", q.value);
  full.member("abuseConfidenceScore", score);
  full.member("totalReports", reports);
  full.member("countryCode", "NL");
  full.member("usageType", "Data Center/Web Hosting/Transit");
  full.end_object();
  full.end_object();
  full.end_array();
  full.member("query_type", q.value.find('/') == std::string::npos ? "check" : "check-block");
  full.end_object();
  if (q.value.find('/') != std::string::npos) {
    return found({{level, "AbuseIPDB", "Max Score", {}, score},
                  {"info", "AbuseIPDB", "Reported IPs", {}, reports > 0 ? 1 : 0},
                  {"info", "AbuseIPDB", "Total Reports", {}, reports}},
                 std::move(full).take());
  }
  return found({{"info", "AbuseIPDB", "Usage", "Data Center/Web Hosting/Transit"},
                {level, "AbuseIPDB", "Score", {}, score},
                {level, "AbuseIPDB", "Reports", {}, reports}},
               std::move(full).take());
}

Finding urlhaus(const Question& q, Nature nature) {
  if (nature == Nature::malicious) {
    // For such hits the analyzer's own summary fails and is empty: only `full` has the verdict.
    if (q.data_type != "hash") {
      return found({},
                   R"({"query_status":"ok","url_status":"online","threat":"malware_download"})");
    }
    return found({{"malicious", "URLhaus", "Signature", "Emotet"}}, R"({"query_status":"ok"})");
  }
  return found({{"info", "URLhaus", "Search", "No results"}}, R"({"query_status":"no_results"})");
}

Finding max_mind(const Question& q) {
  const std::string_view ip = q.value;
  if (ip.find('/') != std::string_view::npos) return failed(q, "Unknown IP address");
  if (ip.starts_with("10.") || ip.starts_with("192.168.") || ip.starts_with("fd"))
    return failed(q, "Unknown IP address");
  return found({{"info", "MaxMind", "Location", "France/Europe"}},
               R"({"city":{"name":null},"continent":{"code":"EU","name":"Europe"},)"
               R"("country":{"iso_code":"FR","name":"France"}})");
}

Finding file_info(const Question& q, Nature nature) {
  const char* level = nature == Nature::malicious ? "malicious" : "info";
  json::Writer full;
  full.begin_object();
  full.key("results");
  full.begin_array();
  full.begin_object();
  full.member("submodule_name", "Basic properties");
  full.key("results");
  full.begin_array();
  full.begin_object();
  full.member("submodule_section_header", "Hashes");
  full.key("submodule_section_content");
  full.begin_object();
  full.member("md5", sha256_hex(q.value).substr(0, 32));
  full.member("sha256", sha256_hex(q.value));
  full.end_object();
  full.end_object();
  full.begin_object();
  full.member("submodule_section_header", "name");
  full.key("submodule_section_content");
  full.begin_object();
  full.member("name", q.value);
  full.member("size", q.size);
  full.end_object();
  full.end_object();
  full.end_array();
  full.end_object();
  full.end_array();
  full.end_object();
  return found({{level, "FileInfo", "Filetype", "TXT"}}, std::move(full).take());
}

}  // namespace

Nature nature_of(std::string_view data_type, std::string_view value) {
  if (data_type == "ip") {
    const std::string_view address = value.substr(0, value.find('/'));
    return by_octet(address.substr(address.find_last_of(".:") + 1));
  }
  if (data_type == "hash") {
    if (value.starts_with("bad0")) return Nature::malicious;
    return value.starts_with("0dd0") ? Nature::suspicious : Nature::harmless;
  }
  if (data_type == "mail") value.remove_prefix(value.find('@') + 1);
  return by_word(first_label(value));
}

Finding analyse(const Analyzer& analyzer, const Question& q) {
  if (!analyzer.takes(q.data_type))
    return failed(q, "This datatype is not supported by this analyzer.");
  if (q.tlp > analyzer.max_tlp) return failed(q, "TLP is higher than allowed.");
  if (q.pap > analyzer.max_pap) return failed(q, "PAP is higher than allowed.");
  const Nature nature = nature_of(q.data_type, q.value);
  if (nature == Nature::no_output) return failed(q, "no output");
  if (nature == Nature::silent) return failed(q, "");
  if (nature == Nature::crash) return failed(q, "Cannot pull image: manifest unknown", kLeakedKey);
  if (analyzer.base == "VirusTotal_GetReport") return virus_total(q, nature);
  if (analyzer.base == "AbuseIPDB") return abuse_ipdb(q, nature);
  if (analyzer.base == "URLhaus") return urlhaus(q, nature);
  return analyzer.base == "MaxMind_GeoIP" ? max_mind(q) : file_info(q, nature);
}

}  // namespace socbridge::sandbox::cortex
