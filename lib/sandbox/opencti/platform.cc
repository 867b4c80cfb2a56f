#include "sandbox/opencti/platform.h"

#include <utility>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"
#include "sandbox/opencti/knowledge.h"
#include "sandbox/opencti/mutations.h"
#include "sandbox/opencti/root.h"

namespace socbridge::sandbox::opencti {
namespace {

// `@now-2h@` and `@unix-2h@`, see the header.
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

struct Right {
  std::string_view field, capability;
};
constexpr Right kRights[] = {
    {"connectors", "MODULES"},
    {"works", "MODULES"},
    {"rabbitMQMetrics", "MODULES"},
    {"streamCollections", "TAXIIAPI"},
    {"stixCyberObservables", "KNOWLEDGE"},
    {"stixCyberObservable", "KNOWLEDGE"},
    {"indicators", "KNOWLEDGE"},
    {"indicator", "KNOWLEDGE"},
    {"reports", "KNOWLEDGE"},
    {"system", "KNOWLEDGE"},
    {"stixCoreRelationships", "KNOWLEDGE"},
    {"stixSightingRelationships", "KNOWLEDGE"},
    {"stixCyberObservableAdd", "KNOWLEDGE_KNUPDATE"},
    {"systemAdd", "KNOWLEDGE_KNUPDATE"},
    {"externalReferenceAdd", "KNOWLEDGE_KNUPDATE"},
    {"stixSightingRelationshipAdd", "KNOWLEDGE_KNUPDATE"},
};

std::string_view right_for(std::string_view field) {
  for (const Right& right : kRights) {
    if (right.field == field) return right.capability;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Platform>> Platform::open(const std::string& file) {
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
  std::unique_ptr<Platform> platform(new Platform());
  const Status loaded = platform->graph_.load(text, file.empty() ? "built-in knowledge" : file);
  if (!loaded.ok()) return loaded;
  auto whole = json::Document::parse(text);
  if (!whole.ok()) return whole.status();
  // Only what is beside the objects is kept twice.
  const std::string own =
      "{\"sandbox\":" +
      (whole->root()["sandbox"].is_object() ? whole->root()["sandbox"].dump() : std::string("{}")) +
      "}";
  auto settings = json::Document::parse(own);
  if (!settings.ok()) return settings.status();
  platform->settings_ = std::move(*settings);
  return platform;
}

bool Platform::allowed(std::string_view capability) const {
  const json::Value held = settings()["me"]["capabilities"];
  if (capability.empty() || !held.is_array()) return true;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const std::string name = held.at(i)["name"].scalar_text().value_or("");
    if (name == "BYPASS" || name.find(capability) != std::string::npos) return true;
  }
  return false;
}

graphql::Outcome Platform::answer(const graphql::Document& document, std::string_view operation,
                                  json::Value variables, bool known, std::string_view error) {
  const auto guarded = [&](auto resolve) {
    graphql::Object root;
    root.type = "Query";
    root.is = [](std::string_view kind) { return kind == "Query" || kind == "Mutation"; };
    root.get = [this, known, error, resolve](std::string_view name, json::Value arguments) {
      if (!error.empty())
        return graphql::Item::failed(std::string(error), "Injected by a fault rule");
      if (!known) {
        return graphql::Item::failed("AUTH_REQUIRED", "You must be logged in to do this.");
      }
      if (!allowed(right_for(name))) {
        return graphql::Item::failed("FORBIDDEN_ACCESS", "You are not allowed to do this.");
      }
      return resolve(name, arguments);
    };
    return root;
  };
  const graphql::Object queries = guarded(
      [this](std::string_view name, json::Value arguments) { return query(name, arguments); });
  const graphql::Object mutations = guarded(
      [this](std::string_view name, json::Value arguments) { return mutate(name, arguments); });
  const bool writes = !document.operations.empty() && document.operations.front().mutation;
  if (writes) {
    const std::unique_lock lock(mutex_);
    return graphql::execute(document, operation, variables, queries, mutations);
  }
  const std::shared_lock lock(mutex_);
  return graphql::execute(document, operation, variables, queries, mutations);
}

graphql::Item Platform::query(std::string_view name, json::Value arguments) const {
  return resolve_query(graph_, settings(), name, arguments);
}

graphql::Item Platform::mutate(std::string_view name, json::Value arguments) {
  return resolve_mutation(graph_, name, arguments);
}

}  // namespace socbridge::sandbox::opencti
