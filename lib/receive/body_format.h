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

// How to read alerts of one foreign product; docs/receive.md lists the keys. In templates and
// conditions the product's JSON is below `data`.
struct BodyFormat {
  std::string name;
  std::vector<rules::Filter> match;  // one of them must match; empty: every object
  std::string each;                  // dotted path of a list of alerts; "": the object is the alert
  rules::Template id, timestamp, rule_id, title, agent, source;
  rules::ValueChoice level;
  std::vector<rules::Template> groups;
};

// The formats of a configuration file, in order.
class BodyFormats {
 public:
  BodyFormats() = default;
  // `origin` is the file's name for messages. Errors: usage, with the place of the first fault.
  static Result<BodyFormats> read(std::string_view text, const std::string& origin);

  // The first format whose conditions match this object; null: none.
  const BodyFormat* find(json::Value object) const;

 private:
  std::vector<BodyFormat> formats_;
};

}  // namespace socbridge::receive
