// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace socbridge::wazuh {

// One JSON value that holds several alerts: a list of alerts or of search hits, a search answer, or
// several search answers (a list of them, or the `responses` of a multi-search).
class Container {
 public:
  static bool is_one(json::Value root);
  // Empty if the text has none of these forms.
  static std::optional<Container> of(std::string_view text);
  // For any value: one without alerts in it is its own only item.
  static Container of_any(json::Document document);

  std::size_t size() const { return items_.size(); }
  bool is_single() const { return single_; }  // its only item is itself
  std::string item(std::size_t index) const { return items_[index].dump(); }
  // Reasons why alerts may be missing; one line for each search answer that may be incomplete.
  const std::vector<std::string>& doubts() const { return doubts_; }

 private:
  void collect(json::Value value, int depth);

  json::Document document_;
  std::vector<json::Value> items_;
  bool single_ = false;
  std::vector<std::string> doubts_;
};

// Whether Container::of() may accept the text; cheap.
bool may_be_container(std::string_view text);

// The format of a first line that is neither JSON nor damaged JSON: "an HTML page", "compressed
// with xz". Empty if it is not recognised.
std::string foreign_form(std::string_view first_line);

}  // namespace socbridge::wazuh
