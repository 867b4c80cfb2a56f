// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/client.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "thehive/cases.h"
#include "thehive/client.h"
#include "thehive/observables.h"

namespace socbridge::socctl {

// Time limit for all requests of a verb that sends only a few.
inline constexpr std::int64_t kTimeoutMs = 30000;

// The TheHive of the flags, with a cache of its properties.
class TheHive {
 public:
  static Result<TheHive> open(Context& context, const TargetFlags& flags);
  thehive::Client& client() { return *client_; }
  // Whether TLP 3 is amber+strict (5.2 and later). Reads the version once; true if there is no
  // answer.
  bool five_levels(const Deadline& deadline);

 private:
  TheHive() = default;
  std::unique_ptr<http::Client> http_;
  std::unique_ptr<thehive::Client> client_;
};

// Cells that several verbs print.
term::Cell severity_cell(int severity);
term::Cell tlp_cell(int tlp, bool five_levels);
term::Cell taxonomy_cell(const std::vector<thehive::Taxonomy>& taxonomies);
// `NAME  value` lines for people, separated by tabs for programs.
using Facts = std::vector<std::pair<const char*, term::Cell>>;
void print_facts(const Facts& facts, term::Format format, const term::Terminal& terminal);

// The level of `--tlp` and similar options, or a usage error with the valid names.
Result<int> tlp_option(const std::string& option, const std::string& text, bool five_levels);
Result<int> severity_option(const std::string& option, const std::string& text);

}  // namespace socbridge::socctl
