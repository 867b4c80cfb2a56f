// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/thehive_session.h"

#include <algorithm>

#include "base/text.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::socctl {
namespace {

term::Style level_style(std::string_view level) {
  if (level == "malicious") return term::Style::red;
  if (level == "suspicious") return term::Style::yellow;
  if (level == "safe") return term::Style::green;
  return term::Style::blue;
}

int badness(std::string_view level) {
  if (level == "malicious") return 3;
  if (level == "suspicious") return 2;
  if (level == "safe") return 1;
  return 0;
}

}  // namespace

Result<TheHive> TheHive::open(Context& context, const TargetFlags& flags) {
  const auto endpoint =
      profile::resolve(context.env, "thehive", flags.flags, profile::SystemPaths::of_process());
  if (!endpoint.ok()) return endpoint.status();
  http::ClientOptions options;
  profile::set_way(*endpoint, options);
  options.user_agent = "socctl";
  TheHive out;
  out.http_ = std::make_unique<http::Client>(options);
  out.client_ = std::make_unique<thehive::Client>(
      *out.http_, thehive::Endpoint{endpoint->url, endpoint->key, endpoint->organisation});
  return out;
}

bool TheHive::five_levels(const Deadline& deadline) {
  const auto version = client_->version(deadline);
  return !version.ok() || version->at_least(5, 2);
}

term::Cell severity_cell(int severity) {
  term::Style style = term::Style::none;
  if (severity >= 4) style = term::Style::red;
  if (severity == 3) style = term::Style::yellow;
  return {thehive::severity_name(severity), style};
}

term::Cell tlp_cell(int tlp, bool five_levels) {
  term::Style style = term::Style::none;
  if (tlp == 1) style = term::Style::green;
  if (tlp == 2 || (tlp == 3 && five_levels)) style = term::Style::yellow;
  if (tlp > 3 || (tlp == 3 && !five_levels)) style = term::Style::red;
  return {thehive::tlp_name(tlp, five_levels), style};
}

term::Cell taxonomy_cell(const std::vector<thehive::Taxonomy>& taxonomies) {
  term::Cell out;
  int worst = -1;
  for (const thehive::Taxonomy& one : taxonomies) {
    if (!out.text.empty()) out.text += ", ";
    out.text += one.name_space + ":" + one.predicate + "=" + one.value;
    if (badness(one.level) > worst) {
      worst = badness(one.level);
      out.style = level_style(one.level);
    }
  }
  return out;
}

void print_facts(const Facts& facts, term::Format format, const term::Terminal& terminal) {
  std::size_t widest = 0;
  for (const auto& [name, cell] : facts) widest = std::max(widest, std::string_view(name).size());
  for (const auto& [name, cell] : facts) {
    if (cell.text.empty()) continue;
    constexpr std::size_t kMost = 4096;
    const std::string value = printable(cell.text, kMost);
    if (format == term::Format::plain) {
      write_out(std::string(name) + "\t" + value + "\n");
      continue;
    }
    const std::string gap(widest + 2 - std::string_view(name).size(), ' ');
    write_out(term::paint(name, term::Style::bold, terminal.color) + gap +
              term::paint(value, cell.style, terminal.color) + "\n");
  }
}

Result<int> tlp_option(const std::string& option, const std::string& text, bool five_levels) {
  if (const auto level = thehive::parse_tlp(text, five_levels)) return *level;
  return Status::error(ExitCode::usage, option + ": \"" + printable(text, 40) + "\" is not a TLP",
                       five_levels ? "known are clear, green, amber, amber+strict, red"
                                   : "known are clear, green, amber, red");
}

Result<int> severity_option(const std::string& option, const std::string& text) {
  if (const auto level = thehive::parse_severity(text)) return *level;
  return Status::error(ExitCode::usage,
                       option + ": \"" + printable(text, 40) + "\" is not a severity",
                       "known are low, medium, high, critical");
}

}  // namespace socbridge::socctl
