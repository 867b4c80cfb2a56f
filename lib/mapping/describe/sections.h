// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mapping/describe/family.h"

namespace socbridge::mapping {

// A table of two columns in Markdown; values are escaped, empty ones left out. Without rows it is
// an empty text.
class FieldTable {
 public:
  void row(std::string_view name, std::string_view value);
  // `markdown` stands as it is.
  void raw_row(std::string_view name, std::string_view markdown);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// PCI DSS, GDPR, HIPAA, NIST 800-53, TSC and GPG13 of the rule on one line; empty if it has none.
std::string compliance_of(const wazuh::Alert& alert);

// rule.info: a link if it is an address, else escaped text; empty if there is none.
std::string info_of(const wazuh::Alert& alert);

// What the log says: full_log, else the message of Windows; then what changed in a watched file.
// Each at most `units` UTF-16 units. A log that is JSON says what `data` says, so it is folded.
std::string log_sections(const wazuh::Alert& alert, std::size_t units);
// What is shut until it is opened: a log that is JSON, and the logs before this one.
std::string folded_sections(const wazuh::Alert& alert, std::size_t units);

// All of `data` that no fact has shown: a table, or indented JSON if that would be too long.
std::string data_section(const wazuh::Alert& alert, const Family& family, std::size_t units);

}  // namespace socbridge::mapping
