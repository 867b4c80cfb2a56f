// SPDX-License-Identifier: Apache-2.0
#include "health/history.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/time.h"
#include "base/trusted_path.h"
#include "json/value.h"

namespace socbridge::health {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20;
constexpr std::size_t kMostComponents = 20;

std::optional<State> state_of(std::string_view name) {
  for (const State state :
       {State::skipped, State::ok, State::unknown, State::degraded, State::down}) {
    if (name == state_name(state)) return state;
  }
  return {};
}

bool is_component(std::string_view name) {
  constexpr std::size_t kLongest = 32;
  return !name.empty() && name.size() <= kLongest &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::optional<PastRun> read_run(json::Value value) {
  const auto at = parse_timestamp(value["checked_at"].text());
  if (!at || *at <= 0) return {};
  PastRun out;
  out.at_ms = *at;
  const json::Value states = value["components"];
  for (std::size_t i = 0; i < std::min(states.size(), kMostComponents); ++i) {
    const auto state = state_of(states.value_at(i).text());
    if (state && is_component(states.key_at(i))) {
      out.components.emplace_back(states.key_at(i), *state);
    }
  }
  return out;
}

// The JSON list in the text of an HTML page; empty if there is none.
std::string_view list_of_page(std::string_view text) {
  const std::size_t begin = text.find(kHistoryMark);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = text.find("-->", begin);
  if (end == std::string_view::npos) return {};
  return text.substr(begin + kHistoryMark.size(), end - begin - kHistoryMark.size());
}

}  // namespace

History History::parse(std::string_view text, Format format) {
  History out;
  if (format == Format::html) text = list_of_page(text);
  const auto document = json::Document::parse(text);
  if (!document.ok()) return out;
  const json::Value list = format == Format::html ? document->root() : document->root()["history"];
  const std::size_t size = list.is_array() ? list.size() : 0;
  for (std::size_t i = size - std::min(size, kMost); i < size; ++i) {
    auto run = read_run(list.at(i));
    const bool in_order = out.runs_.empty() || (run && run->at_ms > out.runs_.back().at_ms);
    if (run && in_order) out.runs_.push_back(std::move(*run));
  }
  return out;
}

Result<History> History::read(Env& env, const std::string& file, Format format) {
  if (file.empty() || (format != Format::html && format != Format::json)) return History();
  const auto fd = open_trusted(file, Trust::of_process(), PathKind::file);
  if (!fd.ok()) {
    if (fd.status().sys_errno() == ENOENT) return History();
    return fd.status();
  }
  const auto text = env.read_all(fd->get(), kMostBytes);
  if (!text.ok()) return text.status();
  return parse(*text, format);
}

void History::add(const Summary& summary) {
  PastRun run;
  run.at_ms = summary.checked_at_ms;
  for (const Report& report : summary.reports) {
    if (is_component(report.component))
      run.components.emplace_back(report.component, report.state());
  }
  // Runs in the future, after the clock was set back, would never be dropped.
  std::erase_if(runs_, [&](const PastRun& one) { return one.at_ms >= run.at_ms; });
  runs_.push_back(std::move(run));
  if (runs_.size() > kMost) runs_.erase(runs_.begin(), runs_.end() - kMost);
}

}  // namespace socbridge::health
