// SPDX-License-Identifier: Apache-2.0
// Counting of changes of entries.
#include <algorithm>

#include "spool/spool_inside.h"

namespace socbridge::spool {
namespace {

constexpr std::string_view kPrefix = "counts-";

// An entry's text becomes part of a path only in this form.
bool is_file_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "._-") == std::string_view::npos;
}

}  // namespace

AlertCounts& Spool::counts(const std::string& destination) const {
  if (!is_file_name(destination)) return inside_->counts;
  const std::lock_guard lock(inside_->mutex);
  std::unique_ptr<AlertCounts>& counts = inside_->named[destination];
  if (!counts) {
    counts = std::make_unique<AlertCounts>(
        inside_->env, (state_dir() + "/").append(kPrefix).append(destination), inside_->paths());
  }
  return *counts;
}

std::vector<std::string> Spool::counted_destinations() const {
  std::vector<std::string> out = {""};
  const auto names = env_->list_dir(state_dir());
  if (!names.ok()) return out;
  for (const std::string& name : *names) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string destination = name.substr(kPrefix.size());
    if (is_file_name(destination)) out.push_back(destination);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::optional<CountTotals>> Spool::all_counts() const {
  std::optional<CountTotals> sum;
  for (const std::string& destination : counted_destinations()) {
    const auto one = counts(destination).read();
    if (!one.ok()) return one;
    if (!*one) continue;
    if (!sum) sum.emplace();
    for (std::size_t i = 0; i < kCounted; ++i) sum->at(i) += (*one)->at(i);
  }
  return sum;
}

std::optional<std::string> Spool::destination(State state, const std::string& id) {
  if (!is_id(id)) return {};
  const auto fd = env_->open_read(path(state, id, kEntrySuffix));
  if (!fd.ok()) return {};
  const auto head = env_->read_at(fd->get(), 0, kDestinationBytes);
  return head.ok() ? destination_of(*head) : std::nullopt;
}

// A damaged entry counts for the top-level destination.
AlertCounts& Spool::counts_of(const Claim& claim) {
  if (claim.destination_) return counts(*claim.destination_);
  if (!claim.bytes_) return counts(destination(claim.state_, claim.id_).value_or(""));
  const auto head = env_->read_at(claim.fd_.get(), 0, kDestinationBytes);
  return counts(head.ok() ? destination_of(*head).value_or("") : "");
}

std::optional<AlertCounts::Note> Spool::note(const Claim& claim, std::optional<Counted> counted,
                                             int attempts) {
  if (!counted) {
    if (!claim.first_) counts_of(claim).resolve(claim.id_);
    return {};
  }
  CountedChange change;
  change.id = claim.id_;
  change.state = static_cast<unsigned>(claim.state_);
  change.counted = *counted;
  change.attempts = attempts;
  return counts_of(claim).note(change, claim.first_);
}

}  // namespace socbridge::spool
