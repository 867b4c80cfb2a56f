// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "health/registry.h"
#include "health/render/render.h"
#include "health/runner.h"
#include "profile/indexer.h"
#include "socctl/common/wazuh_access.h"
#include "socctl/indexer/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  EndpointFlags endpoint{kIndexerWords};
  std::string alerts, findings, fresh, ossec_conf, output;
  bool quiet = false;
};

Status take_pattern(const char* option, const std::string& given, std::string& pattern) {
  if (given.empty()) return {};
  if (const Status bad = opensearch::check_pattern(given); !bad.ok()) {
    return Status::error(ExitCode::usage, std::string(option) + ": " + bad.message(), bad.hint());
  }
  pattern = given;
  return {};
}

Result<health::Options> read_options(const Options& given, Env& env) {
  health::Options out;
  const auto timeout = given.endpoint.timeout_ms();
  if (!timeout.ok()) return timeout.status();
  out.timeout_ms = *timeout;
  out.flags.config_file = given.endpoint.flags.config_file;
  out.system = profile::SystemPaths::of_process();
  const std::vector<Status> wrong = out.thresholds.read(env, out.flags, out.system);
  if (!wrong.empty()) {  // the caller reports the last one
    for (std::size_t i = 0; i + 1 < wrong.size(); ++i) fail(wrong[i]);
    return wrong.back();
  }
  const auto fresh = parse_duration_ms(given.fresh.empty() ? "1h" : given.fresh);
  if (!fresh || *fresh <= 0) {
    return Status::error(ExitCode::usage,
                         "--fresh: \"" + printable(given.fresh, 40) + "\" is not a duration",
                         "examples: 30m, 2h");
  }
  if (!given.fresh.empty()) out.thresholds.set_fresh(*fresh);
  out.ossec_conf = given.ossec_conf;
  out.wazuh_home = out.system.wazuh_home;
  auto indices = profile::find_patterns(env, out.flags, out.system);
  if (!indices.ok()) return indices.status();
  if (Status bad = take_pattern("--alerts", given.alerts, indices->alerts); !bad.ok()) return bad;
  if (Status bad = take_pattern("--findings", given.findings, indices->findings); !bad.ok()) {
    return bad;
  }
  out.indices = std::move(*indices);
  return out;
}

// Files in the Wazuh home are read as its user; files of root's own configuration stay readable.
Status enter(Env& env, const Options& given, const profile::Endpoint& endpoint) {
  return enter_wazuh(env, {given.ossec_conf, endpoint.ca_file, endpoint.client_cert_file,
                           endpoint.client_key_file});
}

ExitCode refuse(const Status& status, health::Format format) {
  constexpr int kNagiosUnknown = 3;
  const ExitCode code = fail(status);
  return format == health::Format::nagios ? static_cast<ExitCode>(kNagiosUnknown) : code;
}

ExitCode run_check(const Options& given, Context& context) {
  const auto format = health::parse_format(given.output);
  if (!format.ok()) return fail(format.status());
  const auto options = read_options(given, context.env);
  if (!options.ok()) return refuse(options.status(), *format);
  auto endpoint = given.endpoint.resolve(context.env);
  if (!endpoint.ok()) return refuse(endpoint.status(), *format);
  if (const Status in = enter(context.env, given, *endpoint); !in.ok()) return refuse(in, *format);
  health::Plan plan;
  plan.component = &health::indexer_component();
  plan.endpoint = std::move(*endpoint);
  std::vector<health::Plan> plans;
  plans.push_back(std::move(plan));
  const health::RunResult result = health::run(context.env, *options, std::move(plans));
  if (!given.quiet) write_out(health::render(*format, result.summary, context.out, true));
  const ExitCode code = *format == health::Format::nagios
                            ? static_cast<ExitCode>(result.summary.nagios_code())
                            : result.summary.exit_code();
  std::fflush(stdout);
  // exit() would destroy objects that an abandoned thread still uses.
  if (result.abandoned > 0) std::_Exit(static_cast<int>(code));
  return code;
}

}  // namespace

void add_indexer_check(Command& indexer, Chosen& chosen) {
  Command* command = indexer.add_subcommand(
      "check",
      "Check the cluster, Wazuh's indices (present, fresh, writable, not full), their template, "
      "mappings and retention, and the <indexer> block of ossec.conf");
  auto options = std::make_shared<Options>();
  options->endpoint.add_to(*command);
  command
      ->add_option("--alerts", options->alerts,
                   "Indices of alerts (default: \"indices\" of the configuration, else "
                   "wazuh-alerts-4.x-*)")
      ->type_name("PATTERN");
  command
      ->add_option("--findings", options->findings,
                   "Indices of Wazuh 5 (default: \"indices\" of the configuration, else "
                   "wazuh-findings-v5-*)")
      ->type_name("PATTERN");
  command
      ->add_option("--fresh", options->fresh,
                   "Stale if the newest document of an index is older (default: \"health\" of the "
                   "configuration, else 1h)")
      ->type_name("DURATION");
  command
      ->add_option("--ossec-conf", options->ossec_conf,
                   "ossec.conf to check (default: etc/ossec.conf under the Wazuh home)")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", options->quiet, "Print nothing; use the exit code");
  add_output_option(*command, options->output, {"junit", "prometheus", "nagios", "md", "html"});
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_check(*options, context); };
  });
}

}  // namespace socbridge::socctl
