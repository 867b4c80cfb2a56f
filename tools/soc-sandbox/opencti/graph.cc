// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/graph.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "opencti/stix/stix_id.h"

namespace socbridge::sandbox::opencti {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kExtension =
    "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba";
constexpr std::string_view kObservable =
    "extension-definition--f93e2c80-4231-4f9a-af8b-95c9bd566a82";
constexpr std::string_view kMitre = "extension-definition--322b8f77-262a-4cb8-a915-1e441e00329b";

constexpr std::array kObservables = {
    Names{"artifact", "Artifact"},
    Names{"autonomous-system", "Autonomous-System"},
    Names{"directory", "Directory"},
    Names{"domain-name", "Domain-Name"},
    Names{"email-addr", "Email-Addr"},
    Names{"email-message", "Email-Message"},
    Names{"file", "StixFile"},
    Names{"hostname", "Hostname"},
    Names{"ipv4-addr", "IPv4-Addr"},
    Names{"ipv6-addr", "IPv6-Addr"},
    Names{"mac-addr", "Mac-Addr"},
    Names{"mutex", "Mutex"},
    Names{"process", "Process"},
    Names{"software", "Software"},
    Names{"text", "Text"},
    Names{"url", "Url"},
    Names{"user-account", "User-Account"},
    Names{"user-agent", "User-Agent"},
    Names{"windows-registry-key", "Windows-Registry-Key"},
    Names{"x509-certificate", "X509-Certificate"},
};

constexpr std::array kHashed = {std::string_view("Artifact"), std::string_view("StixFile"),
                                std::string_view("X509-Certificate")};

std::string capitalised(std::string_view stix_type) {
  std::string out;
  bool first = true;
  for (const char c : stix_type) {
    out += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '-';
  }
  return out;
}

}  // namespace

json::Value Entity::property(std::string_view name) const {
  const json::Value root = stix.root();
  for (const json::Value from :
       {root, root["extensions"][kExtension], root["extensions"][kObservable]}) {
    if (const json::Value value = from[name]; !value.missing()) return value;
  }
  if (name == "x_mitre_id") {
    if (const json::Value own = root["extensions"][kMitre]["id"]; !own.missing()) {
      return own;
    }
    const json::Value references = root["external_references"];
    for (std::size_t i = 0; i < references.size(); ++i) {
      const json::Value one = references.at(i);
      if (one["source_name"].text() == "mitre-attack") return one["external_id"];
    }
  }
  constexpr std::string_view kPrefix = "x_opencti_";
  if (name.starts_with(kPrefix)) return property(name.substr(kPrefix.size()));
  return {};
}

std::string Entity::text(std::string_view name) const { return property(name).text(); }

std::vector<std::string> Entity::texts(std::string_view name) const {
  std::vector<std::string> out;
  const json::Value value = property(name);
  for (std::size_t i = 0; i < value.size(); ++i) out.push_back(value.at(i).text());
  return out;
}

std::string Entity::name() const {
  if (type == "StixFile" || type == "Artifact" || type == "X509-Certificate") {
    const json::Value hashes = property("hashes");
    if (hashes.size() > 0) return hashes.value_at(0).text();
  }
  for (const char* candidate : {"value", "name", "account_login", "key", "path", "body", "subject",
                                "number", "command_line"}) {
    if (std::string found = text(candidate); !found.empty()) return found;
  }
  return standard_id;
}

bool Entity::is_observable() const {
  return std::any_of(kObservables.begin(), kObservables.end(),
                     [&](const Names& names) { return names.second == type; });
}
bool Entity::is_relationship() const { return standard_id.starts_with("relationship--"); }
bool Entity::is_sighting() const { return standard_id.starts_with("sighting--"); }

std::string Entity::from() const {
  return is_sighting() ? text("sighting_of_ref") : text("source_ref");
}
std::string Entity::to() const {
  if (!is_sighting()) return text("target_ref");
  const auto where = texts("where_sighted_refs");
  return where.empty() ? std::string() : where.front();
}

std::string opencti_type(json::Value stix) {
  const std::string own = stix["extensions"][kExtension]["type"].text();
  if (!own.empty()) return own;
  const std::string type = stix["type"].text();
  for (const Names& names : kObservables) {
    if (names.first == type) return std::string(names.second);
  }
  if (type == "relationship") return stix["relationship_type"].text();
  if (type == "sighting") return "stix-sighting-relationship";
  if (type == "threat-actor") {
    return stix["resource_level"].text() == "individual" ? "Threat-Actor-Individual"
                                                         : "Threat-Actor-Group";
  }
  if (type == "identity") {
    const std::string of = stix["identity_class"].text();
    return of == "class" ? "Sector" : capitalised(of.empty() ? "organization" : of);
  }
  return capitalised(type);
}

std::string graphql_type(std::string_view type) {
  std::string out;
  for (const char c : type) {
    if (c != '-') out += c;
  }
  return out;
}

bool type_is(const Entity& entity, std::string_view kind) {
  if (kind == entity.type || kind == graphql_type(entity.type)) return true;
  const bool link = entity.is_relationship() || entity.is_sighting();
  if (kind == "BasicObject" || kind == "StixObject" || kind == "StixCoreObject" ||
      kind == "Stix-Core-Object") {
    return !link;
  }
  if (kind == "StixCoreRelationship" || kind == "stix-core-relationship") {
    return entity.is_relationship();
  }
  if (kind == "StixSightingRelationship") return entity.is_sighting();
  if (kind == "Stix-Cyber-Observable" || kind == "StixCyberObservable") {
    return entity.is_observable();
  }
  if (kind == "HashedObservable" || kind == "Hashed-Observable") {
    return std::find(kHashed.begin(), kHashed.end(), entity.type) != kHashed.end();
  }
  if (kind == "Threat-Actor" || kind == "ThreatActor") {
    return entity.type.starts_with("Threat-Actor");
  }
  if (kind == "StixDomainObject" || kind == "Stix-Domain-Object") {
    return !link && !entity.is_observable() && entity.type != "Marking-Definition";
  }
  if (kind == "Identity") {
    return entity.standard_id.starts_with("identity--");
  }
  return false;
}

Status Graph::load(std::string_view bundle, const std::string& origin) {
  const auto document = json::Document::parse(bundle);
  const auto bad = [&](const std::string& why) {
    return Status::error(ExitCode::bad_input, origin + ": " + why, "give a STIX 2.1 bundle");
  };
  if (!document.ok()) return bad(document.status().message());
  const json::Value objects = document->root()["objects"];
  if (!objects.is_array()) return bad("no STIX bundle: it has no list \"objects\"");
  const std::string now = format_utc(wall_now_ms());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const json::Value object = objects.at(i);
    if (!object["id"].is_string() || !object["type"].is_string()) {
      return bad("object " + std::to_string(i) + " has no id or type");
    }
    auto own = json::Document::parse(object.dump());
    if (!own.ok()) return bad(own.status().message());
    put(std::move(*own), now);
  }
  return {};
}

const Entity* Graph::find(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &entities_[at->second];
}

const Entity& Graph::put(json::Document stix, const std::string& now) {
  const json::Value root = stix.root();
  const std::string standard_id = root["id"].text();
  const auto known = by_id_.find(standard_id);
  const std::size_t index = known == by_id_.end() ? entities_.size() : known->second;
  if (known == by_id_.end()) entities_.emplace_back();
  Entity& entity = entities_[index];
  if (known == by_id_.end()) {
    entity.standard_id = standard_id;
    const std::string own = root["extensions"][kExtension]["id"].text();
    entity.id = own.empty() ? socbridge::opencti::uuid5("sandbox " + standard_id) : own;
    entity.type = opencti_type(root);
    const std::string created = root["created"].text();
    entity.created_at = created.empty() ? now : created;
    entity.number = index;
    by_id_.emplace(standard_id, index);
    by_id_.emplace(entity.id, index);
  }
  const std::string modified = root["modified"].text();
  entity.updated_at = modified.empty() ? now : modified;
  entity.stix = std::move(stix);
  for (const std::string& other : entity.texts("x_opencti_stix_ids")) by_id_.emplace(other, index);
  if (known == by_id_.end()) {
    if (entity.is_relationship() || entity.is_sighting()) {
      by_end_.emplace(entity.from(), index);
      by_end_.emplace(entity.to(), index);
    }
    for (const std::string& member : entity.texts("object_refs")) by_member_.emplace(member, index);
  }
  return entity;
}

std::vector<const Entity*> Graph::touching(const Entity& entity) const {
  std::vector<const Entity*> out;
  const auto [first, last] = by_end_.equal_range(entity.standard_id);
  for (auto at = first; at != last; ++at) out.push_back(&entities_[at->second]);
  return out;
}

std::vector<const Entity*> Graph::containing(const Entity& entity) const {
  std::vector<const Entity*> out;
  const auto [first, last] = by_member_.equal_range(entity.standard_id);
  for (auto at = first; at != last; ++at) out.push_back(&entities_[at->second]);
  return out;
}

}  // namespace socbridge::sandbox::opencti
