// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "json/quote.h"
#include "json/raw.h"
#include "json/value.h"
#include "socctl/common/command.h"
#include "socctl/queue/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  QueueTargets targets;
};

// The alert on one line: line breaks between its parts become blanks, and characters that could
// mislead a terminal are escaped. Empty if it is not a JSON alert.
std::string line_of(const std::string& alert) {
  const std::string_view text = trim(alert);
  const auto document = json::Document::parse(text, json::ParseOptions::abridging());
  if (!document.ok() || !document->root().is_object()) return {};
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const bool string = text[at] == '"';
    const std::size_t end = std::min(string ? json::skip_string(text, at) : at + 1, text.size());
    const std::string_view part = text.substr(at, end - at);
    for (const char c : part) {
      const bool line_break = c == '\n' || c == '\r';
      if (line_break) {
        line += string ? (c == '\n' ? "\\n" : "\\r") : " ";
      } else {
        line += c;
      }
    }
    at = end;
  }
  return json::escape_unprintable(line);
}

ExitCode run_export(const Options& options, Context& context) {
  auto open = open_spool(context.env, options.targets.flags.spool, SpoolUse::read_only);
  if (!open.ok()) return fail(open.status());
  queue::QueueReader reader(open->spool.env(), open->spool);
  std::size_t left_out = 0;
  std::size_t unknown = 0;
  const Status read = options.targets.for_each(
      open->spool.env(), open->spool, queue::QueueReader::Facts::leave_out,
      [&](const queue::QueueEntry& entry) {
        const auto content = reader.content(entry);
        const std::string line = content.ok() ? line_of(content->alert) : std::string();
        if (!line.empty()) {
          write_out(line + "\n");
          return;
        }
        ++left_out;
        warn(entry.id + " is skipped: " +
             (content.ok() ? "it is not a JSON alert" : content.status().message()));
      },
      [&](const std::string& id) {
        ++unknown;
        warn("there is no entry " + printable(id, 60) + "; it was delivered or removed");
      });
  if (!read.ok()) return fail(read);
  return left_out + unknown > 0 ? ExitCode::degraded : ExitCode::ok;
}

}  // namespace

void add_queue_export(Command& queue, Chosen& chosen) {
  Command* command = queue.add_subcommand(
      "export", "Write the raw alerts as JSON Lines, as `socctl alert send` reads them");
  auto options = std::make_shared<Options>();
  options->targets.add_to(*command, QueueTargets::Default::everything);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_export(*options, context); };
  });
}

}  // namespace socbridge::socctl
