// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/platform.h"

#include <utility>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "soc-sandbox/opencti/access_fields.h"
#include "soc-sandbox/opencti/knowledge.h"
#include "soc-sandbox/opencti/mutations.h"
#include "soc-sandbox/opencti/objects.h"
#include "soc-sandbox/opencti/rights.h"
#include "soc-sandbox/opencti/root.h"

namespace socbridge::sandbox::opencti {
namespace {

// Replaces `@now-2h@` and `@unix-2h@`, see the header.
std::string put_times(std::string_view text) {
  constexpr std::int64_t kSecond = 1000;
  const UnixMillis now = wall_now_ms();
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const std::size_t end = text.find('@', 1);
    const std::string_view inner = end == std::string_view::npos ? "" : text.substr(1, end - 1);
    const bool iso = inner.starts_with("now-");
    const bool unix = inner.starts_with("unix-");
    const auto ago = iso || unix ? parse_duration_ms(inner.substr(inner.find('-') + 1))
                                 : std::optional<std::int64_t>();
    if (!ago) {
      out += '@';
      text.remove_prefix(1);
      continue;
    }
    out += iso ? format_utc(now - *ago) : std::to_string((now - *ago) / kSecond);
    text.remove_prefix(end + 1);
  }
  return out;
}

// The marking definitions of every platform. The ids of TLP are from the STIX standard.
constexpr std::pair<const char*, const char*> kMarkings[] = {
    {"613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:CLEAR"},
    {"34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN"},
    {"f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER"},
    {"826578e1-40ad-459f-bc73-ede076f81f37", "TLP:AMBER+STRICT"},
    {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED"},
    {"1e8f0b2a-6a4c-5d0e-9b1f-0c2d3e4f5a60", "PAP:CLEAR"},
    {"2e8f0b2a-6a4c-5d0e-9b1f-0c2d3e4f5a61", "PAP:GREEN"},
    {"3e8f0b2a-6a4c-5d0e-9b1f-0c2d3e4f5a62", "PAP:AMBER"},
    {"4e8f0b2a-6a4c-5d0e-9b1f-0c2d3e4f5a63", "PAP:RED"}};

void add_markings(Graph& graph) {
  for (const auto& [uuid, name] : kMarkings) {
    const std::string id = std::string("marking-definition--") + uuid;
    if (graph.find(id) != nullptr) continue;
    auto stix = json::Document::parse(R"({"type":"marking-definition","definition_type":")" +
                                      std::string(name, 3) + R"(","id":")" + id + R"(","name":")" +
                                      name + "\"}");
    if (stix.ok()) graph.put(std::move(*stix), format_utc(wall_now_ms()));
  }
}

// Whether a field needs the search engine.
bool needs_engine(std::string_view field) {
  return field != "me" && field != "about" && field != "rabbitMQMetrics" &&
         field != "redisStreamInfo";
}

}  // namespace

Result<std::unique_ptr<Platform>> Platform::open(const std::string& file, std::string admin_token) {
  constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
  std::string text;
  if (file.empty()) {
    text = knowledge::text("knowledge");
  } else {
    auto read = Env::real().read_file(file, kMaxBytes);
    if (!read.ok()) return read.status();
    text = std::move(*read);
  }
  text = put_times(text);
  std::unique_ptr<Platform> platform(new Platform(std::move(admin_token)));
  const Status loaded = platform->graph_.load(text, file.empty() ? "built-in knowledge" : file);
  if (!loaded.ok()) return loaded;
  auto whole = json::Document::parse(text);
  if (!whole.ok()) return whole.status();
  // Only the settings beside the objects are stored twice.
  const std::string own =
      "{\"sandbox\":" +
      (whole->root()["sandbox"].is_object() ? whole->root()["sandbox"].dump() : std::string("{}")) +
      "}";
  auto settings = json::Document::parse(own);
  if (!settings.ok()) return settings.status();
  platform->settings_ = std::move(*settings);
  add_markings(platform->graph_);
  return platform;
}

graphql::Outcome Platform::answer(const graphql::Document& document, std::string_view operation,
                                  json::Value variables, const Caller& caller,
                                  std::string_view error) {
  const json::Document own = settings_of(caller.token);
  const json::Value settings = caller.token.empty() ? this->settings() : own.root()["sandbox"];
  const bool known = caller.known;
  const auto guarded = [&](auto resolve) {
    graphql::Object root;
    root.type = "Query";
    root.is = [](std::string_view kind) { return kind == "Query" || kind == "Mutation"; };
    root.get = [settings, known, error, resolve](std::string_view name, json::Value arguments) {
      if (!error.empty())
        return graphql::Item::failed(std::string(error), "Injected by a fault rule");
      if (!known) {
        return graphql::Item::failed("AUTH_REQUIRED", "You must be logged in to do this.");
      }
      if (!may(settings, right_for(name))) {
        return graphql::Item::failed("FORBIDDEN_ACCESS", "You are not allowed to do this.");
      }
      if (needs_engine(name) && settings["search_engine"].string_or_empty() == "down") {
        graphql::Item out =
            graphql::Item::failed("DATABASE_ERROR", "Fail to execute engine pagination");
        out.data = R"({"cause":{"name":"ConnectionError"}})";
        return out;
      }
      return resolve(name, arguments);
    };
    return root;
  };
  const graphql::Object queries = guarded([&](std::string_view name, json::Value arguments) {
    return query(name, arguments, settings, caller);
  });
  const graphql::Object mutations = guarded([&](std::string_view name, json::Value arguments) {
    return mutate(name, arguments, settings);
  });
  // One value whose search never ends.
  if (const auto poison = settings["poison"].string();
      poison && variables.dump().find(json::quote(*poison)) != std::string::npos) {
    graphql::Outcome out{"null", {{"DATABASE_ERROR", "Fail to execute engine pagination", {}, {}}}};
    out.errors.front().path = "[]";
    return out;
  }
  const bool writes = !document.operations.empty() && document.operations.front().mutation;
  if (writes) {
    const std::unique_lock lock(mutex_);
    return graphql::execute(document, operation, variables, queries, mutations);
  }
  const std::shared_lock lock(mutex_);
  return searched(graphql::execute(document, operation, variables, queries, mutations));
}

// Each connection of a node is a search in all shards of its indices, and all searches start at
// once. The engine's queue has 1,000 places by default; a real engine processes some meanwhile and
// so accepts a few more.
graphql::Outcome Platform::searched(graphql::Outcome outcome) {
  constexpr std::uint64_t kShards = 17;
  constexpr std::int64_t kQueue = 1000;
  const std::uint64_t cost = kShards * (outcome.roots + outcome.connections);
  ++requests_;
  std::uint64_t most = most_searches_;
  while (cost > most && !most_searches_.compare_exchange_weak(most, cost)) {
  }
  const auto queue = settings()["search_queue"].integer().value_or(kQueue);
  if (cost <= static_cast<std::uint64_t>(queue)) return outcome;
  graphql::Error refused{"DATABASE_ERROR", "Find direct ids fail", {}, {}};
  refused.path = R"(["stixCyberObservables"])";
  refused.data =
      R"({"cause":{"name":"ResponseError","meta":{"body":{"error":{"root_cause":[{"type":)"
      R"("rejected_execution_exception"}]}}}}})";
  outcome.data = "null";
  outcome.errors.assign(3, refused);
  return outcome;
}

json::Document Platform::settings_of(std::string_view token) const {
  if (token.empty()) return {};
  std::string text = "{\"sandbox\":{";
  {
    const std::shared_lock lock(mutex_);
    text += "\"me\":" + access_.me(graph_, token);
  }
  const json::Value all = settings();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all.key_at(i) != "me")
      text += "," + json::quote(all.key_at(i)) + ":" + all.value_at(i).dump();
  }
  auto document = json::Document::parse(text + "}}");
  return document.ok() ? std::move(*document) : json::Document();
}

bool Platform::has_token(std::string_view token) const {
  const std::shared_lock lock(mutex_);
  return !access_.me(graph_, token).empty();
}

bool Platform::may_read(std::string_view token, std::string_view stream) const {
  const std::shared_lock lock(mutex_);
  return access_.may_read(token, stream);
}

graphql::Item Platform::query(std::string_view name, json::Value arguments, json::Value settings,
                              const Caller& caller) const {
  if (auto item = access_.query(graph_, name, arguments)) return *item;
  if (name != "streamCollections") return resolve_query(graph_, settings, name, arguments);
  std::vector<graphql::Item> streams;
  // Without the capability the list is empty, without an error.
  if (may(settings, "TAXIIAPI")) {
    const json::Value given = settings["streams"];
    for (std::size_t i = 0; i < given.size(); ++i) streams.push_back(json_object(given.at(i)));
    const bool all = may(settings, "TAXIIAPI_SETCOLLECTIONS");
    for (const std::string& one : access_.streams(caller.token, all))
      streams.push_back(owned_object(one));
  }
  return connection_of(std::move(streams), arguments);
}

graphql::Item Platform::mutate(std::string_view name, json::Value arguments, json::Value settings) {
  if (auto item = access_.mutate(graph_, name, arguments)) return *item;
  const json::Value input = arguments["input"];
  const json::Value markings =
      input.is_object() ? input["objectMarking"] : arguments["objectMarking"];
  for (std::size_t i = 0; i < markings.size(); ++i) {
    if (may_mark(graph_, settings, markings.at(i).string_or_empty())) continue;
    graphql::Item out = graphql::Item::failed("MISSING_REFERENCE_ERROR", "Element(s) not found");
    out.data = R"({"reason":"User trying to create the data has missing markings",)"
               R"("doc_code":"ELEMENT_NOT_FOUND"})";
    return out;
  }
  return resolve_mutation(graph_, name, arguments);
}

}  // namespace socbridge::sandbox::opencti
