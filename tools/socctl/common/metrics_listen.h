// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "socctl/common/command_line.h"
#include "web/page_server.h"

namespace socbridge::socctl {

// --web-config: TLS and logins of the pages.
void add_web_config_option(Command& command, std::string& file);

// Warns that changed files cannot be used, and which old ones are kept ("the certificate").
void complain_of_files(const Status& why, const char* stays);

// --metrics-listen and --web-config of a service.
struct MetricsListenFlags {
  std::string address, config_file;
  void add_to(Command& command);
  bool wanted() const { return !address.empty(); }
  // To be called before root's files become unreadable. Null: not requested. Errors: usage for
  // --web-config alone, and those of web::PageServer::open().
  Result<std::unique_ptr<web::PageServer>> open(Env& env) const;
};

// Serves /metrics with that text (503 while it is empty) and /healthz, and prints the address on
// stderr. `server` may be null.
void serve_metrics(web::PageServer* server, std::function<std::string()> text);

}  // namespace socbridge::socctl
