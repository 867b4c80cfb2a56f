// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "base/named_file.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "config/key_text.h"
#include "http/client.h"
#include "json/writer.h"
#include "setup/wazuh.h"
#include "socctl/setup/output.h"
#include "socctl/setup/verbs.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

constexpr int kHighestLevel = 16;
constexpr const char* kTestByHand = "run socctl alert test --as-integration";

struct Options {
  std::string url, key_file, organisation, version, executable, output;
  std::vector<std::string> only;
  int level = 7;
  bool dry_run = false, write = false, no_test = false;
};

Result<setup::WazuhSetup> find_setup(const Options& options, Context& context) {
  setup::WazuhSetup setup;
  setup.home = wazuh::find_home();
  if (const Status safe = wazuh::check_home(context.env, setup.home); !safe.ok()) return safe;
  if (const Status enters = wazuh::may_enter(context.env, setup.home); !enters.ok()) return enters;
  const auto user = wazuh::home_user(context.env, setup.home);
  if (!user || !context.env.stat(setup.home + "/integrations").ok()) {
    return Status::error(ExitCode::usage,
                         "there is no Wazuh manager in " + printable(setup.home, 300),
                         "give its folder with --wazuh-home DIR");
  }
  setup.user = *user;
  if (options.version.empty()) {
    setup.version = wazuh::installed_version(context.env, setup.home);
  } else {
    setup.version = wazuh::parse_version(options.version);
    if (!setup.version) {
      return Status::error(ExitCode::usage, "--wazuh-version must be a number such as 4.8");
    }
  }
  if (!options.url.empty()) {
    auto url = http::normalise_base_url(options.url);
    if (!url.ok()) return url.status();
    setup.block.hook_url = std::move(*url);
  }
  setup.block.organisation = options.organisation;
  setup.block.level = options.level;
  setup.only = options.only;
  return setup;
}

Status read_key(const Options& options, setup::WazuhSetup& setup) {
  if (options.key_file.empty()) return {};
  constexpr std::size_t kMaxKey = 4096;
  auto text = read_all_named(options.key_file, kMaxKey);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  auto key = config::key_in(*text, name_of_input(options.key_file));
  secure_wipe(text->data(), text->size());
  if (!key.ok()) return key.status();
  setup.key = std::move(*key);
  return {};
}

Status read_executable(const Options& options, setup::WazuhSetup& setup) {
  if (options.executable.empty()) return {};
  constexpr std::size_t kMost = std::size_t{256} << 20U;
  auto bytes = read_all_named(options.executable, kMost);
  if (!bytes.ok()) return Status::error(ExitCode::usage, bytes.status().message());
  if (!bytes->starts_with("\x7f"
                          "ELF")) {
    return Status::error(ExitCode::usage,
                         printable(options.executable, 300) + " is not an executable");
  }
  setup.executable = std::move(*bytes);
  return {};
}

Status check_steps(const std::vector<std::string>& only) {
  for (const std::string& name : only) {
    if (std::find(std::begin(setup::kWazuhSteps), std::end(setup::kWazuhSteps), name) ==
        std::end(setup::kWazuhSteps)) {
      return Status::error(ExitCode::usage, "there is no step " + printable(name, 60),
                           "the steps are executable, spool, key, block");
    }
  }
  return {};
}

// Runs `socctl alert test` with this executable. Does not return.
void become_alert_test() {
  int reason = 0;
  // The first also works if the file was replaced since the start, the second without /proc.
  for (const std::string& program : {std::string("/proc/self/exe"), wazuh::own_path()}) {
    if (program.empty()) continue;
    ::execl(program.c_str(), "socctl", "alert", "test", "--as-integration",
            static_cast<char*>(nullptr));
    reason = errno;
  }
  const Status status = Status::error(
      ExitCode::failure,
      "socctl alert test cannot be started: " + std::generic_category().message(reason),
      kTestByHand);
  ::_exit(static_cast<int>(fail(status)));
}

// Returns its exit code. Its output goes to standard error if ours is for programs.
ExitCode run_alert_test(const std::string& home, bool for_programs) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    if (for_programs) ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::setenv("SOCBRIDGE_WAZUH_HOME", home.c_str(), 1);
    become_alert_test();
  }
  int state = 0;
  if (child < 0 || ::waitpid(child, &state, 0) != child) {
    const std::string reason = std::generic_category().message(errno);
    return fail(Status::error(ExitCode::failure, "socctl alert test cannot be run: " + reason,
                              kTestByHand));
  }
  if (WIFEXITED(state)) return static_cast<ExitCode>(WEXITSTATUS(state));
  return fail(Status::error(
      ExitCode::failure, "socctl alert test was ended by signal " + std::to_string(WTERMSIG(state)),
      kTestByHand));
}

ExitCode write_all(const Options& options, const setup::WazuhSetup& setup,
                   std::vector<setup::Step>& steps, const StepsOutput& output, Context& context) {
  ExitCode code = setup::carry_out(steps).code();
  // Each step is one file or folder, which is created completely by rename or not at all.
  for (setup::Step& step : steps) step.tried = step.tried && step.state == setup::StepState::done;
  const bool whole = options.only.empty();
  if (code == ExitCode::ok && whole) {
    steps.push_back(setup::check_wazuh(context.env, setup));
    if (setup::has_failed(steps)) code = ExitCode::usage;
  }
  output.print(steps, context);
  if (code != ExitCode::ok || options.no_test || !whole) return code;
  if (output.for_people()) write_out("\nsocctl alert test:\n");
  return run_alert_test(setup.home, !output.for_people());
}

setup::Step manager_step(const setup::WazuhSetup& setup) {
  setup::Step step = setup::present_step("wazuh", printable(setup.home, 300));
  step.detail = setup.version ? setup.version->text() + " in " + step.detail
                              : step.detail + ", version unknown";
  if (!setup.version) step.next = "give --wazuh-version for <options> and <timeout>";
  return step;
}

// The manager reads its configuration only when it starts.
std::string restart_of(const setup::WazuhSetup& setup) {
  return "restart the manager: " + shell_word(setup.home + "/bin/wazuh-control") + " restart";
}

ExitCode run(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto wanted = find_setup(options, context);
  if (!wanted.ok()) return fail(wanted.status());
  if (const Status key = read_key(options, *wanted); !key.ok()) return fail(key);
  if (const Status steps = check_steps(options.only); !steps.ok()) return fail(steps);
  if (const Status bytes = read_executable(options, *wanted); !bytes.ok()) return fail(bytes);
  if (options.write && ::geteuid() != 0) {
    return fail(Status::error(ExitCode::usage, "only root can create files with group wazuh",
                              "run socctl setup wazuh --write as root"));
  }
  std::vector<setup::Step> steps = {manager_step(*wanted)};
  for (setup::Step& step : setup::plan_wazuh(context.env, *wanted)) {
    if (step.name == "block") step.after_undo = restart_of(*wanted);
    steps.push_back(std::move(step));
  }
  const StepsOutput output{"wazuh", *format};
  if (options.write && !setup::has_failed(steps))
    return write_all(options, *wanted, steps, output, context);
  output.print(steps, context);
  return setup::has_failed(steps) ? ExitCode::usage : ExitCode::ok;
}

}  // namespace

void add_setup_wazuh(Command& setup, Chosen& chosen) {
  Command* command = setup.add_subcommand(
      "wazuh", "Show, or with --write create, what a Wazuh manager needs: spool, key file, block");
  auto options = std::make_shared<Options>();
  command->add_option("--url", options->url, "Base URL of TheHive, for <hook_url>")
      ->type_name("URL");
  command
      ->add_option(
          "--key-file", options->key_file,
          "File with TheHive's API key, or - for standard input; copied to etc/thehive.key")
      ->type_name("FILE");
  command
      ->add_option("--organisation", options->organisation,
                   "Organisation that gets the alerts (Wazuh 4.7 and later)")
      ->type_name("NAME");
  command
      ->add_option("--level", options->level,
                   "Lowest level of alerts that are forwarded (default: 7)")
      ->range(0, kHighestLevel)
      ->type_name("N");
  command
      ->add_option("--wazuh-version", options->version,
                   "Version of the manager, such as 4.8 (default: read from the home)")
      ->type_name("VERSION");
  command
      ->add_option(
          "--executable", options->executable,
          "Install this custom-w2thive in the home, by rename (default: keep the existing one)")
      ->type_name("FILE");
  command
      ->add_option("--only", options->only,
                   "Only this step: executable, spool, key or block; repeatable")
      ->one_value_each()
      ->type_name("STEP");
  Option* dry = command->add_flag("--dry-run", options->dry_run,
                                  "Only show what is missing and the block; the default");
  command->add_flag("--write", options->write, "Create what is missing; as root")->excludes(dry);
  command->add_flag("--no-test", options->no_test, "Send no test alert after --write");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run(*options, context); };
  });
}

}  // namespace socbridge::socctl
