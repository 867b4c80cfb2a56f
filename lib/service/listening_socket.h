// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"

namespace socbridge {

// A bound TCP socket that does not block and is closed on exec.
class ListeningSocket {
 public:
  // `address`: "127.0.0.1:9469", "[::1]:9469", "localhost:0" (any free port), ":9469" (all of
  // IPv4). Errors: usage (no such form; names are not looked up), failure (not of this machine,
  // taken).
  static Result<ListeningSocket> open(const std::string& address);

  std::string address() const { return host_ + ":" + std::to_string(port_); }
  bool is_six() const { return host_.front() == '['; }
  bool is_loopback() const { return is_loopback_; }  // only processes of this machine reach it
  int fd() const { return fd_.get(); }
  Fd take() && { return std::move(fd_); }

 private:
  ListeningSocket() = default;
  Fd fd_;
  std::string host_;  // as in a URL
  int port_ = 0;
  bool is_loopback_ = false;
};

}  // namespace socbridge
