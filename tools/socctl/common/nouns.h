#pragma once

#include "socctl/common/command.h"

// Declared apart from command.h, so that a new noun or verb does not rebuild all the others.

namespace socbridge::socctl {

// One function per noun, each in its own file, called by build_app().
void add_alert(CLI::App& app, Chosen& chosen);
void add_analyze(CLI::App& app, Chosen& chosen);
void add_case(CLI::App& app, Chosen& chosen);
void add_config(CLI::App& app, Chosen& chosen);
void add_cortex(CLI::App& app, Chosen& chosen);
void add_queue(CLI::App& app, Chosen& chosen);
void add_reconcile(CLI::App& app, Chosen& chosen);
void add_health(CLI::App& app, Chosen& chosen);
void add_opencti(CLI::App& app, Chosen& chosen);
void add_relay(CLI::App& app, Chosen& chosen);
void add_observable(CLI::App& app, Chosen& chosen);
void add_version(CLI::App& app, Chosen& chosen);
void add_help(CLI::App& app, Chosen& chosen);
void add_completion(CLI::App& app, Chosen& chosen);
void add_manual(CLI::App& app, Chosen& chosen);

}  // namespace socbridge::socctl
