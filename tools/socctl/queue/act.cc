// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <iostream>
#include <memory>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "integration/settings_lookup.h"
#include "json/writer.h"
#include "queue/actions.h"
#include "queue/key_check.h"
#include "socctl/common/command.h"
#include "socctl/queue/options.h"

namespace socbridge::socctl {
namespace {

using queue::QueueResult;
using queue::QueueVerb;

struct Options {
  QueueTargets targets;
  std::string output;
  bool dry_run = false;
  bool yes = false;
};

struct Counts {
  std::size_t done = 0, not_done = 0, failed = 0;
};

// With a filter or --all, only entries in states that the verb applies to are selected.
void default_states(QueueTargets& targets, QueueVerb verb) {
  if (targets.named() || !targets.flags.states.empty()) return;
  switch (verb) {
    case QueueVerb::flush:
    case QueueVerb::hold: targets.flags.states = {"queue"}; return;
    case QueueVerb::release: targets.flags.states = {"hold"}; return;
    case QueueVerb::requeue: targets.flags.states = {"dead"}; return;
    case QueueVerb::drop: return;
  }
}

void print_row(term::Records& records, const queue::QueueEntry& entry, bool dry_run,
               const queue::QueueOutcome& outcome) {
  const bool done = outcome.result == QueueResult::done;
  const std::string result =
      done && dry_run ? "would be done" : queue::queue_result_name(outcome.result);
  json::Writer w;
  w.begin_object();
  w.member("id", entry.id);
  w.member("state", spool::state_name(entry.state));
  w.member("result", queue::queue_result_name(outcome.result));
  w.member("dry_run", dry_run);
  w.member("message", outcome.message);
  w.end_object();
  records.add({{entry.id},
               {spool::state_name(entry.state)},
               {result, done ? term::Style::green : term::Style::yellow},
               {outcome.message}},
              std::move(w).take());
}

// Dropping cannot be undone: confirmed on a terminal, requires --yes elsewhere.
Status ask_before_drop(std::size_t count, const Context& context) {
  const auto not_dropped = [](const char* hint) {
    return Status::error(ExitCode::usage, "nothing was dropped", hint);
  };
  if (!context.err.tty || ::isatty(STDIN_FILENO) == 0) {
    return not_dropped("dropping cannot be undone: add --yes, or check with --dry-run");
  }
  write_err("Drop " + std::to_string(count) + (count == 1 ? " alert" : " alerts") +
            " permanently? [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  if (iequals(trim(answer), "y") || iequals(trim(answer), "yes")) return {};
  return not_dropped("");
}

// Entries that are due are sent only if the key is accepted: this detects a corrected key at once.
void check_keys(Context& context, OpenSpool& open, const std::vector<queue::QueueEntry>& entries) {
  integration::SettingsLookup accounts(context.env, open.place.home, open.place.config_file,
                                       open.place.ossec_conf);
  for (const queue::KeyCheck& look :
       queue::check_keys(context.env, open.spool, accounts, entries)) {
    if (!look.opened.empty()) {
      write_err(look.opened + "\n");
    } else if (!look.key.ok()) {
      warn("nothing is sent to " + printable(look.url) + ": " + look.key.line());
    }
  }
}

ExitCode run_verb(QueueVerb verb, Options options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  default_states(options.targets, verb);
  auto open = open_spool(context.env, options.targets.flags.spool,
                         options.dry_run ? SpoolUse::read_only : SpoolUse::change);
  if (!open.ok()) return fail(open.status());
  std::vector<queue::QueueEntry> entries;
  Counts counts;
  const Status read = options.targets.for_each(
      open->spool.env(), open->spool, queue::QueueReader::Facts::leave_out,
      [&](const queue::QueueEntry& entry) {
        queue::QueueEntry small = entry;
        small.reason.reset();  // there may be many entries
        entries.push_back(std::move(small));
      },
      [&](const std::string& id) {
        ++counts.not_done;
        warn("there is no entry " + printable(id, 60) + "; it was delivered or removed");
      });
  if (!read.ok()) return fail(read);
  if (verb == QueueVerb::drop && !options.dry_run && !options.yes && !entries.empty()) {
    const Status agreed = ask_before_drop(entries.size(), context);
    if (!agreed.ok()) return fail(agreed);
  }
  term::Records records(*format, context.out, {"ID", "STATE", "RESULT", "MESSAGE"}, write_out);
  for (const queue::QueueEntry& entry : entries) {
    const queue::QueueOutcome outcome =
        queue::act_on(open->spool, verb, entry, options.dry_run, wall_now_ms());
    if (outcome.result == QueueResult::done) {
      ++counts.done;
    } else if (outcome.result == QueueResult::failed) {
      ++counts.failed;
    } else {
      ++counts.not_done;
    }
    print_row(records, entry, options.dry_run, outcome);
  }
  records.finish("No entries.");
  if (verb == QueueVerb::flush && !options.dry_run && counts.done > 0) {
    check_keys(context, *open, entries);
  }
  if (counts.failed + counts.not_done == 0) return ExitCode::ok;
  if (counts.done > 0) return ExitCode::degraded;
  return ExitCode::failure;
}

void add_verb(Command& queue, Chosen& chosen, QueueVerb verb, const char* name,
              const char* description) {
  Command* command = queue.add_subcommand(name, description);
  auto options = std::make_shared<Options>();
  options->targets.add_to(*command, verb == QueueVerb::flush ? QueueTargets::Default::everything
                                                             : QueueTargets::Default::nothing);
  command->add_flag("-n,--dry-run", options->dry_run, "Only print what would be done");
  if (verb == QueueVerb::drop) {
    command->add_flag("-y,--yes", options->yes, "Do not ask");
  }
  add_output_option(*command, options->output);
  command->callback([&chosen, options, verb] {
    chosen.handler = [options, verb](Context& context) {
      return run_verb(verb, *options, context);
    };
  });
}

}  // namespace

void add_queue_actions(Command& queue, Chosen& chosen) {
  add_verb(queue, chosen, QueueVerb::flush, "flush",
           "Make waiting entries due now; without ids all of them");
  add_verb(queue, chosen, QueueVerb::hold, "hold", "Hold waiting entries: not sent until released");
  add_verb(queue, chosen, QueueVerb::release, "release", "Put held entries back into the queue");
  add_verb(queue, chosen, QueueVerb::requeue, "requeue",
           "Try refused, damaged or held entries again, as if they were new");
  add_verb(queue, chosen, QueueVerb::drop, "drop", "Remove entries permanently");
}

}  // namespace socbridge::socctl
