#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/exit_code.h"
#include "base/status.h"
#include "term/records.h"

namespace socbridge::socctl {

// What a verb works with.
struct Context {
  Env& env;
  term::Terminal out;
  term::Terminal err;
};

using Handler = std::function<ExitCode(Context&)>;

// The handler that the command line chose; set by the verb's callback, run after parsing.
struct Chosen {
  Handler handler;
};

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
void add_sandbox(CLI::App& app, Chosen& chosen);
void add_version(CLI::App& app, Chosen& chosen);
void add_help(CLI::App& app, Chosen& chosen);
void add_completion(CLI::App& app, Chosen& chosen);
void add_manual(CLI::App& app, Chosen& chosen);

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

// The `-o/--output` option, the same everywhere.
void add_output_option(CLI::App& command, std::string& target);
// Reads it; automatic if not given.
Result<term::Format> output_format(const std::string& text);

void write_out(std::string_view text);  // stdout
void write_err(std::string_view text);  // stderr
// "socctl: message; hint" on stderr; gives the status's exit code.
ExitCode fail(const Status& status);
// A warning line on stderr.
void warn(std::string_view text);

}  // namespace socbridge::socctl
