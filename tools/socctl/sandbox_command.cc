#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/text.h"
#include "command.h"
#include "sandbox/server.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string listen = "127.0.0.1:9000";
  std::string key;
  std::string version;
  std::int64_t latency_ms = 0;
  std::vector<std::string> fail_rules;
  std::string state_file;
};

Status parse_listen(const std::string& text, sandbox::ServerOptions& options) {
  const std::size_t colon = text.rfind(':');
  const auto bad = Status::error(ExitCode::usage,
                                 "--listen wants HOST:PORT, not \"" + printable(text, 60) + "\"",
                                 "for example 127.0.0.1:9000, or port 0 for any free one");
  if (colon == std::string::npos) return bad;
  constexpr std::uint64_t kMaxPort = 65535;
  const auto port = parse_u64(std::string_view(text).substr(colon + 1));
  if (!port || *port > kMaxPort) return bad;
  options.host = text.substr(0, colon);
  if (options.host.empty()) options.host = "127.0.0.1";
  options.port = static_cast<int>(*port);
  return {};
}

ExitCode run_sandbox(const Options& given) {
  sandbox::ServerOptions options;
  if (const Status listen = parse_listen(given.listen, options); !listen.ok()) return fail(listen);
  options.key = Secret(given.key);
  options.latency_ms = given.latency_ms;
  options.fail_rules = given.fail_rules;
  options.state_file = given.state_file;
  if (!given.version.empty()) options.version = given.version;

  // Blocked before the server's threads start, so that only sigwait below sees them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);

  auto server = sandbox::Server::start(std::move(options));
  if (!server.ok()) return fail(server.status());
  write_out("sandbox ready: TheHive at " + server->url() + "\n");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop, &signal);
  server->stop();
  return ExitCode::ok;
}

}  // namespace

void add_sandbox(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "sandbox", "Run a small TheHive on this machine for trials and tests, with faults on demand");
  auto options = std::make_shared<Options>();
  command->add_option("--listen", options->listen, "Address and port (default 127.0.0.1:9000)")
      ->type_name("HOST:PORT");
  command
      ->add_option(
          "--key", options->key,
          "API key that callers must give (default: any key). A key for play, not a secret")
      ->type_name("KEY");
  command
      ->add_option("--thehive-version", options->version,
                   "Version to answer as (default 5.7.3-1); 4.1.24-1 behaves as TheHive 4")
      ->type_name("VERSION");
  command->add_option("--latency", options->latency_ms, "Wait this long before each answer")
      ->type_name("MS")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--fail", options->fail_rules,
                   "Inject a fault, for example status=503,rate=0.3 or hang,first=2; repeatable")
      ->type_name("RULE")
      ->allow_extra_args(false);
  command->add_option("--state", options->state_file, "Keep what arrived in this file")
      ->type_name("FILE");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context&) { return run_sandbox(*options); };
  });
}

}  // namespace socbridge::socctl
