// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"

namespace socbridge::receive {

// The accepted tokens of senders. Immutable, so threads may share it.
class Tokens {
 public:
  Tokens() = default;  // none: no token is required
  // Several tokens allow an old one to work until all senders have the new one. Error (usage): less
  // than 16 characters, or with blanks; the message does not contain the token.
  static Result<Tokens> of(const std::vector<Secret>& tokens);

  bool empty() const { return digests_.empty(); }
  // Whether an Authorization field has one of them: `Bearer TOKEN`, or `Basic` with the token as
  // the password of any user. Constant time.
  bool allow(std::string_view authorization) const;

 private:
  std::vector<std::string> digests_;
};

}  // namespace socbridge::receive
