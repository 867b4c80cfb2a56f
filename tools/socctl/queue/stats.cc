// SPDX-License-Identifier: Apache-2.0
#include "queue/stats.h"

#include <memory>

#include "base/time.h"
#include "integration/settings_lookup.h"
#include "mapping/mapping.h"
#include "queue/metrics.h"
#include "socctl/common/command.h"
#include "socctl/queue/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SpoolOptions spool;
  std::string output;
};

std::string kinds_text(const queue::StateStats& stats) {
  std::string text;
  for (const auto& [kind, count] : stats.kinds) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  }
  return text;
}

void add_state(term::Records& records, const queue::StateStats& stats, UnixMillis now) {
  std::string next = "-";
  if (stats.next_due_ms) {
    next =
        stats.due > 0 ? std::to_string(stats.due) + " due" : relative_time(*stats.next_due_ms, now);
  }
  const bool bad = stats.count > 0 &&
                   (stats.state == spool::State::dead || stats.state == spool::State::corrupt);
  records.add({{std::string(spool::state_name(stats.state)) + "/",
                bad ? term::Style::red : term::Style::none},
               {std::to_string(stats.count)},
               {std::to_string(stats.bytes)},
               {stats.oldest_ms ? relative_time(*stats.oldest_ms, now) : "-"},
               {next},
               {kinds_text(stats)}},
              queue::state_stats_json(stats));
}

void add_destination(term::Records& records, const queue::DestinationStats& stats, UnixMillis now) {
  const delivery::CircuitBreaker::View& view = stats.view;
  const bool blocked = view.blocked();
  std::string text = blocked
                         ? (view.state == "auth" ? "the key is refused" : "circuit breaker open")
                         : (view.state == "failing"  ? "failing"
                            : view.state == "closed" ? "answers"
                                                     : "not asked yet");
  if (view.failures > 0) text += ", " + std::to_string(view.failures) + " failures";
  if (!view.message.empty() && view.state != "closed") text += ": " + view.message;
  const std::string where = (stats.name.empty() ? "" : stats.name + ": ") + stats.url +
                            (stats.organisation.empty() ? "" : " (" + stats.organisation + ")");
  records.add({{where, blocked ? term::Style::red : term::Style::none},
               {"-"},
               {"-"},
               {view.since_ms > 0 ? relative_time(view.since_ms, now) : "-"},
               {blocked ? relative_time(view.until_ms, now) : "-"},
               {text}},
              queue::destination_stats_json(stats));
}

std::string counts_text(const spool::CountTotals& counts) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(counts.at(i)) + " " +
            spool::counted_name(static_cast<spool::Counted>(i));
  }
  return text;
}

void add_totals(term::Records& records, const queue::DestinationTotals& one) {
  const std::uint64_t waiting = one.entries[0];
  std::uint64_t others = 0;
  for (std::size_t i = 1; i < one.entries.size(); ++i) others += one.entries.at(i);
  std::string text = std::to_string(waiting) + " waiting";
  if (others > 0) text += ", " + std::to_string(others) + " held, dead or corrupt";
  if (one.counts) text += "; so far " + counts_text(*one.counts);
  const std::string name =
      one.name == spool::kUndecided ? "undecided" : mapping::shown_destination(one.name);
  records.add({{"for " + name}, {std::to_string(waiting + others)}, {"-"}, {"-"}, {"-"}, {text}},
              queue::totals_json(one));
}

void add_counts(term::Records& records, const spool::CountTotals& counts) {
  const std::string text = counts_text(counts);
  const bool lost = counts.at(static_cast<std::size_t>(spool::Counted::lost)) > 0;
  records.add({{"alerts so far", lost ? term::Style::red : term::Style::none},
               {"-"},
               {"-"},
               {"-"},
               {"-"},
               {text}},
              queue::counts_json(counts));
}

ExitCode run_stats(const Options& options, Context& context) {
  const bool metrics = options.output == "prometheus";
  const auto format = output_format(metrics ? "" : options.output);
  if (!format.ok()) return fail(format.status());
  auto open = open_spool(context.env, options.spool, SpoolUse::read_only);
  if (!open.ok()) return fail(open.status());
  integration::SettingsLookup accounts(context.env, open->place.home, open->place.config_file,
                                       open->place.ossec_conf);
  const UnixMillis now = wall_now_ms();
  const auto stats = queue::queue_stats(open->spool.env(), open->spool, accounts, now);
  if (!stats.ok()) return fail(stats.status());
  if (metrics) {
    write_out(queue::queue_prometheus(*stats, now));
    return ExitCode::ok;
  }
  term::Records records(*format, context.out,
                        {"WHAT", "COUNT", "BYTES", "OLDEST", "NEXT", "DETAILS"}, write_out);
  for (const queue::StateStats& state : stats->states) add_state(records, state, now);
  if (stats->counts) add_counts(records, *stats->counts);
  for (const queue::DestinationTotals& one : stats->totals) add_totals(records, one);
  for (const queue::DestinationStats& one : stats->destinations) add_destination(records, one, now);
  records.finish();
  return ExitCode::ok;
}

}  // namespace

void add_queue_stats(Command& queue, Chosen& chosen) {
  Command* command = queue.add_subcommand(
      "stats", "Count entries by state and kind, and show the state of each destination");
  auto options = std::make_shared<Options>();
  options->spool.add_to(*command);
  add_output_option(*command, options->output, {"prometheus"});
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_stats(*options, context); };
  });
}

}  // namespace socbridge::socctl
