#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/text.h"
#include "command.h"
#include "sandbox/product_server.h"
#include "sandbox/server.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string listen = "127.0.0.1:9000";
  std::string key, read_only_key;
  std::string version;
  std::int64_t latency_ms = 0, cortex_check_ms = 60000;
  std::vector<std::string> fail_rules;
  std::string state_file;
  std::vector<std::string> with;
  std::vector<std::string> data;
};

Status parse_listen(const std::string& option, const std::string& text, std::string& host,
                    int& port) {
  const std::size_t colon = text.rfind(':');
  const auto bad = Status::error(ExitCode::usage,
                                 option + " wants HOST:PORT, not \"" + printable(text, 60) + "\"",
                                 "for example 127.0.0.1:9000, or port 0 for any free one");
  if (colon == std::string::npos) return bad;
  constexpr std::uint64_t kMaxPort = 65535;
  const auto number = parse_u64(std::string_view(text).substr(colon + 1));
  if (!number || *number > kMaxPort) return bad;
  host = text.substr(0, colon);
  if (host.empty()) host = "127.0.0.1";
  port = static_cast<int>(*number);
  return {};
}

Result<const sandbox::ProductKind*> find_kind(std::string_view name) {
  std::vector<std::string_view> names;
  for (const sandbox::ProductKind& kind : sandbox::product_kinds()) {
    if (name == kind.name) return &kind;
    names.push_back(kind.name);
  }
  const std::string_view near = nearest(name, names);
  std::string hint;
  for (const std::string_view known : names) {
    hint += (hint.empty() ? "known are " : ", ") + std::string(known);
  }
  return Status::error(ExitCode::usage,
                       "the sandbox has no product \"" + printable(name, 60) + "\"",
                       near.empty() ? hint : "did you mean \"" + std::string(near) + "\"?");
}

// The texts that begin with `name` and the separator, without these.
std::vector<std::string> meant_for(const std::vector<std::string>& texts, std::string_view name,
                                   char separator) {
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == separator) {
      out.push_back(text.substr(name.size() + 1));
    }
  }
  return out;
}

// Rules without a product's name are TheHive's.
std::vector<std::string> thehive_rules(const std::vector<std::string>& rules) {
  std::vector<std::string> out = meant_for(rules, "thehive", ':');
  for (const std::string& rule : rules) {
    if (!find_kind(rule.substr(0, rule.find(':'))).ok() && !rule.starts_with("thehive:")) {
      out.push_back(rule);
    }
  }
  return out;
}

// One product beside TheHive.
struct Companion {
  std::unique_ptr<sandbox::Product> product;
  std::unique_ptr<sandbox::ProductServer> server;
};

// `NAME` or `NAME=HOST:PORT`.
Result<Companion> start_companion(const std::string& text, const Options& given) {
  const std::string name = text.substr(0, text.find('='));
  const auto kind = find_kind(name);
  if (!kind.ok()) return kind.status();
  sandbox::ListenOptions listening;
  listening.port = (*kind)->port;
  listening.latency_ms = given.latency_ms;
  listening.fail_rules = meant_for(given.fail_rules, name, ':');
  if (name.size() < text.size()) {
    const Status listen = parse_listen("--with " + name, text.substr(name.size() + 1),
                                       listening.host, listening.port);
    if (!listen.ok()) return listen;
  }
  sandbox::ProductSettings settings;
  settings.key = Secret(given.key);
  const auto data = meant_for(given.data, name, '=');
  if (!data.empty()) settings.data_file = data.back();
  auto product = (*kind)->make(settings);
  if (!product.ok()) return product.status();
  Companion companion{std::move(*product), nullptr};
  auto server = sandbox::ProductServer::start(listening, *companion.product);
  if (!server.ok()) return server.status();
  companion.server = std::move(*server);
  return companion;
}

ExitCode run_sandbox(const Options& given) {
  sandbox::ServerOptions options;
  const Status listen = parse_listen("--listen", given.listen, options.host, options.port);
  if (!listen.ok()) return fail(listen);
  options.key = Secret(given.key);
  options.read_only_key = Secret(given.read_only_key);
  options.latency_ms = given.latency_ms;
  options.cortex_check_ms = given.cortex_check_ms;
  options.fail_rules = thehive_rules(given.fail_rules);
  options.state_file = given.state_file;
  if (!given.version.empty()) options.version = given.version;

  // Blocked before the server's threads start, so that only sigwait below sees them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);

  // Before TheHive, which is connected to the Cortex among them, and until after it.
  std::vector<Companion> companions;
  std::string ready;
  for (const std::string& text : given.with) {
    auto companion = start_companion(text, given);
    if (!companion.ok()) return fail(companion.status());
    const sandbox::ProductKind& kind = **find_kind(text.substr(0, text.find('=')));
    ready +=
        "sandbox ready: " + std::string(kind.display) + " at " + companion->server->url() + "\n";
    if (std::string_view(kind.name) == "cortex") {
      options.cortex = [cortex = companion->server.get()](const sandbox::Request& request) {
        return cortex->ask(request);
      };
      options.cortex_key = Secret(given.key);
    }
    companions.push_back(std::move(*companion));
  }
  auto server = sandbox::Server::start(std::move(options));
  if (!server.ok()) return fail(server.status());
  write_out("sandbox ready: TheHive at " + server->url() + "\n" + ready);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop, &signal);
  server->stop();
  for (Companion& companion : companions) companion.server->stop();
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
      ->add_option("--read-only-key", options->read_only_key,
                   "Another key of TheHive, of a user who may look but change nothing")
      ->type_name("KEY");
  command
      ->add_option("--thehive-version", options->version,
                   "Version to answer as (default 5.7.3-1); 4.1.24-1 behaves as TheHive 4")
      ->type_name("VERSION");
  command->add_option("--latency", options->latency_ms, "Wait this long before each answer")
      ->type_name("MS")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--cortex-check", options->cortex_check_ms,
                   "TheHive looks at the state of its Cortex so often (default 60000)")
      ->type_name("MS")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--fail", options->fail_rules,
                   "Inject a fault, for example status=503,rate=0.3 or cortex:hang,first=2; "
                   "repeatable")
      ->type_name("[NAME:]RULE")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--with", options->with,
          "Run this product too, where it listens in the field or at HOST:PORT; repeatable")
      ->type_name("NAME[=HOST:PORT]")
      ->allow_extra_args(false);
  command
      ->add_option("--data", options->data,
                   "What a product knows at the start, from a file of its own form; repeatable")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  command->add_option("--state", options->state_file, "Keep what arrived in this file")
      ->type_name("FILE");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context&) { return run_sandbox(*options); };
  });
}

}  // namespace socbridge::socctl
