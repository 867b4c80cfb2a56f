// SPDX-License-Identifier: Apache-2.0
#include "receive/body_reader.h"

#include <utility>

#include "base/text.h"
#include "json/abridge.h"
#include "json/value.h"
#include "receive/foreign_alert.h"
#include "wazuh/search_answer.h"

namespace socbridge::receive {
namespace {

constexpr int kDeepest = 8;

bool is_alert(json::Value value) { return wazuh::why_no_alert(value).empty(); }

class Reader {
 public:
  explicit Reader(const BodyFormats& formats) : formats_(formats) {}

  void read(json::Value value, int depth = 0) {
    if (depth > kDeepest || alerts_.size() > kMostAlerts) return;
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size() && alerts_.size() <= kMostAlerts; ++i) {
        read(value.at(i), depth + 1);
      }
      return;
    }
    if (!value.is_object()) return;
    if (is_alert(value)) return add(value.dump());
    if (const BodyFormat* format = formats_.find(value)) return read_as(value, *format);
    for (const char* name : {"sample_documents", "responses"}) {
      if (value[name].is_array()) return read(value[name], depth + 1);
    }
    if (wazuh::is_search_answer(value)) return read(value["hits"]["hits"], depth + 1);
    if (value["ctx"].is_object()) return read(value["ctx"], depth + 1);
    if (is_alert(value["all_fields"])) return add(value["all_fields"].dump());
    if (const json::Value alerts = value["alerts"]; holds_documents(alerts)) {
      return read(alerts, depth + 1);
    }
    add(is_graylog(value) ? of_graylog(value) : of_any_object(value));
  }

  std::vector<std::string> take() && { return std::move(alerts_); }

 private:
  void add(std::string alert) { alerts_.push_back(std::move(alert)); }

  // OpenSearch's Alerting; other products also have a list with this name.
  static bool holds_documents(json::Value alerts) {
    return alerts.is_array() && alerts.at(0)["sample_documents"].is_array();
  }

  void read_as(json::Value value, const BodyFormat& format) {
    const json::Value list = format.each.empty() ? json::Value() : value.path(format.each);
    if (!list.is_array()) return add(as_alert(value, format));
    for (std::size_t i = 0; i < list.size() && alerts_.size() <= kMostAlerts; ++i) {
      if (list.at(i).is_object()) add(as_alert(list.at(i), format));
    }
  }

  const BodyFormats& formats_;
  std::vector<std::string> alerts_;
};

Status not_json(std::string_view body, const std::string& why) {
  // Mustache's output of an object without toJson.
  const bool of_java = body.starts_with('{') && body.find('=') < body.find('"');
  return Status::error(ExitCode::bad_input, "the body is not JSON: " + why,
                       of_java ? "in a message template write {{#toJson}}ctx.alerts{{/toJson}}"
                               : "send a JSON object, a list of objects, or one object per line");
}

// One value per line.
Status read_lines(std::string_view body, const std::string& why, Reader& reader) {
  std::size_t lines = 0;
  for (const std::string_view line : split(body, '\n')) {
    if (trim(line).empty()) continue;
    const auto document = json::parse_deep(trim(line));
    if (!document.ok()) return not_json(body, why);
    reader.read(document->root());
    ++lines;
  }
  return lines > 1 ? Status() : not_json(body, why);
}

}  // namespace

Result<std::vector<std::string>> read_body(std::string_view body, const BodyFormats& formats) {
  body = trim(body);
  Reader reader(formats);
  if (body.empty()) return Status::error(ExitCode::bad_input, "the body is empty");
  const auto document = json::parse_deep(body);
  if (document.ok()) {
    if (is_alert(document->root())) return std::vector<std::string>{std::string(body)};
    reader.read(document->root());
  } else {
    const Status bad = read_lines(body, document.status().message(), reader);
    if (!bad.ok()) return bad;
  }
  auto alerts = std::move(reader).take();
  if (alerts.empty()) return Status::error(ExitCode::bad_input, "no object in the body");
  if (alerts.size() > kMostAlerts) {
    return Status::error(ExitCode::bad_input,
                         "more than " + std::to_string(kMostAlerts) + " alerts in one body");
  }
  return alerts;
}

}  // namespace socbridge::receive
