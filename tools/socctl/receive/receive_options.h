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

// Options of `receive`: where it listens, who may send, how much, and in which form.
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
  std::vector<std::string> tls_files;  // read again when they change; empty ones: none
  receive::GateOptions gate;
  receive::BodyFormats formats;
  std::vector<std::string> warnings;
};

// Reads tokens, certificates and formats and begins to listen. `files`: descriptors that the
// process may have; connections get a quarter of them, so that clients cannot use up what storing
// needs. Errors: usage (a file, an address or a combination that must not be), failure (the address
// is taken).
Result<OpenReceiver> open_receiver(Env& env, const ReceiveFlags& flags, std::size_t files);

}  // namespace socbridge::socctl
