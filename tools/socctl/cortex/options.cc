// SPDX-License-Identifier: Apache-2.0
#include "socctl/cortex/options.h"

#include <unistd.h>

#include "base/named_file.h"
#include "base/text.h"
#include "base/time.h"

namespace socbridge::socctl {
namespace {

constexpr std::size_t kMaxInput = std::size_t{64} << 20;

}  // namespace

Result<std::unique_ptr<CortexLink>> connect_cortex(Env& env, const CortexFlags& flags) {
  const auto ms = flags.timeout_ms();
  if (!ms.ok()) return ms.status();
  auto endpoint = flags.resolve(env);
  if (!endpoint.ok()) return endpoint.status();
  return std::make_unique<CortexLink>(
      client_options(*endpoint), cortex::Endpoint{endpoint->url, std::move(endpoint->key)}, *ms);
}

void QuotaFlags::add_to(Command& command) {
  command
      .add_option("--quota", rules,
                  "Limit of an analyzer, such as AbuseIPDB=1000/day or VirusTotal_GetReport=none "
                  "(default: Cortex's own rate, else 500/day for VirusTotal_GetReport and "
                  "1000/day for AbuseIPDB); repeatable")
      ->type_name("NAME=N/UNIT")
      ->one_value_each();
  command
      .add_option("--quota-dir", folder,
                  "Folder for the counts of started jobs (default: quota in SOCCTL_STATE_DIR, "
                  "/var/lib/socctl for root, else ~/.local/state/socctl)")
      ->type_name("DIR");
}

Result<std::vector<cortex::LimitRule>> QuotaFlags::limits() const {
  std::vector<cortex::LimitRule> out;
  const auto around = profile::SystemPaths::of_process();
  for (const std::string_view text : split(around.variable("SOCCTL_CORTEX_QUOTAS"), ',')) {
    if (trim(text).empty()) continue;
    auto rule = cortex::parse_limit_rule(trim(text), "SOCCTL_CORTEX_QUOTAS");
    if (!rule.ok()) return rule.status();
    out.push_back(std::move(*rule));
  }
  for (const std::string& text : rules) {
    auto rule = cortex::parse_limit_rule(text, "--quota");
    if (!rule.ok()) return rule.status();
    out.push_back(std::move(*rule));
  }
  return out;
}

Result<std::string> QuotaFlags::ledger_folder() const {
  if (!folder.empty()) return folder;
  const auto around = profile::SystemPaths::of_process();
  if (const auto state = around.variable("SOCCTL_STATE_DIR"); !state.empty())
    return std::string(state) + "/quota";
  if (geteuid() == 0) return std::string("/var/lib/socctl/quota");
  if (const auto state = around.variable("XDG_STATE_HOME"); !state.empty())
    return std::string(state) + "/socctl/quota";
  if (const auto home = around.variable("HOME"); !home.empty())
    return std::string(home) + "/.local/state/socctl/quota";
  return Status::error(ExitCode::usage, "there is no folder for the counts of quotas",
                       "give --quota-dir or set SOCCTL_STATE_DIR");
}

void learn_levels(Env& env, const CortexLink& link, const QuotaFlags& quota,
                  const cortex::Job& job) {
  if (job.status != cortex::JobStatus::success && job.status != cortex::JobStatus::failure) return;
  const auto folder = quota.ledger_folder();
  if (!folder.ok()) return;
  cortex::Analyzer analyzer;
  analyzer.name = job.analyzer;
  analyzer.definition = job.definition;
  cortex::RefusedLevels levels(env, *folder);
  static_cast<void>(levels.learn(cortex::Ledger::key(link.client.endpoint().url, analyzer),
                                 job.error, job.tlp, job.pap, wall_now_ms()));
}

Status note_deleted(Env& env, const std::string& cortex_url, const cortex::Job& job) {
  const auto folder = QuotaFlags().ledger_folder();
  if (!folder.ok()) return folder.status();
  cortex::Analyzer analyzer;
  analyzer.name = job.analyzer;
  analyzer.definition = job.definition;
  return cortex::Ledger(env, *folder)
      .note_deleted(cortex::Ledger::key(cortex_url, analyzer), job.created_ms);
}

Result<std::string> read_text(const std::string& file) {
  auto text = read_all_named(file, kMaxInput);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  return text;
}

Result<std::vector<std::string>> read_ids(const std::vector<std::string>& given) {
  std::vector<std::string> out;
  for (const std::string& id : given) {
    if (id != "-") {
      out.push_back(id);
      continue;
    }
    const auto text = read_text("-");
    if (!text.ok()) return text.status();
    for (const std::string_view line : split(*text, '\n')) {
      if (const std::string_view word = trim(line); !word.empty()) out.emplace_back(word);
    }
  }
  if (out.empty()) return Status::error(ExitCode::usage, "no job is given");
  return out;
}

}  // namespace socbridge::socctl
