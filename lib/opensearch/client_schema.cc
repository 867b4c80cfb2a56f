// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "opensearch/client.h"

namespace socbridge::opensearch {
namespace {

void add_patterns(json::Value list, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.at(i).text());
}

// Whether the server does not have this request at all.
bool is_unknown_request(const http::Outcome& outcome) {
  if (!outcome.answered()) return false;
  const int status = outcome.response.status;
  return status == 400 || status == 404 || status == 405;
}

FieldTypes read_field(std::string_view name, json::Value types) {
  FieldTypes field{std::string(name), {}};
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types.key_at(i) == "unmapped") continue;
    field.types.emplace_back(types.key_at(i), types.value_at(i)["indices"].at(0).text());
  }
  return field;
}

void count(Retention& retention, bool managed, std::string_view name) {
  if (managed) {
    ++retention.managed;
  } else {
    retention.unmanaged.emplace_back(name);
  }
}

// {"NAME":{"index.plugins.index_state_management.policy_id":"x",…},"total_managed_indices":1}
Retention read_ism(json::Value root) {
  Retention out;
  for (std::size_t i = 0; i < root.size(); ++i) {
    const json::Value index = root.value_at(i);
    if (!index.is_object()) continue;
    const bool managed = index["index.plugins.index_state_management.policy_id"].is_string() ||
                         index["index.opendistro.index_state_management.policy_id"].is_string();
    count(out, managed, root.key_at(i));
  }
  return out;
}

// {"indices":{"NAME":{"managed":true,…}}}
Retention read_ilm(json::Value root) {
  Retention out;
  const json::Value indices = root["indices"];
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const bool managed = indices.value_at(i)["managed"].boolean().value_or(false);
    count(out, managed, indices.key_at(i));
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> Client::template_patterns(const Deadline& deadline) {
  std::vector<std::string> out;
  const auto old = service_.get("/_template?filter_path=*.index_patterns", deadline);
  if (!old.ok()) return old.status();
  const json::Value root = old->root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    add_patterns(root.value_at(i)["index_patterns"], out);
  }
  // OpenSearch 1 and Elasticsearch 7.8 or later.
  const http::Outcome outcome = service_.send(
      "GET", "/_index_template?filter_path=index_templates.index_template.index_patterns", {},
      deadline);
  if (is_unknown_request(outcome)) return out;
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  const json::Value templates = answer->root()["index_templates"];
  for (std::size_t i = 0; i < templates.size(); ++i) {
    add_patterns(templates.at(i)["index_template"]["index_patterns"], out);
  }
  return out;
}

Result<std::vector<FieldTypes>> Client::field_types(std::string_view pattern,
                                                    std::string_view fields,
                                                    const std::vector<std::string>& wanted,
                                                    const Deadline& deadline) {
  const auto answer =
      service_.get("/" + std::string(pattern) + "/_field_caps?fields=" + std::string(fields) +
                       "&ignore_unavailable=true",
                   deadline);
  if (!answer.ok()) return answer.status();
  const json::Value given = answer->root()["fields"];
  if (!given.is_object()) {
    return Status::error(ExitCode::refused, "OpenSearch: the answer has no fields",
                         "check that the URL is that of OpenSearch");
  }
  std::vector<FieldTypes> out;
  for (std::size_t i = 0; i < given.size(); ++i) {
    FieldTypes field = read_field(given.key_at(i), given.value_at(i));
    const bool is_wanted = std::find(wanted.begin(), wanted.end(), field.name) != wanted.end();
    if (is_wanted || field.types.size() > 1) out.push_back(std::move(field));
  }
  std::sort(out.begin(), out.end(),
            [](const FieldTypes& a, const FieldTypes& b) { return a.name < b.name; });
  return out;
}

Result<std::optional<Retention>> Client::retention(std::string_view pattern,
                                                   const Deadline& deadline) {
  const std::string indices(pattern);
  const http::Outcome ism = service_.send("GET", "/_plugins/_ism/explain/" + indices, {}, deadline);
  if (!is_unknown_request(ism)) {
    const auto answer = service_.read(ism);
    if (!answer.ok()) return answer.status();
    return std::optional<Retention>(read_ism(answer->root()));
  }
  const http::Outcome ilm = service_.send("GET", "/" + indices + "/_ilm/explain", {}, deadline);
  if (is_unknown_request(ilm)) return std::optional<Retention>();
  const auto answer = service_.read(ilm);
  if (!answer.ok()) return answer.status();
  return std::optional<Retention>(read_ilm(answer->root()));
}

Result<std::optional<DocumentCounts>> Client::document_counts(const Deadline& deadline) {
  const auto answer = service_.get(
      "/_nodes/stats/indices,jvm/indexing?filter_path=nodes.*.indices.indexing.doc_status,"
      "nodes.*.jvm.uptime_in_millis",
      deadline);
  if (!answer.ok()) return answer.status();
  const json::Value nodes = answer->root()["nodes"];
  std::optional<DocumentCounts> out;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const json::Value node = nodes.value_at(i);
    const json::Value status = node["indices"]["indexing"]["doc_status"];
    if (!status.is_object()) continue;
    const std::int64_t uptime = node["jvm"]["uptime_in_millis"].integer().value_or(0);
    if (!out) out.emplace().uptime_ms = uptime;
    const auto count = [&](const char* name) {
      return static_cast<std::uint64_t>(
          std::max<std::int64_t>(status[name].integer().value_or(0), 0));
    };
    out->taken += count("2xx");
    out->refused += count("4xx");
    out->uptime_ms = std::min(out->uptime_ms, uptime);
  }
  return out;
}

}  // namespace socbridge::opensearch
