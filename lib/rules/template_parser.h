// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/template.h"

namespace socbridge::rules {

// Parses the text of a template. Single use.
class TemplateParser {
 public:
  TemplateParser(std::string_view text, Faults& faults) : text_(text), faults_(faults) {}
  Template run();

 private:
  void literal(char c);
  // Called at an opening brace; leaves the position after the closing one.
  void expression();
  // One word between bars. False if the rest of the expression cannot be parsed.
  bool word(std::string_view whole, std::size_t at, Template::Part& part);
  struct Word {
    std::string_view text;  // without surrounding blanks
    std::size_t at;         // its offset in the template
  };
  bool field(const Word& word, Template::Part& part);
  bool quoted_text(const Word& word, Template::Part& part);
  bool plain_text(const Word& word, Template::Part& part);
  bool filter(const Word& word, Template::Step step, Template::Part& part);
  std::optional<std::string_view> quoted_end(std::size_t from) const;
  void fail(std::size_t at, std::string message, std::string hint = {});

  std::string_view text_;
  Faults& faults_;
  std::size_t at_ = 0;
  Template out_;
};

}  // namespace socbridge::rules
