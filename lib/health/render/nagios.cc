// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "base/time.h"
#include "health/render/render.h"

namespace socbridge::health {
namespace {

// A `|` starts the performance data, so it must not be in the text.
std::string plain(std::string_view foreign) {
  std::string text = printable(foreign, SIZE_MAX);
  for (char& c : text) {
    if (c == '|') c = '/';
  }
  return text;
}

}  // namespace

std::string render_nagios(const Summary& summary) {
  constexpr std::array<const char*, 4> kWords = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  std::string first = fmt::format(
      "SOC {} - {}", kWords[static_cast<std::size_t>(summary.nagios_code())], counts_text(summary));
  std::string details;
  const Report* worst = nullptr;
  for (const Report& report : summary.reports) {
    if (report.state() <= State::ok) continue;
    if (worst == nullptr || worst->state() < report.state()) worst = &report;
    for (const Check& check : report.checks) {
      if (check.state <= State::ok) continue;
      details += plain(fmt::format("{} {} {}: {}{}{}", report.component, check.name,
                                   state_name(check.state), check.detail,
                                   check.next.empty() ? "" : "; ", check.next)) +
                 "\n";
    }
  }
  if (worst != nullptr) first += "; " + worst->component + " " + reason_text(*worst);
  std::string data;
  for (const Report& report : summary.reports) {
    if (report.latency_ms < 0) continue;
    std::string slow, late = seconds_text(summary.timeout_ms);
    for (const Check& check : report.checks) {
      if (check.name != "answer" || !check.threshold) continue;
      if (check.threshold->degraded >= 0) slow = seconds_text(check.threshold->degraded);
      if (check.threshold->down >= 0) late = seconds_text(check.threshold->down);
    }
    data += fmt::format(" {}={}s;{};{};0", report.component, seconds_text(report.latency_ms), slow,
                        late);
  }
  return plain(first) + (data.empty() ? "" : " |" + data) + "\n" + details;
}

}  // namespace socbridge::health
