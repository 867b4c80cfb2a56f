// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socctl/common/command.h"

// Separate from command.h, so that a new noun or verb does not rebuild all others.

namespace socbridge::socctl {

// One function per noun, each in its own file, called by build_app().
void add_alert(Command& app, Chosen& chosen);
void add_analyze(Command& app, Chosen& chosen);
void add_case(Command& app, Chosen& chosen);
void add_config(Command& app, Chosen& chosen);
void add_cortex(Command& app, Chosen& chosen);
void add_queue(Command& app, Chosen& chosen);
void add_reconcile(Command& app, Chosen& chosen);
void add_indexer(Command& app, Chosen& chosen);
void add_health(Command& app, Chosen& chosen);
void add_opencti(Command& app, Chosen& chosen);
void add_metrics(Command& app, Chosen& chosen);
void add_grafana(Command& app, Chosen& chosen);
void add_receive(Command& app, Chosen& chosen);
void add_relay(Command& app, Chosen& chosen);
void add_observable(Command& app, Chosen& chosen);
void add_setup(Command& app, Chosen& chosen);
void add_version(Command& app, Chosen& chosen);
void add_help(Command& app, Chosen& chosen);
void add_completion(Command& app, Chosen& chosen);
void add_manual(Command& app, Chosen& chosen);

}  // namespace socbridge::socctl
