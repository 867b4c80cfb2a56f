// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/env.h"
#include "grouping/grouped_alert.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::grouping {

// The cap on alerts of one bucket. The first `max` go their own way; every further one is written
// into the bucket's BucketCounter (synced) instead of the spool, and an entry in queue/ that is due
// when the time window is over stands for all of them: it becomes one summary alert, whose
// reference is the bucket's id. Late ones (a slow integratord) bring it up to date.
//
// True: the alert is over the cap and durably counted; nothing else has to be done with it. False:
// it goes its own way. Any error is a Status, and then the alert must go its own way too.
// `like`: what a spool entry of this alert would be.
Result<bool> over_cap(Env& env, spool::Spool& spool, const integration::Settings& settings,
                      const wazuh::Alert& alert, const spool::Entry& like);

// The reference of the summary that stands for this alert if it is over the cap; "" without a cap.
std::string summary_ref(const mapping::Options& options, const wazuh::Alert& alert);
// The same for an entry that is a summary's; "" for all other alerts.
std::string summary_ref_of_entry(const wazuh::Alert& alert);

// The summary alert of such an entry; null for all other alerts.
std::shared_ptr<GroupedAlert> find_summary(Env& env, const std::string& state_dir,
                                           const integration::Settings& settings,
                                           const wazuh::Alert& alert);

}  // namespace socbridge::grouping
