// SPDX-License-Identifier: Apache-2.0
// What Cortex says of its analyzers, and how it starts them.
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

// 400 with what is wrong with one attribute: it is missing, or its number does not fit.
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
  for (const Analyzer& a : setup_.analyzers) {
    if (fits(call.body()["query"], a, wrong).value_or(false)) items.push_back(a.json());
  }
  return ranged(std::move(items), range);
}

Response Cortex::analyzers_for(const Call& call) const {
  std::vector<std::string> items;
  for (const Analyzer& a : setup_.analyzers) {
    if (a.takes(call.captures.front())) items.push_back(a.json());
  }
  return ranged(std::move(items), "all");
}

Response Cortex::one_analyzer(const Call& call) const {
  const Analyzer* found = analyzer(call.captures.front());
  return found == nullptr ? not_found_worker(call.captures.front())
                          : json_response(200, found->json());
}

Response Cortex::run(const Call& call) {
  const Analyzer* found = analyzer(call.captures.front());
  if (found == nullptr) return not_found_worker(call.captures.front());
  const json::Value body = call.body();
  const json::Value more = body["attributes"] ? body["attributes"] : body;  // as Cortex 1 had it
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
  given.message = more["message"].string().value_or("");
  if (more["parameters"].is_object()) given.parameters = more["parameters"].dump();
  if (const auto label = more["label"].string()) given.label = std::string(*label);
  given.force = body["force"].boolean().value_or(false) || call.parameter("force") == "1";
  given.user = "socbridge@sandbox.test";
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

}  // namespace socbridge::sandbox::cortex
