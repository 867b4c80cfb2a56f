// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/time.h"
#include "health/render/render.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

constexpr int kWidth = 580, kLabel = 130, kRow = 26;
// Minimum number of columns, so that a few runs do not fill the width.
constexpr std::size_t kFewest = 40;

// Worse states are taller, for colour-blind readers.
int height_of(State state) {
  switch (state) {
    case State::skipped: return 2;
    case State::ok: return 6;
    case State::unknown: return 10;
    case State::degraded: return 14;
    case State::down: return 20;
  }
  return 0;
}

// Empty: not checked in that run.
std::optional<State> state_in(const PastRun& run, std::string_view component) {
  for (const auto& [name, state] : run.components) {
    if (name == component) return state;
  }
  return {};
}

std::string minute_of(UnixMillis ms) {
  constexpr std::size_t kToMinutes = 16;
  std::string text = format_utc(ms).substr(0, kToMinutes);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

// Consecutive runs with the same state form one bar.
void write_row(std::string& out, const Report& report, const std::vector<PastRun>& runs, int top) {
  const double step =
      static_cast<double>(kWidth - kLabel) / static_cast<double>(std::max(runs.size(), kFewest));
  const double left = kWidth - step * static_cast<double>(runs.size());
  const std::string title = escape_html(report.title);
  out += fmt::format("<text x=\"0\" y=\"{}\">{}</text>\n", top + kRow - 8, title);
  for (std::size_t i = 0; i < runs.size();) {
    const auto state = state_in(runs[i], report.component);
    std::size_t end = i + 1;
    while (end < runs.size() && state_in(runs[end], report.component) == state) ++end;
    if (state) {
      const int height = height_of(*state);
      out += fmt::format(
          "<rect class=\"{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\">"
          "<title>{}: {} from {} to {}, {} {}</title></rect>\n",
          state_name(*state), left + step * static_cast<double>(i), top + kRow - 4 - height,
          step * static_cast<double>(end - i), height, title, state_name(*state),
          minute_of(runs[i].at_ms), minute_of(runs[end - 1].at_ms), end - i,
          end - i == 1 ? "run" : "runs");
    }
    i = end;
  }
}

bool was_configured(const std::vector<PastRun>& runs, std::string_view component) {
  return std::any_of(runs.begin(), runs.end(), [&](const PastRun& run) {
    return state_in(run, component).value_or(State::skipped) != State::skipped;
  });
}

}  // namespace

std::string history_json(const std::vector<PastRun>& runs) {
  json::Writer w;
  w.begin_array();
  for (const PastRun& run : runs) {
    w.begin_object();
    w.member("checked_at", format_utc(run.at_ms));
    w.key("components");
    w.begin_object();
    for (const auto& [name, state] : run.components) w.member(name, state_name(state));
    w.end_object();
    w.end_object();
  }
  w.end_array();
  return std::move(w).take();
}

std::string render_strip(const Summary& summary) {
  const std::vector<PastRun>& runs = summary.history;
  if (runs.empty()) return {};
  std::string rows;
  int top = 0;
  for (const Report& report : summary.reports) {
    if (!was_configured(runs, report.component)) continue;
    write_row(rows, report, runs, top);
    top += kRow;
  }
  if (rows.empty()) return {};
  constexpr int kFoot = 22;
  return fmt::format(
      "<figure><svg class=\"strip\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"The last {} "
      "runs\">\n{}<text class=\"when\" x=\"{}\" y=\"{}\">{}{}, UTC</text>\n</svg></figure>\n",
      kWidth, top + kFoot, runs.size(), rows, kWidth, top + kFoot - 5,
      runs.size() > 1 ? minute_of(runs.front().at_ms) + " to " : "", minute_of(runs.back().at_ms));
}

}  // namespace socbridge::health
