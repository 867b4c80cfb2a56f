// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mapping/describe/family.h"

namespace socbridge::mapping {

// A two-column Markdown table, appended to `out`. Values are escaped; empty ones are omitted.
// Without rows nothing is written.
class FieldTable {
 public:
  // `heading` precedes the table.
  explicit FieldTable(std::string& out, std::string_view heading = {})
      : out_(out), heading_(heading) {}

  void row(std::string_view name, std::string_view value);
  // `name` is Markdown.
  void plain_row(std::string_view name, std::string_view value);
  // `name` and `markdown` are written unescaped.
  void raw_row(std::string_view name, std::string_view markdown);
  bool empty() const { return empty_; }

 private:
  void begin();

  std::string& out_;
  std::string_view heading_;
  bool empty_ = true;
};

// PCI DSS, GDPR, HIPAA, NIST 800-53, TSC and GPG13 of the rule on one line; empty if it has none.
std::string compliance_of(const wazuh::Alert& alert);

// rule.info: a link if it is a URL, else escaped text; empty if there is none.
std::string info_of(const wazuh::Alert& alert);

// The log: full_log, else the Windows message; then the diff of a watched file. Each at most
// `units` UTF-16 units. A log that is JSON repeats `data`, so it is collapsed.
void add_log_sections(const wazuh::Alert& alert, std::size_t units, std::string& out);
// Collapsed sections: a log that is JSON, and the previous logs.
void add_folded_sections(const wazuh::Alert& alert, std::size_t units, std::string& out);

// The part of `data` that no fact has shown: a table, or indented JSON if that would be too long.
void add_data_section(const wazuh::Alert& alert, const Family& family, std::size_t units,
                      std::string& out);

}  // namespace socbridge::mapping
