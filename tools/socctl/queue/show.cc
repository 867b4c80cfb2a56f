// SPDX-License-Identifier: Apache-2.0
#include "queue/show.h"

#include <memory>

#include "base/text.h"
#include "base/time.h"
#include "integration/settings_lookup.h"
#include "json/indented.h"
#include "json/value.h"
#include "json/writer.h"
#include "socctl/common/command.h"
#include "socctl/queue/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  QueueTargets targets;
  std::string output;
};

// Prints an entry for people: header lines, then the alert and the request for TheHive as indented
// JSON.
void print(const queue::EntryView& view, const Context& context) {
  const UnixMillis now = wall_now_ms();
  const auto line = [&](const char* name, const std::string& value) {
    constexpr std::size_t kMost = 1000;
    if (value.empty()) return;
    std::string label = std::string(name) + ":";
    label.resize(14, ' ');
    write_out(term::paint(label, term::Style::bold, context.out.color) + printable(value, kMost) +
              "\n");
  };
  const auto when = [&](UnixMillis at) {
    return format_utc(at) + " (" + relative_time(at, now) + ")";
  };
  const queue::QueueEntry& entry = view.entry;
  line("Id", entry.id);
  line("State", spool::state_name(entry.state) + std::string(entry.in_flight ? ", in flight" : ""));
  if (entry.destination && !entry.destination->empty()) {
    line("Destination", *entry.destination == spool::kUndecided
                            ? "decided before its first try: the rules could not be read"
                            : *entry.destination);
  }
  line("Accepted", when(entry.accepted_ms));
  if (entry.state == spool::State::queue) line("Next try", when(entry.next_attempt_ms));
  if (entry.reason) {
    const spool::Reason& reason = *entry.reason;
    line("Tries", std::to_string(reason.attempts));
    line("Last try", when(reason.at_ms));
    if (reason.first_failure_ms > 0)
      line("Failing for", relative_time(reason.first_failure_ms, now));
    line("Kind", reason.kind);
    if (reason.http_status > 0) line("HTTP status", std::to_string(reason.http_status));
    line("Message", reason.message);
    if (reason.ambiguous)
      line("Open end", "the last try may have created the alert: TheHive is queried first");
    line("Left out", reason.left_out);
  }
  line("Damage", view.damage);
  line("Integration", view.content.integration);
  line("URL", view.content.hook_url);
  line("Options", view.content.options);
  if (!view.damage.empty()) return;
  const auto raw = json::Document::parse(view.content.alert, json::ParseOptions::abridging());
  write_out("\n" + term::paint("Alert", term::Style::bold, context.out.color) + "\n" +
            (raw.ok() ? json::indented(raw->root()) : printable(view.content.alert, 4000)) + "\n");
  write_out("\n" + term::paint("TheHive would be sent", term::Style::bold, context.out.color) +
            "\n" +
            (view.mapped_body.empty() ? "nothing: " + printable(view.not_mapped, 400)
                                      : json::pretty(view.mapped_body)) +
            "\n");
}

ExitCode run_show(const Options& options, Context& context) {
  auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  if (*format == term::Format::automatic) *format = term::Format::table;
  auto open = open_spool(context.env, options.targets.flags.spool, SpoolUse::read_only);
  if (!open.ok()) return fail(open.status());
  integration::SettingsLookup accounts(context.env, open->place.home, open->place.config_file,
                                       open->place.ossec_conf);
  queue::QueueReader reader(open->spool.env(), open->spool);
  term::Records records(*format, context.out, {}, write_out);
  std::size_t shown = 0;
  std::size_t unknown = 0;
  const Status read = options.targets.for_each(
      open->spool.env(), open->spool, queue::QueueReader::Facts::read,
      [&](const queue::QueueEntry& entry) {
        const queue::EntryView view = queue::view_entry(reader, accounts, entry);
        const bool text = *format == term::Format::table || *format == term::Format::plain;
        if (text) {
          if (shown > 0) write_out("\n");
          print(view, context);
        } else {
          records.add({}, queue::entry_view_json(view, wall_now_ms()));
        }
        ++shown;
      },
      [&](const std::string& id) {
        ++unknown;
        warn("there is no entry " + printable(id, 60) + "; it was delivered or removed");
      });
  if (!read.ok()) return fail(read);
  if (*format != term::Format::table && *format != term::Format::plain) records.finish();
  if (unknown == 0) return ExitCode::ok;
  return shown > 0 ? ExitCode::degraded : ExitCode::failure;
}

}  // namespace

void add_queue_show(Command& queue, Chosen& chosen) {
  Command* command = queue.add_subcommand(
      "show", "Show entries: why they wait, the alert, and what would be sent to TheHive");
  auto options = std::make_shared<Options>();
  options->targets.add_to(*command, QueueTargets::Default::nothing);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_show(*options, context); };
  });
}

}  // namespace socbridge::socctl
