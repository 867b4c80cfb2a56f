// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/app.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "base/version.h"
#include "profile/variables.h"
#include "socctl/common/command.h"
#include "socctl/common/nouns.h"

namespace socbridge::socctl {
namespace {

// The deepest command named by the words, for error messages and nearest names.
const CLI::App* deepest(const CLI::App* app, const std::vector<std::string>& args,
                        std::string& unknown) {
  for (const std::string& word : args) {
    if (word.empty() || word.front() == '-') continue;
    const CLI::App* next = nullptr;
    for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
      if (sub->get_name() == word) next = sub;
    }
    if (next == nullptr) {
      unknown = word;
      return app;
    }
    app = next;
    if (app->get_subcommands([](const CLI::App*) { return true; }).empty()) return app;
  }
  return app;
}

std::string path_of(const CLI::App* app) {
  std::string path = app->get_name();
  for (const CLI::App* up = app->get_parent(); up != nullptr; up = up->get_parent()) {
    path = up->get_name() + " " + path;
  }
  return path;
}

std::string help_text(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return command.help(parent == nullptr ? std::string() : path_of(parent));
}

constexpr const char* kHomeOption = "--wazuh-home";

// All lookups of the home read this variable first.
void use_wazuh_home(const std::string& given) {
  std::error_code error;
  const auto home = std::filesystem::absolute(given, error);
  if (given.empty() || error) throw CLI::ValidationError(kHomeOption, "must be a folder");
  ::setenv("SOCBRIDGE_WAZUH_HOME", home.c_str(), 1);
}

// The option belongs to no command, so it is moved to the front from any position.
std::vector<std::string> with_home_first(const std::vector<std::string>& args) {
  std::vector<std::string> front, rest;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--") {
      rest.insert(rest.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
      break;
    }
    const bool alone = args[i] == kHomeOption;
    const bool home = alone || args[i].starts_with(std::string(kHomeOption) + "=");
    (home ? front : rest).push_back(args[i]);
    if (alone && i + 1 < args.size()) front.push_back(args[++i]);
  }
  front.insert(front.end(), rest.begin(), rest.end());
  return front;
}

std::string nearest_option(const CLI::App* app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(nearest(word, views));
}

Status usage_error(const CLI::App& app, const std::vector<std::string>& args,
                   const CLI::ParseError& error) {
  std::string unknown;
  const CLI::App* at = deepest(&app, args, unknown);
  const std::string help = "see " + path_of(at) + " --help";
  std::vector<std::string_view> verbs;
  for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(sub->get_name());
  }
  if (!verbs.empty() && !unknown.empty()) {
    const std::string_view near = nearest(unknown, verbs);
    return Status::error(ExitCode::usage,
                         path_of(at) + " has no command \"" + printable(unknown, 60) + "\"",
                         near.empty() ? help : "did you mean \"" + std::string(near) + "\"?");
  }
  {
    for (const std::string& word : args) {
      if (word.size() < 2 || word[0] != '-') continue;
      const std::string name = word.substr(0, word.find('='));
      const auto options = at->get_options();
      const bool known = std::any_of(options.begin(), options.end(),
                                     [&](const CLI::Option* o) { return o->check_name(name); });
      if (known) continue;
      const std::string near = nearest_option(at, name);
      return Status::error(ExitCode::usage, path_of(at) + " has no option " + printable(name, 60),
                           near.empty() ? help : "did you mean " + near + "?");
    }
  }
  if (verbs.size() > 0) {
    return Status::error(ExitCode::usage, path_of(at) + " needs a command", help);
  }
  return Status::error(ExitCode::usage, path_of(at) + ": " + printable(error.what(), 300), help);
}

// `health` reports misspelt variables itself, and the other commands here read no configuration.
void warn_of_variables(const CLI::App& root) {
  for (const char* silent : {"health", "version", "help", "completion", "manual"}) {
    if (root.got_subcommand(silent)) return;
  }
  for (const auto& one : profile::misspelt_variables(profile::SystemPaths::of_process())) {
    warn(profile::misspelt_status(one).line());
  }
}

}  // namespace

std::string help_of(const Command& command) { return help_text(command.cli()); }

std::unique_ptr<Command> build_app(Chosen& chosen) {
  auto root = std::make_unique<Command>(
      "socctl", "Bridges Wazuh, TheHive, Cortex and OpenCTI from the command line");
  root->require_subcommand(1);
  CLI::App& cli = root->cli();
  cli.option_defaults()->always_capture_default(false);
  cli.set_help_flag("-h,--help", "Print this help and exit");
  cli.add_option_function<std::string>(
         kHomeOption, use_wazuh_home,
         "Wazuh's folder (default: SOCBRIDGE_WAZUH_HOME, else /var/ossec); at any position")
      ->type_name("DIR");
  cli.set_version_flag("-V,--version", std::string("socctl ") + kVersion,
                       "Print the version and exit");
  add_alert(*root, chosen);
  add_analyze(*root, chosen);
  add_case(*root, chosen);
  add_observable(*root, chosen);
  add_cortex(*root, chosen);
  add_config(*root, chosen);
  add_queue(*root, chosen);
  add_reconcile(*root, chosen);
  add_health(*root, chosen);
  add_opencti(*root, chosen);
  add_indexer(*root, chosen);
  add_relay(*root, chosen);
  add_receive(*root, chosen);
  add_metrics(*root, chosen);
  add_grafana(*root, chosen);
  add_setup(*root, chosen);
  add_version(*root, chosen);
  add_help(*root, chosen);
  add_completion(*root, chosen);
  add_manual(*root, chosen);
  return root;
}

ExitCode run(const std::vector<std::string>& args) {
  // Used often by scripts and probes: a fast path without the tree and exceptions.
  if (args.size() == 1 && (args[0] == "--version" || args[0] == "-V")) {
    write_out(std::string("socctl ") + kVersion + "\n");
    return ExitCode::ok;
  }
  Chosen chosen;
  const auto root = build_app(chosen);
  try {
    std::vector<std::string> words = with_home_first(args);
    std::reverse(words.begin(), words.end());
    root->cli().parse(words);
  } catch (const CLI::CallForHelp&) {
    std::string unknown;
    write_out(help_text(*deepest(&root->cli(), args, unknown)));
    return ExitCode::ok;
  } catch (const CLI::CallForVersion& version) {
    write_out(std::string(version.what()) + "\n");
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    return fail(usage_error(root->cli(), args, error));
  }
  Context context{Env::real(), term::detect(1), term::detect(2)};
  warn_of_variables(root->cli());
  const ExitCode code = chosen.handler ? chosen.handler(context) : ExitCode::usage;
  if (std::fflush(stdout) != 0) {
    return fail(Status::error(ExitCode::failure, "cannot write to standard output"));
  }
  return code;
}

}  // namespace socbridge::socctl
