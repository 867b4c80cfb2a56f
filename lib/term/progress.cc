// SPDX-License-Identifier: Apache-2.0
#include "term/progress.h"

#include <algorithm>
#include <utility>

#include "base/time.h"

namespace socbridge::term {
namespace {

constexpr std::int64_t kRedrawMs = 100;
constexpr std::int64_t kMillis = 1000;
constexpr int kBar = 20;
constexpr int kNarrow = 60;  // below: figures only, no bar

}  // namespace

std::string group_digits(std::uint64_t number) {
  std::string digits = std::to_string(number);
  constexpr std::size_t kGroup = 3;
  for (std::size_t at = digits.size(); at > kGroup;) {
    at -= kGroup;
    digits.insert(at, 1, ' ');
  }
  return digits;
}

std::string clock_text(std::uint64_t seconds) {
  const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::uint64_t minutes = seconds / 60;
  if (minutes < 60) return std::to_string(minutes) + ":" + two(seconds % 60);
  return std::to_string(minutes / 60) + ":" + two(minutes % 60) + ":" + two(seconds % 60);
}

Progress::Progress(std::string label, Terminal terminal, Sink sink,
                   std::function<std::int64_t()> clock_ms)
    : label_(std::move(label)),
      terminal_(terminal),
      sink_(std::move(sink)),
      clock_(clock_ms ? std::move(clock_ms) : [] { return steady_now_ms(); }),
      started_(clock_()),
      drawn_at_(started_ - kRedrawMs) {}

std::string Progress::line(const ProgressState& state, std::int64_t now) const {
  const std::int64_t elapsed = std::max<std::int64_t>(now - started_, 1);
  std::string out = label_;
  const bool known = state.total > 0;
  const double part =
      known ? std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total)) : 0;
  if (known && terminal_.width >= kNarrow) {
    const int full = static_cast<int>(part * kBar);
    out += " [";
    out.append(static_cast<std::size_t>(full), '#');
    out.append(static_cast<std::size_t>(kBar - full), '-');
    out += ']';
  }
  if (known) {
    const std::string percent = std::to_string(static_cast<int>(part * 100));
    out += std::string(percent.size() < 3 ? 4 - percent.size() : 1, ' ') + percent + "%";
  }
  out.append("  ").append(group_digits(state.items)).append(" ").append(state.unit);
  if (elapsed >= kMillis) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(state.items) * kMillis /
                                                 static_cast<double>(elapsed));
    out += "  " + group_digits(rate) + "/s";
    constexpr double kEnough = 0.01;
    if (known && part > kEnough) {
      const double left = static_cast<double>(elapsed) * (1 - part) / part / kMillis;
      out += "  " + clock_text(static_cast<std::uint64_t>(left + 0.5)) + " left";
    }
  }
  return out;
}

void Progress::update(const ProgressState& state) {
  if (!terminal_.tty || terminal_.dumb) return;
  const std::int64_t now = clock_();
  if (now - drawn_at_ < kRedrawMs) return;
  drawn_at_ = now;
  std::string text = line(state, now);
  // The last column stays empty: writing there makes some terminals wrap.
  const auto most = static_cast<std::size_t>(std::max(terminal_.width - 1, 1));
  if (text.size() > most) text.resize(most);
  sink_("\r" + text + "\x1b[K");
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  sink_("\r\x1b[K");
  shown_ = false;
  drawn_at_ = clock_() - kRedrawMs;
}

}  // namespace socbridge::term
