// SPDX-License-Identifier: Apache-2.0
#include "stream/technique_task.h"

#include "json/value.h"
#include "json/writer.h"

namespace socbridge::stream {

using thehive::Subject;

std::string TechniqueTask::json() const {
  json::Writer w;
  w.begin_object();
  w.member("opencti_id", opencti_id);
  w.member("indicator", indicator);
  w.member(subject.kind == Subject::Kind::alert ? "alert" : "case", subject.id);
  w.member("due_ms", due_ms);
  w.key("markings");
  w.begin_array();
  for (const std::string& one : markings) w.value(one);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

Result<TechniqueTask> TechniqueTask::read(std::string_view json) {
  const auto parsed = json::Document::parse(json);
  if (!parsed.ok()) return parsed.status();
  const json::Value root = parsed->root();
  const auto text = [&](const char* name) { return root[name].string_text(); };
  TechniqueTask out;
  out.opencti_id = text("opencti_id");
  out.indicator = text("indicator");
  const std::string alert = text("alert");
  out.subject = alert.empty() ? Subject::of_case(text("case")) : Subject::alert(alert);
  out.due_ms = root["due_ms"].integer().value_or(0);
  const json::Value markings = root["markings"];
  for (std::size_t i = 0; i < markings.size(); ++i) {
    out.markings.emplace_back(markings.at(i).string_or_empty());
  }
  if (out.opencti_id.empty() || out.subject.id.empty()) {
    return Status::error(ExitCode::bad_input, "this line is not a task");
  }
  return out;
}

}  // namespace socbridge::stream
