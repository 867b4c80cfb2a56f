// SPDX-License-Identifier: Apache-2.0
#include "stream/lookup/lookup_task.h"

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::stream {

std::string LookupTask::json() const {
  json::Writer w;
  w.begin_object();
  w.member("type", data_type);
  w.member("data", data);
  w.member("id", "~" + std::to_string(observable));
  if (tries > 0) w.member("tries", tries);
  w.end_object();
  return std::move(w).take();
}

Result<LookupTask> LookupTask::read(std::string_view json) {
  const auto parsed = json::Document::parse(json);
  if (!parsed.ok()) return parsed.status();
  const json::Value root = parsed->root();
  const std::string_view id = root["id"].string_or_empty();
  const auto number = id.starts_with('~') ? parse_u64(id.substr(1)) : std::nullopt;
  LookupTask out{root["type"].string_text(), root["data"].string_text(), number.value_or(0),
                 root["tries"].integer().value_or(0)};
  if (out.data.empty() || out.observable == 0) {
    return Status::error(ExitCode::bad_input, "this line is not a value to look up");
  }
  return out;
}

}  // namespace socbridge::stream
