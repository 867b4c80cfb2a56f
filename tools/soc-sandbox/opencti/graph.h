// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::sandbox::opencti {

// One object of the platform: an observable, an indicator, a malware, a report, a marking, a
// relationship, a sighting. Its STIX object has the properties; values that OpenCTI adds are
// separate.
struct Entity {
  std::string id;           // UUID
  std::string standard_id;  // STIX id
  std::string type;         // OpenCTI's: `IPv4-Addr`, `Malware`, `indicates`
  json::Document stix;
  std::string created_at, updated_at;
  std::uint64_t number = 0;  // counts up

  json::Value property(std::string_view name) const;  // also from OpenCTI's extensions
  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  std::string name() const;  // as in `representative` and `observable_value`
  bool is_observable() const;
  bool is_relationship() const;
  bool is_sighting() const;
  // Ends of a relationship or sighting, as STIX ids.
  std::string from() const;
  std::string to() const;
};

// OpenCTI's name for a STIX type, and whether a type is of a kind (itself, or a parent such as
// `Stix-Cyber-Observable`, `HashedObservable`, `ThreatActorGroup` in GraphQL's spelling).
std::string opencti_type(json::Value stix);
std::string graphql_type(std::string_view type);  // `IPv4Addr`
bool type_is(const Entity& entity, std::string_view kind);

// All entities. Not thread-safe: the product holds a lock.
class Graph {
 public:
  // Adds the objects of a STIX 2.1 bundle. Errors (bad_input): not a bundle, an object without an
  // id.
  Status load(std::string_view bundle, const std::string& origin);

  // The entity with this UUID, standard id or other known STIX id; null if there is none.
  const Entity* find(std::string_view id) const;
  // Adds the object, or replaces the one with that standard id.
  const Entity& put(json::Document stix, const std::string& now);

  const std::deque<Entity>& all() const { return entities_; }
  // Relationships (and sightings) with this entity at one end.
  std::vector<const Entity*> touching(const Entity& entity) const;
  // Reports and other containers with this entity in object_refs.
  std::vector<const Entity*> containing(const Entity& entity) const;

 private:
  std::deque<Entity> entities_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::multimap<std::string, std::size_t, std::less<>> by_end_;     // STIX id of an end
  std::multimap<std::string, std::size_t, std::less<>> by_member_;  // STIX id in object_refs
};

}  // namespace socbridge::sandbox::opencti
