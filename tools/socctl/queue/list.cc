// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/time.h"
#include "integration/settings_lookup.h"
#include "mapping/mapping.h"
#include "socctl/common/command.h"
#include "socctl/queue/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  QueueFlags flags;
  std::string output;
  bool alerts = false;
  std::int64_t limit = 0;
};

term::Style style_of(spool::State state) {
  switch (state) {
    case spool::State::dead:
    case spool::State::corrupt: return term::Style::red;
    case spool::State::hold: return term::Style::yellow;
    case spool::State::queue: return term::Style::none;
  }
  return term::Style::none;
}

std::string next_try(const queue::QueueEntry& entry, UnixMillis now) {
  if (entry.in_flight) return "in flight";
  if (entry.state != spool::State::queue) return "-";
  return entry.next_attempt_ms <= now ? "due" : relative_time(entry.next_attempt_ms, now);
}

ExitCode run_list(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto filter = options.flags.filter();
  if (!filter.ok()) return fail(filter.status());
  auto open = open_spool(context.env, options.flags.spool, SpoolUse::read_only);
  if (!open.ok()) return fail(open.status());
  integration::SettingsLookup accounts(context.env, open->place.home, open->place.config_file,
                                       open->place.ossec_conf);
  filter->with_destination = accounts.has_destinations();
  std::vector<std::string> columns = {"ID", "STATE", "ACCEPTED", "NEXT", "TRIES", "KIND", "BYTES"};
  if (filter->with_destination) columns.emplace_back("DESTINATION");
  if (options.alerts) {
    for (const char* name : {"RULE", "LEVEL", "AGENT"}) columns.emplace_back(name);
  }
  columns.emplace_back("MESSAGE");
  term::Records records(*format, context.out, columns, write_out);
  queue::QueueReader reader(open->spool.env(), open->spool);
  const UnixMillis now = wall_now_ms();
  const auto detail =
      options.alerts ? queue::QueueReader::Facts::read : queue::QueueReader::Facts::leave_out;
  const Status read = reader.for_each(*filter, detail, now, [&](const queue::QueueEntry& entry) {
    const spool::Reason reason = entry.reason.value_or(spool::Reason{});
    std::vector<term::Cell> cells = {{entry.id},
                                     {spool::state_name(entry.state), style_of(entry.state)},
                                     {relative_time(entry.accepted_ms, now)},
                                     {next_try(entry, now)},
                                     {std::to_string(reason.attempts)},
                                     {reason.kind.empty() ? "-" : reason.kind},
                                     {std::to_string(entry.bytes)}};
    if (filter->with_destination) {
      cells.push_back({entry.destination ? mapping::shown_destination(*entry.destination) : "-"});
    }
    if (options.alerts) {
      const queue::AlertFacts facts = entry.facts.value_or(queue::AlertFacts{});
      cells.push_back({facts.rule_id});
      cells.push_back({std::to_string(facts.level)});
      cells.push_back({facts.agent_name});
    }
    cells.push_back(
        {reason.message.empty() && entry.facts ? entry.facts->description : reason.message});
    records.add(std::move(cells), queue::queue_entry_json(entry, now));
    return options.limit == 0 || records.count() < static_cast<std::size_t>(options.limit);
  });
  records.finish("Nothing is waiting.");
  return read.ok() ? ExitCode::ok : fail(read);
}

}  // namespace

void add_queue_list(Command& queue, Chosen& chosen) {
  Command* command =
      queue.add_subcommand("list", "List waiting, held, refused and damaged entries");
  auto options = std::make_shared<Options>();
  options->flags.add_to(*command);
  command->add_flag("--alerts", options->alerts,
                    "Also read the alerts: rule, level, agent and description");
  command->add_option("--limit", options->limit, "Maximum number (default: all)")
      ->type_name("NUMBER")
      ->positive();
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_list(*options, context); };
  });
}

}  // namespace socbridge::socctl
