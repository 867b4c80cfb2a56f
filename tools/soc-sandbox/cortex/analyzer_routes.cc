// SPDX-License-Identifier: Apache-2.0
// Cortex's routes for analyzers.
#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "hash/digest.h"
#include "json/writer.h"
#include "soc-sandbox/cortex/api_calls.h"
#include "soc-sandbox/cortex/search.h"

namespace socbridge::sandbox::cortex {
namespace {

Response not_found_worker(std::string_view id) {
  return ApiError{404, "NotFoundError", "worker " + printable(id, 60) + " not found", {}}
      .response();
}

// 400 with the error of one attribute: it is missing, or its number is invalid.
Response bad_attribute(std::string_view name, json::Value number, std::string_view message) {
  json::Writer w;
  w.begin_object();
  w.member("tableName", "job");
  w.member("type", "AttributeCheckingError");
  w.key("errors");
  w.begin_array();
  w.begin_object();
  w.member("name", name);
  if (!number.missing()) {
    w.member("format", "number");
    w.key("value");
    w.begin_object();
    w.member("type", "JsonInputValue");
    w.member("value", number);
    w.end_object();
  }
  w.member("type", number.missing() ? "MissingAttributeError" : "InvalidFormatAttributeError");
  w.member("message", message);
  w.end_object();
  w.end_array();
  w.end_object();
  return json_response(400, std::move(w).take());
}

Response missing(std::string_view name) {
  return bad_attribute(name, json::Value(), "Attribute " + std::string(name) + " is missing");
}

// 400 with the errors of a configuration.
Response bad_configuration(const std::string& base, const std::vector<ConfigurationError>& wrong) {
  json::Writer w;
  w.begin_object();
  w.member("tableName", "worker(" + base + ").configuration");
  w.member("type", "AttributeCheckingError");
  w.key("errors");
  w.begin_array();
  for (const ConfigurationError& one : wrong) {
    w.begin_object();
    w.member("name", one.name);
    w.member("type", one.kind + "AttributeError");
    w.member("message", one.kind == "Missing" ? "Attribute " + one.name + " is missing"
                                              : "Unknown attribute " + one.name);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return json_response(400, std::move(w).take());
}

// Reads name, rate, cache and configuration of an analyzer that is enabled or changed.
std::optional<Response> take_settings(json::Value body, Analyzer& analyzer) {
  if (const auto name = body["name"].string()) analyzer.name = *name;
  if (const auto rate = body["rate"].integer()) analyzer.rate = *rate;
  if (const auto unit = body["rateUnit"].string()) analyzer.rate_unit = *unit;
  if (const auto cache = body["jobCache"].integer()) analyzer.cache_min = *cache;
  if (analyzer.rate > 0 && analyzer.unit_ms() == 0)
    return bad_attribute("rateUnit", json::Value(), "Invalid format for rateUnit");
  const json::Value configuration = body["configuration"];
  if (configuration.missing() && analyzer.configuration != "{}") return std::nullopt;
  const auto wrong = check_configuration(analyzer, configuration);
  if (!wrong.empty()) return bad_configuration(analyzer.base, wrong);
  analyzer.configuration = configuration.is_object() ? configuration.dump() : "{}";
  if (const auto tlp = configuration["max_tlp"].integer())
    analyzer.max_tlp = static_cast<int>(*tlp);
  if (const auto pap = configuration["max_pap"].integer())
    analyzer.max_pap = static_cast<int>(*pap);
  return std::nullopt;
}

const Part* file_part(const Request& request) {
  for (const Part& part : request.parts) {
    if (part.name == "attachment" || part.name == "data") return &part;
  }
  return nullptr;
}

}  // namespace

Response Cortex::list_analyzers(const Call& call) const {
  std::string range = call.parameter("range");
  if (const auto given = call.body()["range"].string()) range = *given;
  std::vector<std::string> items;
  std::string wrong;
  const auto shown =
      call.actor.has("orgadmin") ? Analyzer::Shown::to_orgadmin : Analyzer::Shown::to_users;
  for (const Analyzer& a : workers_.of(call.actor.organisation)) {
    if (fits(call.body()["query"], a, wrong).value_or(false)) items.push_back(a.json(shown));
  }
  return ranged(std::move(items), range);
}

Response Cortex::analyzers_for(const Call& call) const {
  std::vector<std::string> items;
  for (const Analyzer& a : workers_.of(call.actor.organisation)) {
    if (a.takes(call.captures.front())) items.push_back(a.json());
  }
  return ranged(std::move(items), "all");
}

Response Cortex::one_analyzer(const Call& call) const {
  const auto found = workers_.find(call.actor.organisation, call.captures.front());
  return !found ? not_found_worker(call.captures.front()) : json_response(200, found->json());
}

Response Cortex::run(const Call& call) {
  const auto found = workers_.find(call.actor.organisation, call.captures.front());
  if (!found) return not_found_worker(call.captures.front());
  const json::Value body = call.body();
  const json::Value more = body["attributes"] ? body["attributes"] : body;  // the form of Cortex 1
  Submission given;
  const auto type = more["dataType"].string();
  if (!type) return missing("dataType");
  given.data_type = *type;
  if (const Part* part = file_part(call.request)) {
    given.attachment = Attachment{part->filename, part->content_type, sha256_hex(part->content),
                                  static_cast<std::int64_t>(part->content.size())};
  } else if (const auto data = body["data"].string()) {
    given.data = *data;
  } else {
    return missing("data/attachment");
  }
  constexpr int kHighest = 3;
  for (const char* name : {"tlp", "pap"}) {
    const auto value = more[name].integer();
    if (!value) continue;
    if (*value < 0 || *value > kHighest)
      return bad_attribute(name, more[name],
                           "Invalid format for " + std::string(name) + ": JsonInputValue(" +
                               more[name].dump() + "), expected number");
    (*name == 't' ? given.tlp : given.pap) = static_cast<int>(*value);
  }
  given.message = more["message"].string_or_empty();
  if (more["parameters"].is_object()) given.parameters = more["parameters"].dump();
  if (const auto label = more["label"].string()) given.label = std::string(*label);
  given.force = body["force"].boolean().value_or(false) || call.parameter("force") == "1";
  given.user = call.actor.login;
  const Jobs::Created created = jobs_.create(*found, std::move(given));
  if (!created.job) {
    return ApiError{429,
                    "RateLimitExceeded",
                    "Rate limit of " + std::to_string(found->rate) + " per " + found->rate_unit +
                        " reached for the analyzer " + found->name + ". Job cannot be started",
                    {}}
        .response();
  }
  return json_response(200, created.job->json(wall_now_ms(), created.from_cache, false));
}

Response Cortex::definitions() const {
  std::vector<std::string> items;
  for (const Analyzer& a : setup_.catalogue) items.push_back(definition_json(a));
  return ranged(std::move(items), "all");
}

Response Cortex::enable(const Call& call) {
  const std::string& wanted = call.captures.front();
  const auto found = std::find_if(setup_.catalogue.begin(), setup_.catalogue.end(),
                                  [&](const Analyzer& a) { return a.definition == wanted; });
  if (found == setup_.catalogue.end()) {
    return ApiError{404, "NotFoundError", "Worker " + printable(wanted, 60) + " not found", {}}
        .response();
  }
  Analyzer made = *found;
  if (const auto refused = take_settings(call.body(), made)) return *refused;
  made.organisation = call.actor.organisation;
  constexpr std::size_t kDigits = 32;
  made.id = sha256_hex(made.organisation + "_" + made.name + "_analyzer").substr(0, kDigits);
  if (!workers_.add(made)) {
    return ApiError{500, "CreateError", "[" + made.id + "]: document already exists", {}}
        .response();
  }
  return json_response(201, made.json());
}

Response Cortex::change_analyzer(const Call& call) {
  auto there = workers_.find(call.actor.organisation, call.captures.front());
  if (!there) return not_found_worker(call.captures.front());
  if (const auto refused = take_settings(call.body(), *there)) return *refused;
  workers_.replace(*there);
  return json_response(200, there->json(Analyzer::Shown::to_orgadmin));
}

Response Cortex::disable(const Call& call) {
  const auto there = workers_.find(call.actor.organisation, call.captures.front());
  if (!there) return not_found_worker(call.captures.front());
  workers_.remove(there->id);
  return no_content();
}

}  // namespace socbridge::sandbox::cortex
