// SPDX-License-Identifier: Apache-2.0
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <exception>
#include <iostream>

#include "base/version.h"
#include "soc-sandbox/run.h"

namespace {

void add_options(CLI::App& app, socbridge::sandbox::RunOptions& options) {
  app.add_option("--listen", options.listen, "TheHive's address and port (default 127.0.0.1:9000)")
      ->type_name("HOST:PORT");
  app.add_option("--key", options.key,
                 "API key that clients must send (default: any key). For tests only, not a secret")
      ->type_name("KEY");
  app.add_option(
         "--admin-key", options.admin_key,
         "Key of an administrator of TheHive and token of one of OpenCTI, for creating users")
      ->type_name("KEY");
  app.add_option("--read-only-key", options.read_only_key,
                 "Another key of TheHive, of a user with read access only")
      ->type_name("KEY");
  app.add_option(
         "--thehive-version", options.version,
         "Version of TheHive to simulate (default 5.7.3-1); 4.1.24-1 behaves like TheHive 4")
      ->type_name("VERSION");
  app.add_option("--latency", options.latency_ms, "Delay of each answer")
      ->type_name("MS")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--cortex-check", options.cortex_check_ms,
                 "Interval at which TheHive checks the state of its Cortex (default 60000)")
      ->type_name("MS")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--fail", options.fail_rules,
                 "Inject a fault, for example status=503,rate=0.3 or cortex:hang,first=2; "
                 "repeatable")
      ->type_name("[NAME:]RULE")
      ->allow_extra_args(false);
  app.add_option("--with", options.with,
                 "Also run this product, at its default port or at HOST:PORT; repeatable")
      ->type_name("NAME[=HOST:PORT]")
      ->allow_extra_args(false);
  app.add_option("--data", options.data,
                 "Initial data of a product, from a file in its own format; repeatable")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  app.add_option("--state", options.state_file, "Store received data in this file")
      ->type_name("FILE");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app("Simulator of TheHive, Cortex, OpenCTI and others for tests", "soc-sandbox");
    app.set_version_flag("--version", std::string("soc-sandbox ") + socbridge::kVersion);
    socbridge::sandbox::RunOptions options;
    add_options(app, options);
    try {
      app.parse(argc, argv);
    } catch (const CLI::Success& success) {  // --help, --version
      return app.exit(success);
    } catch (const CLI::ParseError& error) {
      std::cerr << "soc-sandbox: " << error.what() << "; see soc-sandbox --help\n";
      return static_cast<int>(socbridge::ExitCode::usage);
    }
    return static_cast<int>(socbridge::sandbox::run(options));
  } catch (const std::exception& error) {  // such as out of memory
    std::cerr << "soc-sandbox: internal error: " << error.what() << "\n";
    return static_cast<int>(socbridge::ExitCode::failure);
  }
}
