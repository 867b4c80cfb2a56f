// SPDX-License-Identifier: Apache-2.0
// Matches as lines of the journal.
#include "base/text.h"
#include "json/writer.h"
#include "stream/match.h"

namespace socbridge::stream {
namespace {

void add_list(Members& to, const char* name, const std::vector<std::string>& list) {
  if (!list.empty()) to.push_back({name, list});
}

}  // namespace

Members StreamMatch::members() const {
  std::vector<std::string> ids;
  for (const std::uint64_t one : observables) ids.push_back("~" + std::to_string(one));
  Members out = {{"kind", key.kind},
                 {"value", key.value},
                 {"observables", std::move(ids)},
                 {"indicator", indicator},
                 {"opencti_id", opencti_id}};
  if (!former.empty()) out.push_back({"former", former});
  out.push_back({"state", state});
  out.push_back({"event_id", event.text()});
  out.push_back({"name", name});
  if (!pattern.empty()) out.push_back({"pattern", pattern});
  if (!description.empty()) out.push_back({"description", description});
  if (score) out.push_back({"score", *score});
  if (!valid_until.empty()) out.push_back({"valid_until", valid_until});
  add_list(out, "labels", labels);
  add_list(out, "tactics", tactics);
  add_list(out, "techniques", techniques);
  add_list(out, "references", references);
  add_list(out, "markings", markings);
  out.push_back({"partial", partial});
  return out;
}

std::string StreamMatch::json() const {
  json::Writer w;
  w.begin_object();
  write_members(w, members());
  w.end_object();
  return std::move(w).take();
}

Result<StreamMatch> StreamMatch::read(std::string_view json) {
  const auto parsed = json::Document::parse(json);
  if (!parsed.ok()) return parsed.status();
  const json::Value root = parsed->root();
  const auto event = opencti::EventId::parse(root["event_id"].string_text());
  if (!event || root["kind"].string_text().empty() || root["indicator"].string_text().empty()) {
    return Status::error(ExitCode::bad_input, "this line is not a match");
  }
  StreamMatch out;
  out.key = {root["kind"].string_text(), root["value"].string_text()};
  for (const std::string& id : root["observables"].texts()) {
    const auto number =
        id.starts_with('~') ? parse_u64(std::string_view(id).substr(1)) : std::nullopt;
    if (number) out.observables.push_back(*number);
  }
  out.indicator = root["indicator"].string_text();
  out.opencti_id = root["opencti_id"].string_text();
  out.former = root["former"].string_text();
  out.state = root["state"].string_text();
  out.event = *event;
  out.name = root["name"].string_text();
  out.pattern = root["pattern"].string_text();
  out.description = root["description"].string_text();
  if (const auto score = root["score"].integer()) out.score = *score;
  out.valid_until = root["valid_until"].string_text();
  out.labels = root["labels"].texts();
  out.tactics = root["tactics"].texts();
  out.techniques = root["techniques"].texts();
  out.references = root["references"].texts();
  out.markings = root["markings"].texts();
  out.partial = root["partial"].boolean().value_or(false);
  return out;
}

}  // namespace socbridge::stream
