// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "receive/body_format.h"
#include "receive/gate.h"
#include "socctl/common/command_line.h"
#include "web/http_server.h"

namespace socbridge::socctl {

// Options of `receive`: address, senders, limits and formats.
struct ReceiveFlags {
  std::string listen = "127.0.0.1:9470";
  std::vector<std::string> token_files;
  std::string cert_file, key_file, client_ca_file;
  std::string formats_file;
  std::string integration = "custom-w2thive";
  std::size_t max_body_kib = 1024, max_memory_mib = 64, connections = 1024;
  std::size_t rate = 1000;

  void add_to(Command& command);
};

struct OpenReceiver {
  std::unique_ptr<web::HttpServer> server;
  std::string url;
  std::vector<std::string> tls_files;  // reloaded when they change; empty ones: none
  receive::GateOptions gate;
  receive::BodyFormats formats;
  std::vector<std::string> warnings;
};

// Reads tokens, certificates and formats and starts to listen. `files`: maximum number of open
// descriptors; connections get a quarter of them, so that clients cannot exhaust those for storing.
// Errors: usage (an invalid file, address or combination), failure (the address is in use).
Result<OpenReceiver> open_receiver(Env& env, const ReceiveFlags& flags, std::size_t files);

}  // namespace socbridge::socctl
