// SPDX-License-Identifier: Apache-2.0
#include "opensearch/state_store.h"

#include <utility>

#include "base/text.h"
#include "http/url.h"
#include "json/writer.h"

namespace socbridge::opensearch {
namespace {

constexpr std::int64_t kTimeMs = 60000;
constexpr int kExists = 409;
constexpr std::size_t kMost = 10000;

Deadline deadline() { return Deadline::after_ms(kTimeMs); }

StoredDocument read_document(json::Value hit) {
  return {hit["_id"].text(),
          {hit["_seq_no"].integer().value_or(-1), hit["_primary_term"].integer().value_or(0)},
          hit["_source"].dump()};
}

}  // namespace

Status StateStore::make() {
  const http::Outcome there = connection_->send("HEAD", "/" + index_, {}, deadline());
  if (there.answered() && there.response.status == 200) return {};
  const http::Outcome made = connection_->send(
      "PUT", "/" + index_,
      R"({"settings":{"index":{"number_of_shards":1,"auto_expand_replicas":"0-1"}},)"
      R"("mappings":{"dynamic":false,"properties":{"kind":{"type":"keyword"},)"
      R"("name":{"type":"keyword"}}}})",
      deadline());
  if (made.answered() && made.response.status == 400 &&
      made.response.body.find("resource_already_exists") != std::string::npos) {
    return {};
  }
  return connection_->explain(made);
}

Result<std::optional<StoredDocument>> StateStore::get(const std::string& id) {
  const http::Outcome outcome =
      connection_->send("GET", "/" + index_ + "/_doc/" + http::url_encode(id), {}, deadline());
  if (outcome.answered() && outcome.response.status == 404) {
    return std::optional<StoredDocument>();
  }
  const auto answer = connection_->read(outcome);
  if (!answer.ok()) return answer.status();
  return std::optional(read_document(answer->root()));
}

Result<std::optional<Version>> StateStore::put(const std::string& id, const std::string& source,
                                               const std::optional<Version>& seen) {
  const std::string place = "/" + index_ + "/_doc/" + http::url_encode(id);
  const std::string path = seen ? place + "?if_seq_no=" + std::to_string(seen->seq_no) +
                                      "&if_primary_term=" + std::to_string(seen->primary_term)
                                : place + "?op_type=create";
  const http::Outcome outcome = connection_->send("PUT", path, source, deadline());
  if (outcome.answered() && outcome.response.status == kExists) {
    // A repeated request may find its own write.
    const auto now = get(id);
    if (!now.ok()) return now.status();
    const auto ours = json::Document::parse(source);
    if (*now && ours.ok() && (*now)->source == ours->root().dump()) {
      return std::optional((*now)->version);
    }
    return std::optional<Version>();
  }
  const auto answer = connection_->read(outcome);
  if (!answer.ok()) return answer.status();
  return std::optional(read_document(answer->root()).version);
}

Status StateStore::remove(const std::string& id) {
  // Visible to the next list(): a worker that starts at once must not see it as alive.
  const http::Outcome outcome = connection_->send(
      "DELETE", "/" + index_ + "/_doc/" + http::url_encode(id) + "?refresh=true", {}, deadline());
  if (outcome.answered() && outcome.response.status == 404) return {};
  return connection_->explain(outcome);
}

Result<std::vector<StoredDocument>> StateStore::list(const std::string& name) {
  const auto answer = connection_->post(
      "/" + index_ + "/_search",
      R"({"size":)" + std::to_string(kMost) +
          R"(,"seq_no_primary_term":true,"query":{"term":{"name":)" + json::quote(name) + "}}}",
      deadline());
  if (!answer.ok()) return answer.status();
  const json::Value hits = answer->root()["hits"]["hits"];
  std::vector<StoredDocument> out;
  for (std::size_t i = 0; i < hits.size(); ++i) out.push_back(read_document(hits.at(i)));
  return out;
}

}  // namespace socbridge::opensearch
