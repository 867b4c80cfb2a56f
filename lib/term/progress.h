// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "term/terminal.h"

namespace socbridge::term {

// Input of a progress line.
struct ProgressState {
  std::uint64_t done = 0, total = 0;  // for the bar, in any unit; total 0: unknown, no bar
  std::uint64_t items = 0;            // for the rate
  std::string_view unit = "items";    // "alerts"
};

// A status line at the bottom of a terminal. It is redrawn in place and removed at the end:
//   reconcile [########------------]  40%  1 234 567 alerts  34 021/s  0:12 left
// Without a terminal (or with TERM=dumb) nothing is written. Never wider than the terminal.
class Progress {
 public:
  using Sink = std::function<void(std::string_view)>;

  // `clock_ms`: a monotonic clock, which tests can replace. `sink` receives the terminal's bytes.
  Progress(std::string label, Terminal terminal, Sink sink,
           std::function<std::int64_t()> clock_ms = {});
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  // Draws at most ten times a second.
  void update(const ProgressState& state);
  // Removes the line, so that something else can be printed. update() draws it again.
  void clear();

 private:
  std::string line(const ProgressState& state, std::int64_t now) const;

  std::string label_;
  Terminal terminal_;
  Sink sink_;
  std::function<std::int64_t()> clock_;
  std::int64_t started_;
  std::int64_t drawn_at_;
  bool shown_ = false;
};

// 1234567 -> "1 234 567".
std::string group_digits(std::uint64_t number);
// Seconds as `0:07`, `12:30`, `3:04:05`.
std::string clock_text(std::uint64_t seconds);

}  // namespace socbridge::term
