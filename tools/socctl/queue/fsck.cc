// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <memory>

#include "base/privileged_files.h"
#include "base/privileges.h"
#include "base/text.h"
#include "base/time.h"
#include "integration/spool_check.h"
#include "json/writer.h"
#include "socctl/common/command.h"
#include "socctl/queue/options.h"
#include "spool/fsck.h"
#include "spool/given_folder.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SpoolOptions spool;
  std::string output;
  bool dry_run = false;
};

std::string result_of(const spool::Defect& defect, bool dry_run) {
  if (defect.repaired) return "repaired";
  if (defect.action.empty()) return "for you";
  if (dry_run) return "would repair";
  return "not repaired";
}

void print(const spool::Defect& defect, bool dry_run, term::Records& records) {
  const std::string result = result_of(defect, dry_run);
  json::Writer w;
  w.begin_object();
  w.member("path", defect.path);
  w.member("problem", defect.problem);
  w.member("detail", defect.detail);
  w.member("action", defect.action);
  w.member("repaired", defect.repaired);
  if (!defect.error.empty()) w.member("error", defect.error);
  if (!defect.repaired && !defect.cure.empty()) w.member("cure", defect.cure);
  w.member("stops", defect.stops);
  w.end_object();
  std::string detail = printable(defect.detail, 1000);
  if (!defect.error.empty()) detail += ": " + defect.error;
  if (defect.action.empty() && !defect.cure.empty()) detail += "; " + defect.cure;
  records.add({{result, defect.repaired ? term::Style::green : term::Style::yellow},
               {defect.problem},
               {defect.path.empty() ? "." : printable(defect.path, 300)},
               {defect.action.empty() ? "-" : defect.action},
               {detail}},
              std::move(w).take());
}

// ossec.conf may name the spool, so root reads it as the Wazuh user.
Result<std::string> find_dir(Env& env, const integration::SpoolFlags& flags,
                             const std::string& home) {
  if (!flags.dir.empty()) return flags.dir;
  if (flags.config_file.empty()) {
    if (const Status enters = wazuh::may_enter(env, home); !enters.ok()) return enters;
  }
  const auto find = [&]() -> Result<std::string> {
    auto place = integration::find_spool(env, flags);
    if (!place.ok()) return place.status();
    return place->dir;
  };
  const auto user = wazuh::home_user(env, home);
  if (::geteuid() != 0 || !user || user->uid == 0) return find();
  if (!flags.config_file.empty() || !flags.ossec_conf.empty()) {
    const Status kept = keep_files({{flags.config_file, flags.ossec_conf}, {}});
    if (!kept.ok()) return kept;
  }
  constexpr std::size_t kMost = 8192;
  const auto said = run_as_user(*user, kMost, [&] {
    const auto dir = find();
    return dir.ok() ? "d" + *dir : "e" + dir.status().line();
  });
  if (!said.ok()) return said.status();
  if (said->starts_with('d')) return said->substr(1);
  return Status::error(ExitCode::usage, said->empty() ? "no spool was found" : said->substr(1));
}

// The configuration belongs to the Wazuh user, who may name any folder as spool.
spool::GiveFolder give_folder(const std::string& dir, const std::string& home) {
  if (::geteuid() != 0 || !spool::may_be_spool(dir, home)) return spool::GiveFolder::never;
  return dir.ends_with("/w2thive") ? spool::GiveFolder::if_spool_or_empty
                                   : spool::GiveFolder::if_spool;
}

ExitCode run_fsck(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  Env& env = context.env;
  const std::string home = wazuh::find_home();
  if (::geteuid() == 0) {
    if (const Status safe = wazuh::check_home(env, home); !safe.ok()) return fail(safe);
  }
  const auto dir = find_dir(env, options.spool.flags, home);
  if (!dir.ok()) return fail(dir.status());
  if (!env.lstat(*dir).ok()) return fail(no_spool(*dir));
  term::Records records(*format, context.out, {"RESULT", "PROBLEM", "PATH", "ACTION", "DETAIL"},
                        write_out);
  const spool::OnDefect on_defect = [&](const spool::Defect& defect) {
    print(defect, options.dry_run, records);
  };
  spool::FolderCheck check;
  check.dir = *dir;
  check.give_folder = give_folder(*dir, home);
  // The owner of a spool elsewhere that the operator names is the owner of its folder.
  const bool of_home =
      options.spool.flags.dir.empty() || check.give_folder != spool::GiveFolder::never;
  check.whose = integration::spool_user(env, of_home ? home : std::string(), *dir);
  check.repair = !options.dry_run;
  spool::FsckTotals totals;
  spool::fsck_folders(env, check, totals, on_defect);
  if (::geteuid() == 0 && check.whose.uid != 0) {
    const Status became = become_user({check.whose.name, check.whose.uid, check.whose.gid});
    if (!became.ok()) return fail(became);
  }
  auto spool = spool::Spool::open_read_only(env, *dir);
  if (!spool.ok()) {
    records.finish();
    return fail(spool.status());
  }
  spool::FsckOptions how;
  how.repair = !options.dry_run;
  const auto entries = spool::fsck_entries(spool->env(), *spool, how, wall_now_ms(), on_defect);
  if (!entries.ok()) return fail(entries.status());
  records.finish("Nothing is wrong: " + std::to_string(entries->entries) + " entries.");
  return totals.repaired + entries->repaired == totals.defects + entries->defects
             ? ExitCode::ok
             : ExitCode::degraded;
}

}  // namespace

void add_queue_fsck(Command& queue, Chosen& chosen) {
  Command* command = queue.add_subcommand(
      "fsck", "Find and repair damage in the spool by crashes, full disks and manual changes");
  auto options = std::make_shared<Options>();
  options->spool.add_to(*command);
  command->add_flag("-n,--dry-run", options->dry_run, "Only print problems");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_fsck(*options, context); };
  });
}

}  // namespace socbridge::socctl
