// SPDX-License-Identifier: Apache-2.0
#include "stream/event.h"

#include "base/text.h"
#include "json/writer.h"
#include "stream/member.h"

namespace socbridge::stream {
namespace {

struct Named {
  const char* name;
  Members members;
};

RawJson raw_or_quoted(const std::string& line) {
  return {json::Document::parse(line).ok() ? line : json::quote(line)};
}

Named named(const event::Connected& e) {
  return {"connected", {{"first", e.first}, {"last", e.last}, {"kept", e.kept}}};
}
Named named(const event::Gap& e) {
  return {"gap", {{"from", format_utc(e.from_ms)}, {"until", format_utc(e.until_ms)}}};
}
Named named(const event::Disconnected& e) {
  return {"disconnected", {{"reason", e.reason}, {"retry_ms", e.retry_ms}}};
}
Named named(const event::Paused& e) { return {"paused", {{"waiting_bytes", e.waiting_bytes}}}; }
Named named(const event::Progress& e) {
  return {"progress",
          {{"events", e.events},
           {"matches", e.matches},
           {"values", e.values},
           {"waiting_bytes", e.waiting_bytes},
           {"event_id", e.event_id}}};
}
Named named(const event::Matched& e) {
  Named out{"match", e.match.members()};
  if (e.looked_up) out.members.push_back({"looked_up", true});
  return out;
}
Named named(const event::Skipped& e) { return {"skipped", {{"id", e.id}, {"reason", e.reason}}}; }
Named named(const event::Notified& e) {
  return {"notified",
          {{"result", e.result},
           {"subject", e.subject},
           {"observable", e.observable},
           {"indicator", e.indicator},
           {"state", e.state},
           {"event_id", e.event_id}}};
}
Named named(const event::TechniquesAdded& e) {
  return {"techniques",
          {{"subject", e.subject},
           {"indicator", e.indicator},
           {"added", e.added},
           {"refused", e.refused}}};
}
Named named(const event::Refused& e) {
  return {"refused", {{"reason", e.reason}, {"match", raw_or_quoted(e.line)}}};
}
Named named(const event::LookupFailed& e) {
  Named out{"asking_failed", {{"reason", e.reason}, {"values", e.values}}};
  if (!e.observable.empty()) out.members.push_back({"observable", e.observable});
  return out;
}
Named named(const event::TechniquesFailed& e) {
  return {"techniques_failed", {{"reason", e.reason}, {"task", e.task}}};
}
Named named(const event::Outage& e) {
  using Of = event::Outage::Of;
  const char* name = e.of == Of::thehive   ? "thehive_down"
                     : e.of == Of::opencti ? "opencti_down"
                                           : "refresh_failed";
  return {name, {{"reason", e.reason}, {"retry_ms", e.retry_ms}}};
}
Named named(const event::Warning& e) {
  using About = event::Warning::About;
  const char* name = e.about == About::account_shared  ? "account_shared"
                     : e.about == About::right_missing ? "right_missing"
                                                       : "own_unknown";
  return {name, {{"reason", e.reason}}};
}

Named named(const Event& event) {
  return std::visit([](const auto& one) { return named(one); }, event);
}

}  // namespace

std::string event_json(const Event& event) {
  const Named it = named(event);
  json::Writer w;
  w.begin_object();
  w.member("event", it.name);
  write_members(w, it.members);
  w.end_object();
  return std::move(w).take();
}

std::string event_text(const Event& event) {
  const Named it = named(event);
  return it.name + members_text(it.members);
}

}  // namespace socbridge::stream
