#include <memory>

#include "base/text.h"
#include "command.h"
#include "json/value.h"
#include "queue_options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  QueueTargets targets;
};

// The alert on one line, byte for byte if it is on one already.
std::string line_of(const std::string& alert) {
  const std::string_view text = trim(alert);
  const auto document = json::Document::parse(text);
  if (!document.ok() || !document->root().is_object()) return {};
  return text.find('\n') == std::string_view::npos ? std::string(text) : document->root().dump();
}

ExitCode run_export(const Options& options, Context& context) {
  auto open = open_spool(context.env, options.targets.flags.spool, false);
  if (!open.ok()) return fail(open.status());
  relay::QueueReader reader(context.env, open->spool);
  std::size_t left_out = 0;
  std::size_t unknown = 0;
  const Status read = options.targets.for_each(
      context.env, open->spool, false,
      [&](const relay::QueueEntry& entry) {
        const auto content = reader.content(entry);
        const std::string line = content.ok() ? line_of(content->alert) : std::string();
        if (!line.empty()) {
          write_out(line + "\n");
          return;
        }
        ++left_out;
        warn(entry.id + " is left out: " +
             (content.ok() ? "it is no JSON alert" : content.status().message()));
      },
      [&](const std::string& id) {
        ++unknown;
        warn("there is no entry " + printable(id, 60) + "; it was delivered or removed");
      });
  if (!read.ok()) return fail(read);
  return left_out + unknown > 0 ? ExitCode::degraded : ExitCode::ok;
}

}  // namespace

void add_queue_export(CLI::App& queue, Chosen& chosen) {
  CLI::App* command = queue.add_subcommand(
      "export", "Write the raw alerts as JSON Lines, as `socctl alert send` reads them");
  auto options = std::make_shared<Options>();
  options->targets.add_to(*command, true);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_export(*options, context); };
  });
}

}  // namespace socbridge::socctl
