#include <memory>

#include "base/time.h"
#include "command.h"
#include "json/writer.h"
#include "queue_options.h"
#include "spool/fsck.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SpoolOptions spool;
  std::string output;
  bool dry_run = false;
};

std::string result_of(const spool::Defect& defect, bool dry_run) {
  if (defect.mended) return "mended";
  if (defect.action.empty()) return "for you";
  if (dry_run) return "would mend";
  return "not mended";
}

ExitCode run_fsck(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto open = open_spool(context.env, options.spool, false);
  if (!open.ok()) return fail(open.status());
  term::Records records(*format, context.out, {"RESULT", "PROBLEM", "PATH", "ACTION", "DETAIL"},
                        write_out);
  spool::FsckOptions how;
  how.mend = !options.dry_run;
  const auto totals =
      spool::fsck(context.env, open->spool, how, wall_now_ms(), [&](const spool::Defect& defect) {
        const std::string result = result_of(defect, options.dry_run);
        json::Writer w;
        w.begin_object();
        w.member("path", defect.path);
        w.member("problem", defect.problem);
        w.member("detail", defect.detail);
        w.member("action", defect.action);
        w.member("mended", defect.mended);
        if (!defect.error.empty()) w.member("error", defect.error);
        w.end_object();
        records.add({{result, defect.mended ? term::Style::green : term::Style::yellow},
                     {defect.problem},
                     {defect.path.empty() ? "." : defect.path},
                     {defect.action.empty() ? "-" : defect.action},
                     {defect.error.empty() ? defect.detail : defect.detail + ": " + defect.error}},
                    std::move(w).take());
      });
  if (!totals.ok()) return fail(totals.status());
  records.finish("Nothing is wrong: " + std::to_string(totals->entries) + " entries.");
  return totals->mended == totals->defects ? ExitCode::ok : ExitCode::degraded;
}

}  // namespace

void add_queue_fsck(CLI::App& queue, Chosen& chosen) {
  CLI::App* command = queue.add_subcommand(
      "fsck", "Look for what crashes, full disks and hands left behind in the spool, and mend it");
  auto options = std::make_shared<Options>();
  options->spool.add_to(*command);
  command->add_flag("-n,--dry-run", options->dry_run, "Only tell what is wrong");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_fsck(*options, context); };
  });
}

}  // namespace socbridge::socctl
