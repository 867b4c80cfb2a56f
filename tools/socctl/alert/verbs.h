#pragma once

#include "socctl/common/command.h"

namespace socbridge::socctl {

// Verbs of `alert`, one file each.
void add_alert_map(CLI::App& alert, Chosen& chosen);
void add_alert_send(CLI::App& alert, Chosen& chosen);
void add_alert_test(CLI::App& alert, Chosen& chosen);
void add_alert_list(CLI::App& alert, Chosen& chosen);
void add_alert_show(CLI::App& alert, Chosen& chosen);
void add_alert_promote(CLI::App& alert, Chosen& chosen);
void add_alert_merge(CLI::App& alert, Chosen& chosen);

// Verbs of `case`.
void add_case_list(CLI::App& parent, Chosen& chosen);
void add_case_show(CLI::App& parent, Chosen& chosen);
void add_case_observable(CLI::App& parent, Chosen& chosen);
void add_case_analyze(CLI::App& parent, Chosen& chosen);

// Verbs of `queue`.
void add_queue_list(CLI::App& queue, Chosen& chosen);
void add_queue_show(CLI::App& queue, Chosen& chosen);
void add_queue_stats(CLI::App& queue, Chosen& chosen);
void add_queue_actions(CLI::App& queue, Chosen& chosen);  // flush, hold, release, requeue, drop
void add_queue_export(CLI::App& queue, Chosen& chosen);
void add_queue_fsck(CLI::App& queue, Chosen& chosen);

}  // namespace socbridge::socctl
