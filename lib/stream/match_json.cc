// SPDX-License-Identifier: Apache-2.0
// A match as a line of the journal.
#include "base/text.h"
#include "json/writer.h"
#include "stream/match.h"

namespace socbridge::stream {
namespace {

std::string text(json::Value value) { return std::string(value.string().value_or("")); }

std::vector<std::string> texts(json::Value list) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(text(list.at(i)));
  return out;
}

void write_list(json::Writer& w, const char* name, const std::vector<std::string>& list) {
  if (list.empty()) return;
  w.key(name);
  w.begin_array();
  for (const std::string& one : list) w.value(one);
  w.end_array();
}

}  // namespace

std::string StreamMatch::json() const {
  json::Writer w;
  w.begin_object();
  w.member("kind", key.kind);
  w.member("value", key.value);
  w.key("observables");
  w.begin_array();
  for (const std::uint64_t one : observables) w.value("~" + std::to_string(one));
  w.end_array();
  w.member("indicator", indicator);
  w.member("opencti_id", opencti_id);
  if (!former.empty()) w.member("former", former);
  w.member("state", state);
  w.member("event_id", event.text());
  w.member("name", name);
  if (!pattern.empty()) w.member("pattern", pattern);
  if (!description.empty()) w.member("description", description);
  if (score) w.member("score", *score);
  if (!valid_until.empty()) w.member("valid_until", valid_until);
  write_list(w, "labels", labels);
  write_list(w, "tactics", tactics);
  write_list(w, "techniques", techniques);
  write_list(w, "references", references);
  write_list(w, "markings", markings);
  w.member("partial", partial);
  w.end_object();
  return std::move(w).take();
}

Result<StreamMatch> StreamMatch::read(std::string_view json) {
  const auto parsed = json::Document::parse(json);
  if (!parsed.ok()) return parsed.status();
  const json::Value root = parsed->root();
  const auto event = opencti::EventId::parse(text(root["event_id"]));
  if (!event || text(root["kind"]).empty() || text(root["indicator"]).empty()) {
    return Status::error(ExitCode::bad_input, "this line is no match");
  }
  StreamMatch out;
  out.key = {text(root["kind"]), text(root["value"])};
  for (const std::string& id : texts(root["observables"])) {
    const auto number =
        id.starts_with('~') ? parse_u64(std::string_view(id).substr(1)) : std::nullopt;
    if (number) out.observables.push_back(*number);
  }
  out.indicator = text(root["indicator"]);
  out.opencti_id = text(root["opencti_id"]);
  out.former = text(root["former"]);
  out.state = text(root["state"]);
  out.event = *event;
  out.name = text(root["name"]);
  out.pattern = text(root["pattern"]);
  out.description = text(root["description"]);
  if (const auto score = root["score"].integer()) out.score = *score;
  out.valid_until = text(root["valid_until"]);
  out.labels = texts(root["labels"]);
  out.tactics = texts(root["tactics"]);
  out.techniques = texts(root["techniques"]);
  out.references = texts(root["references"]);
  out.markings = texts(root["markings"]);
  out.partial = root["partial"].boolean().value_or(false);
  return out;
}

}  // namespace socbridge::stream
