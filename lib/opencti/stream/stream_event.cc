// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/stream_event.h"

#include "base/text.h"

namespace socbridge::opencti {
namespace {

std::string_view text(json::Value value) { return value.string().value_or(std::string_view()); }

std::optional<UnixMillis> time(json::Value value) {
  const auto written = value.string();
  return written ? parse_timestamp(*written) : std::nullopt;
}

std::optional<EventId> id_member(json::Value value) { return EventId::parse(text(value)); }

}  // namespace

EventName event_name(std::string_view name) {
  if (name == "create") return EventName::create;
  if (name == "update") return EventName::update;
  if (name == "delete") return EventName::remove;
  if (name == "merge") return EventName::merge;
  if (name == "heartbeat") return EventName::heartbeat;
  if (name == "connected") return EventName::connected;
  return EventName::other;
}

Status read_event(const SseEvent& from, StreamEvent& out) {
  out.name = event_name(from.name);
  out.id = EventId::parse(from.id);
  out.dependency = out.recovered = false;
  if (out.name == EventName::heartbeat || out.name == EventName::other) return {};
  if (from.oversize) return Status::error(ExitCode::bad_input, "the event is too long");
  auto parsed = json::Document::parse(from.data);
  if (!parsed.ok()) return parsed.status();
  out.document = std::move(*parsed);
  const json::Value root = out.document.root();
  if (!root.is_object())
    return Status::error(ExitCode::bad_input, "the event is not a JSON object");
  const std::string_view referer = text(root["origin"]["referer"]);
  out.dependency = referer == "init-dependencies";
  out.recovered = referer == "init-create";
  return {};
}

Connected read_connected(const StreamEvent& event) {
  const json::Value root = event.document.root();
  Connected out;
  out.first = id_member(root["firstEventId"]);
  out.last = id_member(root["lastEventId"]);
  out.size = static_cast<std::uint64_t>(root["streamSize"].lenient_integer().value_or(0));
  out.connection_id = text(root["connectionId"]);
  return out;
}

StixFields read_fields(json::Value data) {
  const json::Value opencti = data["extensions"][extension::kOpencti];
  const json::Value observable = data["extensions"][extension::kObservable];
  const auto either = [&](std::string_view member) {
    const json::Value top = data[member];
    return top.missing() ? observable[member] : top;
  };
  StixFields out;
  out.id = text(data["id"]);
  out.type = text(data["type"]);
  out.name = text(data["name"]);
  out.description = text(either("description"));
  out.created_by = text(either("created_by_ref"));
  out.opencti_id = text(opencti["id"]);
  out.score = opencti["score"].lenient_integer();
  if (!out.score) out.score = observable["score"].lenient_integer();
  out.revoked = data["revoked"].boolean().value_or(false);
  out.valid_until = time(data["valid_until"]);
  out.updated = time(opencti["updated_at"]);
  if (!out.updated) out.updated = time(data["modified"]);
  const json::Value labels = either("labels");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string_view label = text(labels.at(i));
    if (!label.empty()) out.labels.push_back(label);
  }
  return out;
}

}  // namespace socbridge::opencti
