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
  // Empty if the text is none of these.
  static std::optional<Container> of(std::string_view text);
  // Whatever the value is: one that is no container holds itself.
  static Container of_any(json::Document document);

  std::size_t size() const { return items_.size(); }
  bool is_single() const { return single_; }  // it holds nothing but itself
  std::string item(std::size_t index) const { return items_[index].dump(); }
  // Why this may not be all that there is; one line for each search answer that does not prove it.
  const std::vector<std::string>& doubts() const { return doubts_; }

 private:
  void collect(json::Value value, int depth);

  json::Document document_;
  std::vector<json::Value> items_;
  bool single_ = false;
  std::vector<std::string> doubts_;
};

// True for text that Container::of may know; cheap.
bool may_be_container(std::string_view text);

// What a first line shows that is neither JSON nor a damaged line of it: "an HTML page",
// "compressed with xz". Empty: nothing of that kind.
std::string foreign_form(std::string_view first_line);

}  // namespace socbridge::wazuh
