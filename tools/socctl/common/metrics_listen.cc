// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/metrics_listen.h"

#include <utility>

#include "socctl/common/command.h"

namespace socbridge::socctl {

void add_web_config_option(Command& command, std::string& file) {
  command
      .add_option(
          "--web-config", file,
          "TLS and logins of these pages, in the form of Prometheus' web configuration file")
      ->type_name("FILE");
}

void MetricsListenFlags::add_to(Command& command) {
  command
      .add_option("--metrics-listen", address,
                  "Serve /metrics and /healthz at this address and port, such as "
                  "127.0.0.1:9471; :9471 is every IPv4 address")
      ->type_name("ADDRESS");
  add_web_config_option(command, config_file);
}

void complain_of_files(const Status& why, const char* stays) {
  warn(why.line() + "; " + stays + " from before is kept");
}

Result<std::unique_ptr<web::PageServer>> MetricsListenFlags::open(Env& env) const {
  if (wanted()) return web::PageServer::open(env, {address, config_file, complain_of_files});
  if (config_file.empty()) return std::unique_ptr<web::PageServer>();
  return Status::error(ExitCode::usage, "--web-config is for --metrics-listen", "give both");
}

void serve_metrics(web::PageServer* server, std::function<std::string()> text) {
  if (server == nullptr) return;
  server->start([text = std::move(text)](const web::RequestHead& head) -> web::HttpAnswer {
    if (head.path == "/healthz") return web::plain_answer(200, "ok");
    if (head.path != "/metrics")
      return web::plain_answer(404, "the pages are /metrics and /healthz");
    std::string body = text();
    if (body.empty()) return web::plain_answer(503, "no metrics yet");
    return {200, "text/plain; version=0.0.4; charset=utf-8", std::move(body)};
  });
  write_err("socctl: metrics at " + server->url() + "/metrics\n");
}

}  // namespace socbridge::socctl
