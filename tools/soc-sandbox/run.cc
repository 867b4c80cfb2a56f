// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/run.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/text.h"
#include "soc-sandbox/server/product_server.h"
#include "soc-sandbox/thehive/server.h"

namespace socbridge::sandbox {
namespace {

Status parse_listen(const std::string& option, const std::string& text, std::string& host,
                    int& port) {
  const std::size_t colon = text.rfind(':');
  const auto bad = Status::error(ExitCode::usage,
                                 option + " must be HOST:PORT, not \"" + printable(text, 60) + "\"",
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

Result<const ProductKind*> find_kind(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ProductKind& kind : product_kinds()) {
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

// The texts with the prefix `name` and the separator, without this prefix.
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

// Rules without a product's name are for TheHive.
std::vector<std::string> thehive_rules(const std::vector<std::string>& rules) {
  std::vector<std::string> out = meant_for(rules, "thehive", ':');
  for (const std::string& rule : rules) {
    if (!find_kind(rule.substr(0, rule.find(':'))).ok() && !rule.starts_with("thehive:")) {
      out.push_back(rule);
    }
  }
  return out;
}

// One product in addition to TheHive.
struct Companion {
  std::unique_ptr<Product> product;
  std::unique_ptr<ProductServer> server;
};

// `NAME` or `NAME=HOST:PORT`.
Result<Companion> start_companion(const std::string& text, const RunOptions& given) {
  const std::string name = text.substr(0, text.find('='));
  const auto kind = find_kind(name);
  if (!kind.ok()) return kind.status();
  ListenOptions listening;
  listening.port = (*kind)->port;
  listening.latency_ms = given.latency_ms;
  listening.fail_rules = meant_for(given.fail_rules, name, ':');
  if (name.size() < text.size()) {
    const Status listen = parse_listen("--with " + name, text.substr(name.size() + 1),
                                       listening.host, listening.port);
    if (!listen.ok()) return listen;
  }
  ProductSettings settings;
  settings.key = Secret(given.key);
  settings.admin_key = Secret(given.admin_key);
  const auto data = meant_for(given.data, name, '=');
  if (!data.empty()) settings.data_file = data.back();
  auto product = (*kind)->make(settings);
  if (!product.ok()) return product.status();
  Companion companion{std::move(*product), nullptr};
  auto server = ProductServer::start(listening, *companion.product);
  if (!server.ok()) return server.status();
  companion.server = std::move(*server);
  return companion;
}

// Prints "soc-sandbox: message; hint" on stderr.
ExitCode fail(const Status& status) {
  std::fprintf(stderr, "soc-sandbox: %s\n", status.line().c_str());
  return status.code();
}

}  // namespace

ExitCode run(const RunOptions& given) {
  ServerOptions options;
  const Status listen = parse_listen("--listen", given.listen, options.host, options.port);
  if (!listen.ok()) return fail(listen);
  options.key = Secret(given.key);
  options.read_only_key = Secret(given.read_only_key);
  options.admin_key = Secret(given.admin_key);
  options.latency_ms = given.latency_ms;
  options.cortex_check_ms = given.cortex_check_ms;
  options.fail_rules = thehive_rules(given.fail_rules);
  options.state_file = given.state_file;
  if (!given.version.empty()) options.version = given.version;

  // Blocked before the server's threads start, so that only sigwait below gets them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);

  // Started before TheHive, which is connected to the Cortex among them, and stopped after it.
  std::vector<Companion> companions;
  std::string ready;
  for (const std::string& text : given.with) {
    auto companion = start_companion(text, given);
    if (!companion.ok()) return fail(companion.status());
    const ProductKind& kind = **find_kind(text.substr(0, text.find('=')));
    ready +=
        "sandbox ready: " + std::string(kind.display) + " at " + companion->server->url() + "\n";
    if (std::string_view(kind.name) == "cortex") {
      options.cortex = [cortex = companion->server.get()](const Request& request) {
        return cortex->ask(request);
      };
      options.cortex_key = Secret(given.key);
    }
    companions.push_back(std::move(*companion));
  }
  auto server = Server::start(std::move(options));
  if (!server.ok()) return fail(server.status());
  std::printf("sandbox ready: TheHive at %s\n%s", server->url().c_str(), ready.c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop, &signal);
  server->stop();
  for (Companion& companion : companions) companion.server->stop();
  return ExitCode::ok;
}

}  // namespace socbridge::sandbox
