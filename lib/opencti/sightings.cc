// SPDX-License-Identifier: Apache-2.0
#include "opencti/sightings.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "opencti/context.h"
#include "opencti/queries.h"
#include "opencti/stix/stix_id.h"

namespace socbridge::opencti {
namespace {

constexpr std::int64_t kIocScore = 80, kSeenScore = 50;

std::string wrapped(std::string_view name, std::string_view json) {
  return "{" + json::quote(name) + ":" + std::string(json) + "}";
}

// A sighting is ours if it has our reference, or if it covers the time, since the platform then
// merged ours into it.
bool is_ours(json::Value sighting, const SightingPlace& where, UnixMillis at_ms) {
  const json::Value references = sighting["externalReferences"]["edges"];
  for (std::size_t i = 0; i < references.size(); ++i) {
    const json::Value node = references.at(i)["node"];
    if (node["external_id"].text() == where.reference_id) return true;
  }
  if (references.size() > 0) return false;
  const auto first = parse_timestamp(sighting["first_seen"].text());
  const auto last = parse_timestamp(sighting["last_seen"].text());
  return first && last && *first <= at_ms && at_ms <= *last;
}

// UUIDs of the observable and of the system.
struct Pair {
  const std::string& observable;
  const std::string& system;
};

Result<bool> sighted(Client& client, const Pair& pair, const SightingPlace& where, UnixMillis at_ms,
                     const Deadline& deadline) {
  for (std::string after;;) {
    json::Writer w;
    w.begin_object();
    w.member("from", pair.observable);
    w.member("to", pair.system);
    if (!after.empty()) w.member("after", after);
    w.end_object();
    const auto answer = client.query("asking OpenCTI for sightings",
                                     queries::text("sighting-state"), w.text(), deadline);
    if (!answer.ok()) return answer.status();
    const json::Value connection = answer->root()["data"]["stixSightingRelationships"];
    const json::Value edges = connection["edges"];
    for (std::size_t i = 0; i < edges.size(); ++i) {
      if (is_ours(edges.at(i)["node"], where, at_ms)) return true;
    }
    after = connection["pageInfo"]["endCursor"].text();
    const bool more = connection["pageInfo"]["hasNextPage"].boolean().value_or(false);
    if (!more || edges.size() == 0 || after.empty()) return false;
  }
}

// The system's UUID, or empty if the platform does not have it.
Result<std::string> find_system(Client& client, std::string_view name, const Deadline& deadline) {
  const auto answer = client.query("reading the system from OpenCTI", queries::text("system-by-id"),
                                   wrapped("id", json::quote(system_standard_id(name))), deadline);
  if (!answer.ok()) return answer.status();
  return answer->root()["data"]["system"]["id"].text();
}

struct Mutation {
  std::string_view what;   // for messages
  std::string_view name;   // of its query
  std::string_view field;  // of the answer
};

// Runs a mutation and returns the id of the new object. `refused` gets a refusal of this object
// only.
Result<std::string> run(Client& client, const Mutation& mutation, const std::string& variables,
                        const Deadline& deadline, std::string* refused) {
  const auto& [what, name, field] = mutation;
  const auto answer =
      client.post(what, queries::text(name), variables, deadline, Operation::mutation);
  if (!answer.ok()) return answer.status();
  if (const Status bad = errors_status(what, *answer); !bad.ok()) {
    if (refused == nullptr || bad.code() != ExitCode::refused) return bad;
    *refused = bad.message();
    return std::string();
  }
  std::string id = answer->data()[field]["id"].text();
  if (id.empty()) {
    return Status::error(ExitCode::refused, std::string(what) + ": the answer has no id");
  }
  return id;
}

}  // namespace

const char* sighting_result_name(SightingResult result) {
  switch (result) {
    case SightingResult::created: return "created";
    case SightingResult::present: return "present";
    case SightingResult::would_create: return "would create";
    case SightingResult::skipped: return "skipped";
    case SightingResult::refused: return "refused";
  }
  return "unknown";
}

std::string tlp_marking(int tlp, bool five_levels) {
  constexpr std::string_view kPrefix = "marking-definition--";
  std::string_view id = "f88d31f6-486f-44da-b317-01333bde0b82";  // amber
  if (tlp <= 0) id = "613f2e26-407d-48c7-9eca-b8e91df99dc9";
  if (tlp == 1) id = "34098fce-860f-48ae-8e50-ebd3cc5e41da";
  if (tlp == 3) {
    id = five_levels ? "826578e1-40ad-459f-bc73-ede076f81f37"
                     : "5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
  }
  if (tlp >= 4) id = "5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
  return std::string(kPrefix).append(id);
}

std::string system_standard_id(std::string_view name) {
  json::Writer w;
  w.begin_object();
  w.member("identity_class", "system");
  w.member("name", ascii_lower(trim(name)));
  w.end_object();
  return "identity--" + uuid5(w.text());
}

namespace {

class Writer {
 public:
  Writer(Client& client, const SightingPlace& where, const SightingOptions& options,
         const Deadline& deadline)
      : client_(client), where_(where), options_(options), deadline_(deadline) {}

  Status find_place() {
    auto id = find_system(client_, where_.system, deadline_);
    if (!id.ok()) return id.status();
    system_ = std::move(*id);
    return {};
  }

  // `known`: the observable's UUID if OpenCTI has it.
  Status report(const Seen& seen, std::string known, Outcome& out) {
    const NewObservable made = new_observable(seen.value);
    out.type = made.type;
    if (made.type.empty()) {
      out.reason = "OpenCTI has no observable type for " + printable(seen.value.type, 40);
      return {};
    }
    out.new_observable = known.empty();
    if (!known.empty() && !system_.empty()) {
      const auto there = sighted(client_, {known, system_}, where_, seen.at_ms, deadline_);
      if (!there.ok()) return there.status();
      if (*there) {
        out.result = SightingResult::present;
        return {};
      }
    }
    if (options_.dry_run) {
      out.result = SightingResult::would_create;
      return {};
    }
    if (const Status ready = prepare(); !ready.ok()) return ready;
    out.result = SightingResult::refused;
    if (known.empty()) {
      auto id = add_observable(seen, made, out.reason);
      if (!id.ok()) return id.status();
      known = std::move(*id);
    }
    if (known.empty()) return {};
    auto id = add_sighting(seen, known, out.reason);
    if (!id.ok()) return id.status();
    if (!id->empty()) out.result = SightingResult::created;
    return {};
  }

 private:
  // The system and the reference are created only together with the first sighting.
  Status prepare() {
    if (system_.empty()) {
      json::Writer w;
      w.begin_object();
      w.member("name", where_.system);
      w.member("update", true);
      w.end_object();
      auto id = run(client_, {"registering the system at OpenCTI", "system-add", "systemAdd"},
                    wrapped("input", w.text()), deadline_, nullptr);
      if (!id.ok()) return id.status();
      system_ = std::move(*id);
    }
    if (reference_.empty()) {
      json::Writer w;
      w.begin_object();
      w.member("source_name", "TheHive");
      w.member("url", where_.reference_url);
      w.member("external_id", where_.reference_id);
      w.member("update", true);
      w.end_object();
      auto id = run(client_,
                    {"reporting to OpenCTI " + printable(where_.reference_id, 100), "reference-add",
                     "externalReferenceAdd"},
                    wrapped("input", w.text()), deadline_, nullptr);
      if (!id.ok()) return id.status();
      reference_ = std::move(*id);
    }
    return {};
  }

  Result<std::string> add_observable(const Seen& seen, const NewObservable& made,
                                     std::string& refused) {
    json::Writer w;
    w.begin_object();
    w.member("type", made.type);
    w.key(made.argument);
    w.raw(made.input_json);
    w.member("score", seen.ioc ? kIocScore : kSeenScore);
    if (!seen.description.empty()) w.member("description", seen.description);
    w.member("createIndicator", options_.create_indicators && seen.ioc);
    w.member("createdBy", system_);
    write_one(w, "markings", tlp_marking(seen.tlp, options_.five_levels));
    w.end_object();
    return run(client_,
               {"adding an observable to OpenCTI", "observable-add", "stixCyberObservableAdd"},
               w.text(), deadline_, &refused);
  }

  Result<std::string> add_sighting(const Seen& seen, const std::string& observable,
                                   std::string& refused) {
    json::Writer w;
    w.begin_object();
    w.member("fromId", observable);
    w.member("toId", system_);
    w.member("attribute_count", 1);
    w.member("first_seen", format_utc(seen.at_ms));
    w.member("last_seen", format_utc(seen.at_ms));
    w.member("createdBy", system_);
    if (!seen.description.empty()) w.member("description", seen.description);
    write_one(w, "objectMarking", tlp_marking(seen.tlp, options_.five_levels));
    write_one(w, "externalReferences", reference_);
    w.end_object();
    return run(client_,
               {"adding a sighting to OpenCTI", "sighting-add", "stixSightingRelationshipAdd"},
               wrapped("input", w.text()), deadline_, &refused);
  }

  static void write_one(json::Writer& w, std::string_view name, const std::string& text) {
    w.key(name);
    w.begin_array();
    w.value(text);
    w.end_array();
  }

  Client& client_;
  const SightingPlace& where_;
  const SightingOptions& options_;
  const Deadline& deadline_;
  std::string system_, reference_;  // UUIDs
};

}  // namespace

Status report_sightings(Client& client, const std::vector<Seen>& seen, const SightingPlace& where,
                        const SightingOptions& options, const Deadline& deadline) {
  Writer writer(client, where, options, deadline);
  if (const Status found = writer.find_place(); !found.ok()) return found;
  std::vector<Value> values;
  for (const Seen& one : seen) values.push_back(one.value);
  // OpenCTI may know a file by hashes that we do not have, so ids are not enough
  // (docs/protocols/opencti.md, "STIX ids").
  const auto known = find_context(client, values, {0, Detail::none}, deadline);
  if (!known.ok()) return known.status();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    Outcome out;
    if (const Status& asked = known->contexts[i].status; !asked.ok()) {
      out.result = SightingResult::refused;
      out.reason = asked.message();
      if (options.done) options.done(seen[i], out);
      continue;
    }
    const auto& observables = known->contexts[i].observables;
    if (!observables.empty()) out.observable_id = observables.front().standard_id;
    const Status result =
        writer.report(seen[i], observables.empty() ? std::string() : observables.front().id, out);
    if (!result.ok()) return result;
    if (options.done) options.done(seen[i], out);
  }
  return {};
}

}  // namespace socbridge::opencti
