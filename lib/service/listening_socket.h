// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"

namespace socbridge {

// A bound, non-blocking TCP socket that is closed on exec.
class ListeningSocket {
 public:
  // `address`: "127.0.0.1:9469", "[::1]:9469", "localhost:0" (any free port), ":9469" (all IPv4
  // addresses). Errors: usage (not of this form; names are not looked up), failure (not an address
  // of this machine, in use).
  static Result<ListeningSocket> open(const std::string& address);

  std::string address() const { return host_ + ":" + std::to_string(port_); }
  bool is_six() const { return host_.front() == '['; }
  bool is_loopback() const { return is_loopback_; }  // reachable from this machine only
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
