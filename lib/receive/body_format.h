// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "json/value.h"
#include "rules/filter.h"
#include "rules/template.h"
#include "rules/value_choice.h"

namespace socbridge::receive {

// How alerts of one foreign product are read; docs/receive.md has the keys. In templates and
// conditions the product's JSON stands below `data`.
struct BodyFormat {
  std::string name;
  std::vector<rules::Filter> match;  // any of them; none: every object
  std::string each;                  // dotted path of a list whose elements are alerts; "": itself
  rules::Template id, timestamp, rule_id, title, agent, source;
  rules::ValueChoice level;
  std::vector<rules::Template> groups;
};

// The formats of a configuration file, in order.
class BodyFormats {
 public:
  BodyFormats() = default;
  // `origin` is the file's name for messages. Errors: usage, one for each fault, with its place.
  static Result<BodyFormats> read(std::string_view text, const std::string& origin);

  // The first whose conditions hold for this object; null: none.
  const BodyFormat* find(json::Value object) const;

 private:
  std::vector<BodyFormat> formats_;
};

}  // namespace socbridge::receive
