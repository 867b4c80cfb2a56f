// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/mutations.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "opencti/stix/pattern.h"
#include "opencti/stix/stix_id.h"
#include "soc-sandbox/opencti/objects.h"

namespace socbridge::sandbox::opencti {
namespace {

using graphql::Item;

// Observable types of OpenCTI that can be added: STIX type, and the property that determines the
// id.
struct Kind {
  std::string_view type, stix_type, property;
};
constexpr std::array kKinds = {
    Kind{"IPv4-Addr", "ipv4-addr", "value"},
    Kind{"IPv6-Addr", "ipv6-addr", "value"},
    Kind{"Domain-Name", "domain-name", "value"},
    Kind{"Hostname", "hostname", "value"},
    Kind{"Url", "url", "value"},
    Kind{"Email-Addr", "email-addr", "value"},
    Kind{"Mac-Addr", "mac-addr", "value"},
    Kind{"User-Agent", "user-agent", "value"},
    Kind{"Text", "text", "value"},
    Kind{"StixFile", "file", "hashes"},
    Kind{"Email-Message", "email-message", "subject"},
    Kind{"User-Account", "user-account", "account_login"},
    Kind{"Autonomous-System", "autonomous-system", "number"},
    Kind{"Windows-Registry-Key", "windows-registry-key", "attribute_key"},
};

Item functional(std::string message) {
  return Item::failed("FUNCTIONAL_ERROR", std::move(message));
}

// `[user-account:account_login = 'bob']`, the pattern of a promoted observable.
std::string pattern_of(const Kind& kind, const Entity& observable) {
  std::string path(kind.property);
  std::string value = observable.name();
  if (kind.property == "hashes") {
    const json::Value hashes = observable.property("hashes");
    path = "name";
    if (hashes.size() > 0) {
      const std::string_view algorithm = hashes.key_at(0);
      path = algorithm == "MD5" ? "hashes.MD5" : "hashes.'" + std::string(algorithm) + "'";
      value = hashes.value_at(0).text();
    }
  } else if (kind.property == "attribute_key") {
    path = "key";
  }
  return "[" + std::string(kind.stix_type) + ":" + path + " = '" +
         socbridge::opencti::escape_literal(value) + "']";
}

bool well_formed(std::string_view type, const std::string& value) {
  if (type == "IPv4-Addr") {
    return std::count(value.begin(), value.end(), '.') == 3 &&
           value.find_first_not_of("0123456789./") == std::string::npos;
  }
  if (type == "IPv6-Addr") return value.find(':') != std::string::npos;
  if (type == "Domain-Name") {
    return value.find('.') != std::string::npos && value.find_first_of(" /") == std::string::npos;
  }
  if (type == "Email-Addr") return value.find('@') != std::string::npos;
  return !value.empty();
}

void write_texts(json::Writer& w, std::string_view name, json::Value list) {
  if (!list.is_array() || list.size() == 0) return;
  w.key(name);
  w.value(list);
}

// Returns the id; writes the identifying members of the observable.
std::string identity(const Kind& kind, json::Value input, json::Writer& w) {
  if (kind.property == "hashes") {
    const json::Value hashes = input["hashes"];
    if (hashes.size() > 0) {
      w.key("hashes");
      w.begin_object();
      for (std::size_t i = 0; i < hashes.size(); ++i) {
        w.member(hashes.at(i)["algorithm"].text(), ascii_lower(hashes.at(i)["hash"].text()));
      }
      w.end_object();
      if (const auto name = input["name"].string()) w.member("name", *name);
      return socbridge::opencti::file_id(hashes.at(0)["algorithm"].text(),
                                         hashes.at(0)["hash"].text());
    }
    w.member("name", input["name"].text());
    return socbridge::opencti::observable_id("file", "name", input["name"].text());
  }
  std::string value = input[kind.property].text();
  if (kind.type == "Domain-Name" || kind.type == "Email-Addr") value = ascii_lower(value);
  const std::string_view member = kind.property == "attribute_key" ? "key" : kind.property;
  w.member(member, value);
  return socbridge::opencti::observable_id(kind.stix_type, member, value);
}

// Adds an indicator with this pattern, based on the observable.
void add_indicator_of(Graph& graph, const std::string& pattern, const std::string& name,
                      const std::string& observable_id) {
  const std::string now = format_utc(wall_now_ms());
  json::Writer indicator;
  indicator.begin_object();
  indicator.member("type", "indicator");
  indicator.member("id", socbridge::opencti::indicator_id(pattern));
  indicator.member("name", name);
  indicator.member("pattern", pattern);
  indicator.member("pattern_type", "stix");
  indicator.member("valid_from", now);
  indicator.end_object();
  const std::string indicator_id = socbridge::opencti::indicator_id(pattern);
  auto made = json::Document::parse(indicator.text());
  if (made.ok()) graph.put(std::move(*made), now);
  auto link = json::Document::parse(
      R"({"type":"relationship","relationship_type":"based-on","id":"relationship--)" +
      socbridge::opencti::uuid5(indicator_id + observable_id) + R"(","source_ref":)" +
      json::quote(indicator_id) + R"(,"target_ref":)" + json::quote(observable_id) + "}");
  if (link.ok()) graph.put(std::move(*link), now);
}

Item add_observable(Graph& graph, json::Value arguments) {
  const std::string type = arguments["type"].text();
  const auto kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.type == type; });
  if (kind == kKinds.end()) return functional("Observable type " + type + " is not supported.");
  const json::Value input = arguments[graphql_type(type)];
  if (!input.is_object()) {
    return functional("Expecting variable " + graphql_type(type) + " in the input, got nothing.");
  }
  const bool file = kind->property == "hashes";
  if (!file && !well_formed(type, input[kind->property].text())) {
    Item out = functional("Observable is not correctly formatted");
    out.data = R"({"doc_code":"INCORRECT_OBSERVABLE_FORMAT","type":)" + json::quote(type) +
               ",\"input\":" + input.dump() + "}";
    return out;
  }
  json::Writer w;
  w.begin_object();
  w.member("type", kind->stix_type);
  const std::string id = identity(*kind, input, w);
  w.member("id", id);
  if (arguments["x_opencti_score"].is_number()) {
    w.key("x_opencti_score");
    w.value(arguments["x_opencti_score"]);
  }
  if (const auto text = arguments["x_opencti_description"].string()) {
    w.member("x_opencti_description", *text);
  }
  if (const Entity* author = graph.find(arguments["createdBy"].text())) {
    w.member("created_by_ref", author->standard_id);
  }
  write_texts(w, "object_marking_refs", arguments["objectMarking"]);
  write_texts(w, "labels", arguments["objectLabel"]);
  w.end_object();
  // An existing observable is not changed.
  if (const Entity* known = graph.find(id)) return object_of(graph, known);
  auto stix = json::Document::parse(w.text());
  if (!stix.ok()) return functional(stix.status().message());
  const Entity& added = graph.put(std::move(*stix), format_utc(wall_now_ms()));
  if (!arguments["createIndicator"].boolean().value_or(false)) return object_of(graph, &added);
  add_indicator_of(graph, pattern_of(*kind, added), added.name(), id);
  return object_of(graph, graph.find(id));
}

Item add_system(Graph& graph, json::Value input) {
  const std::string name = input["name"].text();
  if (trim(name).size() < 2) return functional("Validation of field name failed");
  json::Writer canonical;
  canonical.begin_object();
  canonical.member("identity_class", "system");
  canonical.member("name", ascii_lower(trim(name)));
  canonical.end_object();
  const std::string id = "identity--" + socbridge::opencti::uuid5(canonical.text());
  if (const Entity* known = graph.find(id)) return object_of(graph, known);
  json::Writer w;
  w.begin_object();
  w.member("type", "identity");
  w.member("id", id);
  w.member("identity_class", "system");
  w.member("name", name);
  if (const auto text = input["description"].string()) w.member("description", *text);
  w.end_object();
  auto stix = json::Document::parse(w.text());
  if (!stix.ok()) return functional(stix.status().message());
  return object_of(graph, &graph.put(std::move(*stix), format_utc(wall_now_ms())));
}

// Stored as an entity so that sightings can refer to it by id.
Item add_reference(Graph& graph, json::Value input) {
  const std::string url = input["url"].text();
  const std::string id =
      "external-reference--" +
      socbridge::opencti::uuid5(json::quote(url.empty() ? input["external_id"].text() : url));
  json::Writer w;
  w.begin_object();
  w.member("type", "external-reference");
  w.member("id", id);
  for (const char* name : {"source_name", "url", "external_id", "description"}) {
    if (const auto text = input[name].string()) w.member(name, *text);
  }
  w.end_object();
  auto stix = json::Document::parse(w.text());
  if (!stix.ok()) return functional(stix.status().message());
  return object_of(graph, &graph.put(std::move(*stix), format_utc(wall_now_ms())));
}

bool near(const std::string& a, const std::string& b) {
  constexpr std::int64_t kThirtyDays = std::int64_t{30} * 24 * 3600 * 1000;
  const auto x = parse_timestamp(a);
  const auto y = parse_timestamp(b);
  return !x || !y || std::abs(*x - *y) <= kThirtyDays;
}

const Entity* sighting_to_merge(const Graph& graph, const Entity& from, const Entity& to,
                                json::Value input) {
  for (const Entity* one : graph.touching(from)) {
    if (one->is_sighting() && one->from() == from.standard_id && one->to() == to.standard_id &&
        near(one->text("first_seen"), input["first_seen"].text())) {
      return one;
    }
  }
  return nullptr;
}

void write_references(json::Writer& w, const Graph& graph, const Entity* known, json::Value ids) {
  w.key("external_references");
  w.begin_array();
  std::vector<std::string> seen;
  const json::Value before =
      known == nullptr ? json::Value() : known->property("external_references");
  for (std::size_t i = 0; i < before.size(); ++i) {
    seen.push_back(before.at(i)["external_id"].text());
    w.value(before.at(i));
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Entity* reference = graph.find(ids.at(i).text());
    if (reference == nullptr) continue;
    if (std::find(seen.begin(), seen.end(), reference->text("external_id")) != seen.end()) continue;
    w.begin_object();
    for (const char* name : {"source_name", "url", "external_id"}) {
      if (!reference->text(name).empty()) w.member(name, reference->text(name));
    }
    w.end_object();
  }
  w.end_array();
}

Item add_sighting(Graph& graph, json::Value input) {
  const Entity* from = graph.find(input["fromId"].text());
  const Entity* to = graph.find(input["toId"].text());
  if (from == nullptr || to == nullptr) {
    Item out = Item::failed("MISSING_REFERENCE_ERROR", "Element(s) not found");
    out.data = R"({"doc_code":"ELEMENT_NOT_FOUND"})";
    return out;
  }
  if (!input["attribute_count"].is_number()) {
    return Item::failed("BAD_USER_INPUT", "Field \"attribute_count\" was not provided.");
  }
  const Entity* known = sighting_to_merge(graph, *from, *to, input);
  std::string first = input["first_seen"].text();
  std::string last = input["last_seen"].text();
  std::int64_t count = input["attribute_count"].integer().value_or(1);
  if (known != nullptr) {
    first = std::min(first, known->text("first_seen"));
    last = std::max(last, known->text("last_seen"));
    count += known->property("count").integer().value_or(1);
  }
  json::Writer w;
  w.begin_object();
  w.member("type", "sighting");
  w.member("id", known != nullptr
                     ? known->standard_id
                     : "sighting--" +
                           socbridge::opencti::uuid5(from->standard_id + to->standard_id + first));
  w.member("sighting_of_ref", from->standard_id);
  w.key("where_sighted_refs");
  w.begin_array();
  w.value(to->standard_id);
  w.end_array();
  w.member("first_seen", first);
  w.member("last_seen", last);
  w.member("count", count);
  if (const auto text = input["description"].string()) w.member("description", *text);
  write_references(w, graph, known, input["externalReferences"]);
  write_texts(w, "object_marking_refs", input["objectMarking"]);
  w.end_object();
  auto stix = json::Document::parse(w.text());
  if (!stix.ok()) return functional(stix.status().message());
  return object_of(graph, &graph.put(std::move(*stix), format_utc(wall_now_ms())));
}

}  // namespace

graphql::Item resolve_mutation(Graph& graph, std::string_view name, json::Value arguments) {
  if (name == "stixCyberObservableAdd") return add_observable(graph, arguments);
  if (name == "systemAdd") return add_system(graph, arguments["input"]);
  if (name == "externalReferenceAdd") return add_reference(graph, arguments["input"]);
  if (name == "stixSightingRelationshipAdd") return add_sighting(graph, arguments["input"]);
  return {};
}

}  // namespace socbridge::sandbox::opencti
