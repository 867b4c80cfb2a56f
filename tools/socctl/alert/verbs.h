// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socctl/common/command.h"

namespace socbridge::socctl {

// Verbs of `alert`, one file each.
void add_alert_map(Command& alert, Chosen& chosen);
void add_alert_search(Command& alert, Chosen& chosen);
void add_alert_send(Command& alert, Chosen& chosen);
void add_alert_replay(Command& alert, Chosen& chosen);
void add_alert_test(Command& alert, Chosen& chosen);
void add_alert_list(Command& alert, Chosen& chosen);
void add_alert_show(Command& alert, Chosen& chosen);
void add_alert_promote(Command& alert, Chosen& chosen);
void add_alert_merge(Command& alert, Chosen& chosen);

// Verbs of `case`.
void add_case_list(Command& parent, Chosen& chosen);
void add_case_show(Command& parent, Chosen& chosen);
void add_case_observable(Command& parent, Chosen& chosen);
void add_case_analyze(Command& parent, Chosen& chosen);

// Verbs of `queue`.
void add_queue_list(Command& queue, Chosen& chosen);
void add_queue_show(Command& queue, Chosen& chosen);
void add_queue_stats(Command& queue, Chosen& chosen);
void add_queue_actions(Command& queue, Chosen& chosen);  // flush, hold, release, requeue, drop
void add_queue_export(Command& queue, Chosen& chosen);
void add_queue_fsck(Command& queue, Chosen& chosen);

}  // namespace socbridge::socctl
