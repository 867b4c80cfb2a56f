// SPDX-License-Identifier: Apache-2.0
#include "reconcile/combined_source.h"

#include <algorithm>
#include <utility>

#include "wazuh/alert.h"
#include "wazuh/search_answer.h"

namespace socbridge::reconcile {
namespace {

constexpr std::size_t kShown = 5;

std::uint8_t bit_of(std::size_t source) { return static_cast<std::uint8_t>(1U << source); }

}  // namespace

CombinedSource::CombinedSource(std::vector<std::unique_ptr<AlertSource>> sources,
                               const Window& window)
    : sources_(std::move(sources)), window_(window) {}

// False if an earlier source had the alert too.
bool CombinedSource::is_first(const SourceAlert& read) {
  const auto alert = wazuh::Alert::parse(read.raw);
  if (!alert.ok() || !wazuh::why_no_alert(alert->root()).empty()) return true;
  if (alert->time_ms && !window_.holds(*alert->time_ms)) return true;
  std::uint8_t& sources = seen_[wazuh::source_ref(*alert)];
  const std::uint8_t others = sources & static_cast<std::uint8_t>(~bit_of(current_));
  sources = sources | bit_of(current_);
  return others == 0;
}

Result<bool> CombinedSource::next(SourceAlert& out) {
  while (current_ < sources_.size()) {
    const auto more = sources_[current_]->next(out);
    if (!more.ok()) return more;
    if (!*more) {
      ++current_;
    } else if (is_first(out)) {
      return true;
    }
  }
  return false;
}

std::string CombinedSource::missing_in(std::size_t source) const {
  std::size_t count = 0;
  std::vector<std::string> first;  // the first ones by order, the same each time
  for (const auto& [reference, sources] : seen_) {
    if ((sources & bit_of(source)) != 0) continue;
    ++count;
    first.insert(std::upper_bound(first.begin(), first.end(), reference), reference);
    if (first.size() > kShown) first.pop_back();
  }
  if (count == 0) return {};
  std::string line = std::to_string(count) + (count == 1 ? " alert is" : " alerts are") +
                     " not in " + sources_[source]->description() + ": ";
  for (std::size_t i = 0; i < first.size(); ++i) line += (i == 0 ? "" : ", ") + first[i];
  return count > kShown ? line + " and " + std::to_string(count - kShown) + " more" : line;
}

Unread CombinedSource::unread() const {
  Unread unread;
  for (const auto& source : sources_) {
    Unread part = source->unread();
    unread.too_long += part.too_long;
    unread.failures.insert(unread.failures.end(), part.failures.begin(), part.failures.end());
  }
  if (current_ < sources_.size()) return unread;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (std::string line = missing_in(i); !line.empty()) {
      unread.failures.push_back(std::move(line));
    }
  }
  return unread;
}

// Sources have different units, so each counts as an equal part.
Reading CombinedSource::reading() const {
  constexpr std::uint64_t kPart = 1000;
  Reading reading;
  for (const auto& source : sources_) {
    const Reading part = source->reading();
    reading.total += kPart;
    if (part.total > 0) reading.done += kPart * std::min(part.done, part.total) / part.total;
  }
  if (current_ >= sources_.size()) reading.done = reading.total;
  return reading;
}

std::string CombinedSource::description() const {
  std::string out;
  for (const auto& source : sources_) out += (out.empty() ? "" : "; ") + source->description();
  return out;
}

}  // namespace socbridge::reconcile
