// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "base/named_file.h"
#include "base/text.h"
#include "http/client.h"
#include "json/writer.h"
#include "socctl/setup/verbs.h"
#include "socctl/setup/wazuh_plan.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

constexpr int kHighestLevel = 16;

struct Options {
  std::string url, key_file, organisation, version, output;
  int level = 7;
  bool dry_run = false, write = false, no_test = false;
};

Result<WazuhSetup> find_setup(const Options& options, Context& context) {
  WazuhSetup setup;
  setup.home = wazuh::find_home();
  if (const Status safe = wazuh::check_home(context.env, setup.home); !safe.ok()) return safe;
  const auto user = wazuh::home_user(context.env, setup.home);
  if (!user || !context.env.stat(setup.home + "/integrations").ok()) {
    return Status::error(ExitCode::usage,
                         "there is no Wazuh manager in " + printable(setup.home, 300),
                         "name its folder with --wazuh-home DIR");
  }
  setup.user = *user;
  if (options.version.empty()) {
    setup.version = wazuh::installed_version(context.env, setup.home);
  } else {
    setup.version = wazuh::parse_version(options.version);
    if (!setup.version) {
      return Status::error(ExitCode::usage, "--wazuh-version wants a number such as 4.8");
    }
  }
  if (!options.url.empty()) {
    auto url = http::normalise_base_url(options.url);
    if (!url.ok()) return url.status();
    setup.block.hook_url = std::move(*url);
  }
  setup.block.organisation = options.organisation;
  setup.block.level = options.level;
  return setup;
}

Status read_key(const Options& options, WazuhSetup& setup) {
  if (options.key_file.empty()) return {};
  constexpr std::size_t kMaxKey = 4096;
  auto text = read_all_named(options.key_file, kMaxKey);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  setup.key = Secret(std::string(trim(*text)));
  secure_wipe(text->data(), text->size());
  if (!setup.key.empty()) return {};
  return Status::error(ExitCode::usage, name_of_input(options.key_file) + " holds no key");
}

term::Style style_of(StepState state) {
  switch (state) {
    case StepState::ok:
    case StepState::done: return term::Style::green;
    case StepState::missing: return term::Style::yellow;
    case StepState::error: return term::Style::red;
  }
  return term::Style::none;
}

void print(const std::vector<Step>& steps, term::Format format, Context& context) {
  term::Records records(format, context.out, {"STEP", "STATE", "DETAIL", "NEXT"}, write_out);
  for (const Step& step : steps) {
    json::Writer w;
    w.begin_object();
    w.member("step", step.name);
    w.member("state", step_state_name(step.state));
    w.member("detail", step.detail);
    w.member("next", step.next);
    if (!step.text.empty()) w.member("text", step.text);
    if (!step.undo.empty()) w.member("undo", step.undo);
    w.end_object();
    records.add({{step.name},
                 {step_state_name(step.state), style_of(step.state)},
                 {step.detail},
                 {step.next}},
                std::move(w).take());
  }
  records.finish();
}

// The block before it is written, the commands that take it back after that. For people only.
void print_texts(const std::vector<Step>& steps) {
  std::string undo;
  for (const Step& step : steps) {
    if (step.state == StepState::missing && !step.text.empty()) {
      write_out("\n" + step.text + "\nsocctl setup wazuh --write does what is missing.\n");
    }
    if (step.state == StepState::done && !step.undo.empty()) undo += "  " + step.undo + "\n";
  }
  if (!undo.empty()) write_out("\nTo undo:\n" + undo);
}

// `socctl alert test` of this executable. Its output goes to standard error where ours is for
// programs.
int run_alert_test(const std::string& home, bool for_programs) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    if (for_programs) ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::setenv("SOCBRIDGE_WAZUH_HOME", home.c_str(), 1);
    ::execl("/proc/self/exe", "socctl", "alert", "test", static_cast<char*>(nullptr));
    ::_exit(static_cast<int>(ExitCode::failure));
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
    return static_cast<int>(ExitCode::failure);
  }
  return WEXITSTATUS(status);
}

// Does what is missing, in order; ends with the first that fails.
ExitCode carry_out(std::vector<Step>& steps) {
  for (Step& step : steps) {
    if (step.state != StepState::missing) continue;
    if (const Status status = step.action(); !status.ok()) {
      step.state = StepState::error;
      step.detail += ": " + status.message();
      return status.code();
    }
    step.state = StepState::done;
  }
  return ExitCode::ok;
}

bool has_error(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return step.state == StepState::error; });
}

ExitCode write_all(const Options& options, const WazuhSetup& setup, std::vector<Step>& steps,
                   term::Format format, Context& context) {
  ExitCode code = carry_out(steps);
  if (code == ExitCode::ok) {
    steps.push_back(check_wazuh(context.env, setup));
    if (has_error(steps)) code = ExitCode::usage;
  }
  const bool for_people = format == term::Format::automatic || format == term::Format::table;
  print(steps, format, context);
  if (for_people) print_texts(steps);
  if (code != ExitCode::ok || options.no_test) return code;
  if (for_people) write_out("\nsocctl alert test:\n");
  return static_cast<ExitCode>(run_alert_test(setup.home, !for_people));
}

ExitCode run(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto setup = find_setup(options, context);
  if (!setup.ok()) return fail(setup.status());
  if (const Status key = read_key(options, *setup); !key.ok()) return fail(key);
  if (options.write && ::geteuid() != 0) {
    return fail(Status::error(ExitCode::usage, "only root can give files to group wazuh",
                              "run socctl setup wazuh --write as root"));
  }
  std::vector<Step> steps;
  steps.push_back({"wazuh",
                   StepState::ok,
                   setup->version ? setup->version->text() + " in " + printable(setup->home, 300)
                                  : printable(setup->home, 300) + ", version not known",
                   setup->version ? "" : "give --wazuh-version for <options> and <timeout>",
                   {},
                   {},
                   {}});
  for (Step& step : plan_wazuh(context.env, *setup)) steps.push_back(std::move(step));
  if (options.write && !has_error(steps)) {
    return write_all(options, *setup, steps, *format, context);
  }
  print(steps, *format, context);
  if (*format == term::Format::automatic || *format == term::Format::table) print_texts(steps);
  return has_error(steps) ? ExitCode::usage : ExitCode::ok;
}

}  // namespace

void add_setup_wazuh(Command& setup, Chosen& chosen) {
  Command* command = setup.add_subcommand(
      "wazuh", "Show, or with --write make, what a Wazuh manager needs: spool, key file, block");
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
                   "Version of the manager, such as 4.8 (default: found in the home)")
      ->type_name("VERSION");
  Option* dry = command->add_flag("--dry-run", options->dry_run,
                                  "Only show what is missing and the block; the default");
  command->add_flag("--write", options->write, "Make what is missing; as root")->excludes(dry);
  command->add_flag("--no-test", options->no_test, "Send no test alert after --write");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run(*options, context); };
  });
}

}  // namespace socbridge::socctl
