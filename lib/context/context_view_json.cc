// SPDX-License-Identifier: Apache-2.0
#include "context/context_view.h"
#include "json/writer.h"

namespace socbridge::context {
namespace {

using opencti::Context;

void write_texts(json::Writer& w, std::string_view name, const std::vector<std::string>& texts) {
  w.key(name);
  w.begin_array();
  for (const std::string& text : texts) w.value(text);
  w.end_array();
}

void write_number(json::Writer& w, std::string_view name,
                  const std::optional<std::int64_t>& number) {
  w.key(name);
  if (number) {
    w.value(*number);
  } else {
    w.null();
  }
}

void write_observable(json::Writer& w, const opencti::Observable& one) {
  w.begin_object();
  w.member("id", one.standard_id);
  w.member("type", one.type);
  w.member("value", one.value);
  write_number(w, "score", one.score);
  w.member("description", one.description);
  w.member("author", one.author);
  write_texts(w, "labels", one.labels);
  write_texts(w, "markings", one.markings);
  w.key("references");
  w.begin_array();
  for (const opencti::Reference& reference : one.references) {
    w.begin_object();
    w.member("source", reference.source);
    w.member("url", reference.url);
    w.member("external_id", reference.external_id);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

void write_indicator(json::Writer& w, const opencti::Indicator& one, UnixMillis now_ms) {
  w.begin_object();
  w.member("id", one.standard_id);
  w.member("name", one.name);
  w.member("pattern", one.pattern);
  w.member("pattern_type", one.pattern_type);
  write_number(w, "score", one.score);
  write_number(w, "confidence", one.confidence);
  w.member("state", one.state(now_ms));
  w.member("valid_from", one.valid_from);
  w.member("valid_until", one.valid_until);
  w.member("revoked", one.revoked);
  w.member("detection", one.detection);
  w.member("author", one.author);
  write_texts(w, "labels", one.labels);
  write_texts(w, "markings", one.markings);
  w.end_object();
}

const char* state_of(const Context& context) {
  if (!context.status.ok()) return "not asked";
  if (context.only_revoked()) return "revoked";
  return context.known() ? "known" : "not known";
}

void write_link(json::Writer& w, const opencti::Link& one) {
  w.begin_object();
  w.member("type", one.threat.type);
  w.member("name", one.threat.name);
  w.member("id", one.threat.standard_id);
  w.member("mitre_id", one.threat.mitre_id);
  write_texts(w, "aliases", one.threat.aliases);
  write_texts(w, "tactics", one.threat.tactics);
  w.member("relationship", one.kind);
  // As seen from the value, or from the intermediate threat.
  w.member("direction", one.end == opencti::Link::End::target ? "outgoing" : "incoming");
  w.member("subject", one.subject);
  w.member("via", one.via);
  write_number(w, "confidence", one.confidence);
  w.end_object();
}

}  // namespace

std::string to_json(const Context& context, UnixMillis now_ms) {
  json::Writer w;
  w.begin_object();
  w.member("value", context.value.text);
  w.member("type", context.value.type);
  w.member("given", context.value.given);
  w.member("known", context.known() && !context.only_revoked());
  w.member("state", state_of(context));
  if (!context.status.ok()) w.member("error", context.status.message());
  w.key("observables");
  w.begin_array();
  for (const auto& one : context.observables) write_observable(w, one);
  w.end_array();
  w.key("indicators");
  w.begin_array();
  for (const auto& one : context.indicators) write_indicator(w, one, now_ms);
  w.end_array();
  w.key("threats");
  w.begin_array();
  for (const auto& one : context.links) write_link(w, one);
  w.end_array();
  w.key("reports");
  w.begin_array();
  for (const opencti::Report& one : context.reports) {
    w.begin_object();
    w.member("name", one.name);
    w.member("published", one.published);
    w.member("author", one.author);
    write_texts(w, "types", one.types);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::context
