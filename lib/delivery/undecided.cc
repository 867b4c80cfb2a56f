// SPDX-License-Identifier: Apache-2.0
#include "delivery/undecided.h"

#include <utility>

namespace socbridge::delivery {
namespace {

// After a request the alert may be in TheHive.
bool was_tried(spool::Spool& spool, spool::Claim& claim) {
  if (claim.sent()) return true;
  const auto reason = spool.reason(claim);
  return reason && (reason->attempts > 0 || reason->ambiguous);
}

}  // namespace

Result<Decided> decide_destinations(spool::Spool& spool, integration::SettingsLookup& settings,
                                    spool::Claim& claim, spool::Entry& entry) {
  if (entry.destination != spool::kUndecided) return Decided{};
  const auto names = settings.destinations_of(entry);
  if (!names.ok()) return names.status();
  const bool top_alone = names->size() == 1 && names->front().empty();
  if (top_alone || was_tried(spool, claim)) {
    entry.destination.clear();
    return Decided{};
  }
  auto claims = spool.accept_each(entry, *names);
  if (!claims.ok()) return claims.status();
  if (Status removed = spool.remove(std::move(claim)); !removed.ok()) return removed;
  Decided out;
  out.replaced = true;
  for (const spool::Claim& one : *claims) out.ids.push_back(one.id());
  return out;
}

}  // namespace socbridge::delivery
