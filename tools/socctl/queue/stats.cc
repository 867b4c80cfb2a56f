// SPDX-License-Identifier: Apache-2.0
#include "queue/stats.h"

#include <memory>

#include "base/time.h"
#include "integration/settings_lookup.h"
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
  const std::string where =
      stats.url + (stats.organisation.empty() ? "" : " (" + stats.organisation + ")");
  records.add({{where, blocked ? term::Style::red : term::Style::none},
               {"-"},
               {"-"},
               {view.since_ms > 0 ? relative_time(view.since_ms, now) : "-"},
               {blocked ? relative_time(view.until_ms, now) : "-"},
               {text}},
              queue::destination_stats_json(stats));
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
  for (const queue::DestinationStats& one : stats->destinations) add_destination(records, one, now);
  records.finish();
  return ExitCode::ok;
}

}  // namespace

void add_queue_stats(Command& queue, Chosen& chosen) {
  Command* command = queue.add_subcommand(
      "stats", "Count entries by state and kind, and say how each destination does");
  auto options = std::make_shared<Options>();
  options->spool.add_to(*command);
  add_output_option(*command, options->output, {"prometheus"});
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_stats(*options, context); };
  });
}

}  // namespace socbridge::socctl
