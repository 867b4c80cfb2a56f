// SPDX-License-Identifier: Apache-2.0
#include "wazuh/alert_container.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "json/abridge.h"
#include "wazuh/search_answer.h"

namespace socbridge::wazuh {
namespace {

constexpr int kDeepest = 3;

}  // namespace

bool may_be_container(std::string_view text) {
  return text.starts_with('[') || text.find("\"hits\"") != std::string_view::npos ||
         text.find("\"responses\"") != std::string_view::npos;
}

bool Container::is_one(json::Value root) {
  return root.is_array() || is_search_answer(root) || root["responses"].is_array();
}

std::optional<Container> Container::of(std::string_view text) {
  if (!may_be_container(text)) return {};
  auto document = json::parse_deep(text);
  if (!document.ok() || !is_one(document->root())) return {};
  // An alert may itself have a member `hits` or `responses`.
  if (why_no_alert(document->root()).empty()) return {};
  return of_any(std::move(*document));
}

Container Container::of_any(json::Document document) {
  Container container;
  container.document_ = std::move(document);
  container.single_ = !is_one(container.document_.root());
  container.collect(container.document_.root(), 0);
  return container;
}

void Container::collect(json::Value value, int depth) {
  json::Value list;
  if (depth < kDeepest && !why_no_alert(value).empty()) {
    if (value.is_array()) {
      list = value;
      if (list.size() == 0) doubts_.emplace_back("an empty list, so nothing was compared");
    } else if (is_search_answer(value)) {
      if (std::string doubt = why_incomplete(value, value["hits"]["hits"].size()); !doubt.empty()) {
        doubts_.push_back(std::move(doubt));
      }
      const json::Value hits = value["hits"]["hits"];
      for (std::size_t i = 0; i < hits.size(); ++i) items_.push_back(hits.at(i));
      return;
    } else {
      list = value["responses"];
    }
  }
  if (!list.is_array()) {
    items_.push_back(value);
    return;
  }
  for (std::size_t i = 0; i < list.size(); ++i) collect(list.at(i), depth + 1);
}

std::string foreign_form(std::string_view first_line) {
  struct Form {
    std::string_view beginning;
    const char* name;
  };
  static constexpr std::array<Form, 7> kForms = {{
      {"<", "an HTML page or XML, not alerts"},
      {"alertdate='", "in integratord's text format, not JSON"},
      {"** Alert ", "an alerts.log, not an alerts.json"},
      {"PK\x03\x04", "a zip archive; unpack it first"},
      {"BZh", "compressed with bzip2; unpack it first"},
      {"\xFD\x37zXZ", "compressed with xz; unpack it first"},
      {"\x28\xB5\x2F\xFD", "compressed with zstd; unpack it first"},
  }};
  for (const Form& form : kForms) {
    if (first_line.starts_with(form.beginning)) return form.name;
  }
  return {};
}

}  // namespace socbridge::wazuh
