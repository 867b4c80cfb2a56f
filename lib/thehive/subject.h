// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::thehive {

// The alert, case or observable that a request is for. `id` is `~123`; of a case also its number,
// of an alert also `type;source;sourceRef` (docs/protocols/thehive.md, "Direct reads").
struct Subject {
  enum class Kind { alert, of_case, observable };
  Kind kind = Kind::of_case;
  std::string id;

  static Subject alert(std::string id) { return {Kind::alert, std::move(id)}; }
  static Subject of_case(std::string id) { return {Kind::of_case, std::move(id)}; }  // a case
  static Subject observable(std::string id) { return {Kind::observable, std::move(id)}; }

  // "case 42", printable.
  std::string text() const;
  // `/api/v1/case/42`, percent-encoded, with `/tail` if one is given.
  std::string path(std::string_view tail = {}) const;
};

}  // namespace socbridge::thehive
