// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/search.h"

#include <functional>
#include <limits>

#include "base/text.h"

namespace socbridge::sandbox::cortex {
namespace {

// The value of a field as text, or empty.
using FieldOf = std::function<std::optional<std::string>(std::string_view)>;

std::optional<std::string> field_of(const Job& job, std::string_view name, std::int64_t now) {
  if (name == "_id" || name == "id") return job.id;
  if (name == "status") return job.status(now);
  if (name == "label") return job.given.label;
  if (name == "dataType") return job.given.data_type;
  if (name == "message") return job.given.message;
  if (name == "createdBy") return job.given.user;
  if (name == "workerId" || name == "analyzerId") return job.analyzer.id;
  if (name == "workerName" || name == "analyzerName") return job.analyzer.name;
  if (name == "workerDefinitionId" || name == "analyzerDefinitionId")
    return job.analyzer.definition;
  if (name == "cacheTag") return job.cache_tag;
  if (name == "createdAt" || name == "date") return std::to_string(job.created_ms);
  if (name == "startDate" && now >= job.start_ms) return std::to_string(job.start_ms);
  if (name == "endDate" && now >= job.end_ms) return std::to_string(job.end_ms);
  if (name == "tlp") return std::to_string(job.given.tlp);
  if (name == "pap") return std::to_string(job.given.pap);
  if (name == "organization") return job.analyzer.organisation;
  if (name == "type") return "analyzer";
  return std::nullopt;
}

bool equal(const FieldOf& field, std::string_view name, json::Value value) {
  const auto have = field(name);
  return have && value.scalar_text() == have;
}

bool like(std::string_view text, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= text.size(); ++at) {
    if (like(text.substr(at), rest)) return true;
  }
  return false;
}

std::optional<double> number(const FieldOf& field, std::string_view name) {
  const auto text = field(name);
  if (!text) return std::nullopt;
  const auto value = parse_u64(*text);
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

bool compare(std::string_view op, json::Value what, const FieldOf& field) {
  const auto have = number(field, what.key_at(0));
  const auto wanted = what.value_at(0).number();
  if (!have || !wanted) return false;
  if (op == "_gt") return *have > *wanted;
  if (op == "_gte") return *have >= *wanted;
  return op == "_lt" ? *have < *wanted : *have <= *wanted;
}

bool between(json::Value what, const FieldOf& field) {
  const auto have = number(field, what["_field"].string_or_empty());
  return have && *have >= what["_from"].number().value_or(0) &&
         *have < what["_to"].number().value_or(0);
}

bool among(json::Value what, const FieldOf& field) {
  const json::Value values = what["_values"];
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (equal(field, what["_field"].string_or_empty(), values.at(i))) return true;
  }
  return false;
}

std::optional<bool> fits(json::Value query, const FieldOf& field, std::string& wrong) {
  if (!query.is_object() || query.size() == 0) return true;
  if (query["_field"]) {
    return equal(field, query["_field"].string_or_empty(), query["_value"]);
  }
  const std::string_view op = query.key_at(0);
  const json::Value what = query.value_at(0);
  if (op == "_any") return true;
  if (op == "_and" || op == "_or") {
    const bool all = op == "_and";
    for (std::size_t i = 0; i < what.size(); ++i) {
      const auto one = fits(what.at(i), field, wrong);
      if (!one) return one;
      if (*one != all) return !all;
    }
    return all;
  }
  if (op == "_not") {
    const auto inner = fits(what, field, wrong);
    return inner ? std::optional<bool>(!*inner) : inner;
  }
  if (op == "_in") return among(what, field);
  if (op == "_gt" || op == "_gte" || op == "_lt" || op == "_lte") return compare(op, what, field);
  if (op == "_between") return between(what, field);
  if (op == "_like") {
    const auto have = field(what["_field"].string_or_empty());
    return have && like(*have, what["_value"].string_or_empty());
  }
  if (op.starts_with('_')) {
    wrong = op;
    return std::nullopt;
  }
  return equal(field, op, what);
}

}  // namespace

bool asks_for(json::Value query, std::string_view field) {
  if (query["_field"].string() == field) return true;
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query.is_object() && query.key_at(i) == field) return true;
    if (asks_for(query.value_at(i), field)) return true;
  }
  return false;
}

std::optional<bool> fits(json::Value query, const Job& job, std::int64_t now, std::string& wrong) {
  return fits(
      query, [&](std::string_view name) { return field_of(job, name, now); }, wrong);
}

std::optional<bool> fits(json::Value query, const Analyzer& analyzer, std::string& wrong) {
  const FieldOf field = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "_id" || name == "id") return analyzer.id;
    if (name == "name") return analyzer.name;
    if (name == "workerDefinitionId" || name == "analyzerDefinitionId") {
      return analyzer.definition;
    }
    if (name == "version") return analyzer.version;
    return std::nullopt;
  };
  return fits(query, field, wrong);
}

bool parse_range(std::string_view text, std::size_t& from, std::size_t& to) {
  constexpr std::size_t kDefault = 10;
  from = 0;
  to = kDefault;
  if (text.empty()) return true;
  if (text == "all") {
    to = std::numeric_limits<std::size_t>::max();
    return true;
  }
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  const auto first = parse_u64(text.substr(0, dash));
  const auto last = parse_u64(text.substr(dash + 1));
  if (!first || !last) return false;
  from = *first;
  to = *last;
  return true;
}

}  // namespace socbridge::sandbox::cortex
