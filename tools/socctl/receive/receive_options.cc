// SPDX-License-Identifier: Apache-2.0
#include "socctl/receive/receive_options.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/named_file.h"
#include "base/text.h"
#include "base/trusted_path.h"
#include "config/key_file.h"
#include "socctl/common/metrics_listen.h"

namespace socbridge::socctl {
namespace {

constexpr const char* kVariable = "SOCCTL_RECEIVE_TOKEN";
constexpr std::size_t kShare = 4;  // of the descriptors

Result<receive::Tokens> read_tokens(const ReceiveFlags& flags) {
  std::vector<Secret> tokens;
  for (const std::string& file : flags.token_files) {
    auto token = config::read_key(Secret("file:" + file), {{}, Trust::of_process()});
    if (!token.ok()) return token.status();
    tokens.push_back(std::move(*token));
  }
  const char* given = std::getenv(kVariable);
  if (tokens.empty() && given != nullptr && *given != '\0') tokens.emplace_back(std::string(given));
  return receive::Tokens::of(tokens);
}

Status check_combination(const ReceiveFlags& flags, const ListeningSocket& socket,
                         bool has_tokens) {
  if (flags.cert_file.empty() != flags.key_file.empty()) {
    return Status::error(ExitCode::usage, "--tls-cert and --tls-key must be given together");
  }
  if (!flags.client_ca_file.empty() && flags.cert_file.empty()) {
    return Status::error(ExitCode::usage, "--client-ca needs --tls-cert and --tls-key");
  }
  if (!has_tokens && flags.client_ca_file.empty() && !socket.is_loopback()) {
    return Status::error(
        ExitCode::usage,
        "any client that can reach " + printable(flags.listen, 100) + " could send alerts",
        "give --token-file FILE or --client-ca FILE, or listen at 127.0.0.1");
  }
  return {};
}

Status read_formats(const std::string& file, receive::BodyFormats& formats) {
  if (file.empty()) return {};
  constexpr std::size_t kMost = std::size_t{1} << 20;
  const auto text = read_all_named(file, kMost);
  if (!text.ok()) {
    return Status::error(ExitCode::usage, "--formats: " + text.status().message());
  }
  auto read = receive::BodyFormats::read(*text, printable(file, 300));
  if (!read.ok()) return read.status();
  formats = std::move(*read);
  return {};
}

}  // namespace

void ReceiveFlags::add_to(Command& command) {
  command
      .add_option("--listen", listen,
                  "Address and port (default 127.0.0.1:9470); :9470 is every IPv4 address")
      ->type_name("ADDRESS");
  command
      .add_option("--token-file", token_files,
                  "Token that senders must send as Authorization: Bearer, or as the password of "
                  "Basic; repeatable (else SOCCTL_RECEIVE_TOKEN)")
      ->type_name("FILE")
      ->one_value_each();
  command.add_option("--tls-cert", cert_file, "Certificate chain for HTTPS, PEM")
      ->type_name("FILE");
  command.add_option("--tls-key", key_file, "Key of the certificate, PEM")->type_name("FILE");
  command.add_option("--client-ca", client_ca_file, "Require client certificates of this CA, PEM")
      ->type_name("FILE");
  command
      .add_option("--formats", formats_file,
                  "Formats of alerts of other products: JSON, see socctl help webhooks")
      ->type_name("FILE");
  command
      .add_option("--integration", integration,
                  "Name of the integration block whose settings apply (default custom-w2thive)")
      ->type_name("NAME");
  constexpr int kMostRate = 1000000;
  command
      .add_option(
          "--rate", rate,
          "Maximum requests per second, with bursts of twice as many (default 1000); 0: no limit")
      ->type_name("NUMBER")
      ->range(0, kMostRate);
  constexpr int kMostBody = 65536;
  command.add_option("--max-body", max_body_kib, "Maximum length of a body in KiB (default 1024)")
      ->type_name("KIB")
      ->range(1, kMostBody);
  constexpr int kMostMemory = 65536;
  command
      .add_option("--max-memory", max_memory_mib,
                  "Memory for the bodies of all concurrent requests in MiB (default 64)")
      ->type_name("MIB")
      ->range(1, kMostMemory);
  constexpr int kMostConnections = 100000;
  command
      .add_option("--connections", connections,
                  "Maximum connections (default 1024); a further one replaces the one "
                  "that has been idle longest")
      ->type_name("NUMBER")
      ->range(1, kMostConnections);
}

Result<OpenReceiver> open_receiver(Env& env, const ReceiveFlags& flags, std::size_t files) {
  OpenReceiver out;
  auto tokens = read_tokens(flags);
  if (!tokens.ok()) return tokens.status();
  if (Status bad = read_formats(flags.formats_file, out.formats); !bad.ok()) return bad;
  auto socket = ListeningSocket::open(flags.listen);
  if (!socket.ok()) return socket.status();
  if (Status bad = check_combination(flags, *socket, !tokens->empty()); !bad.ok()) return bad;
  if (flags.cert_file.empty() && !socket->is_loopback()) {
    out.warnings.emplace_back(
        "without --tls-cert the token and the alerts can be read in transit; put a proxy with TLS "
        "in front of it");
  }
  web::ServerOptions server;
  server.cert_file = flags.cert_file;
  server.key_file = flags.key_file;
  server.client_ca_file = flags.client_ca_file;
  server.max_body = flags.max_body_kib << 10;
  server.max_memory = flags.max_memory_mib << 20;
  server.connections = std::clamp(files / kShare, std::size_t{1}, flags.connections);
  if (server.connections < flags.connections) {
    out.warnings.push_back("at most " + std::to_string(server.connections) +
                           " connections: this process may have only " + std::to_string(files) +
                           " open files (ulimit -n, LimitNOFILE)");
  }
  out.url = (flags.cert_file.empty() ? "http://" : "https://") + socket->address();
  out.gate.tokens = std::move(*tokens);
  out.gate.rate = flags.rate;
  server.complain = [](const Status& why) { complain_of_files(why, "the certificate"); };
  out.tls_files = {flags.cert_file, flags.key_file, flags.client_ca_file};
  auto opened = web::HttpServer::open(env, std::move(*socket), std::move(server));
  if (!opened.ok()) return opened.status();
  out.server = std::move(*opened);
  return out;
}

}  // namespace socbridge::socctl
