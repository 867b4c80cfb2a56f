// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/env.h"
#include "grouping/grouped_alert.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::grouping {

// Cap on alerts of one bucket. The first `max` are sent as usual. Every further one is written to
// the bucket's BucketCounter (synced) instead of the spool, and one entry in queue/, due at the end
// of the time window, represents them: it becomes one summary alert, whose reference is the
// bucket's id. Late alerts (a slow integratord) update it.
//
// True: the alert is over the cap and durably counted; it needs no further handling. False, or any
// error: it must be sent as usual. `like`: the spool entry that this alert would have.
Result<bool> over_cap(Env& env, spool::Spool& spool, const integration::Settings& settings,
                      const wazuh::Alert& alert, const spool::Entry& like);

// The reference of the summary for this alert, if it is over the cap; "" without a cap.
std::string summary_ref(const mapping::Options& options, const wazuh::Alert& alert);
// The reference of the summary that the entry reports; "" for all other alerts.
std::string summary_ref_of_entry(const wazuh::Alert& alert);

// The summary alert of such an entry; null for all other alerts.
std::shared_ptr<GroupedAlert> find_summary(Env& env, const std::string& state_dir,
                                           const integration::Settings& settings,
                                           const wazuh::Alert& alert);

}  // namespace socbridge::grouping
