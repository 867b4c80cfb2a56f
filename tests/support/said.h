// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"

namespace socbridge::test {

// A server's message, complete and as JSON.
inline http::Outcome said(int status, const std::string& body) {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = body;
  outcome.response.content_type = "application/json";
  return outcome;
}

// A refusal in TheHive's form.
inline http::Outcome error(int status, const std::string& type, const std::string& message) {
  return said(status, R"({"type":")" + type + R"(","message":")" + message + "\"}");
}

}  // namespace socbridge::test
