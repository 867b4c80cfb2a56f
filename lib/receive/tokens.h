// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"

namespace socbridge::receive {

// The tokens that a sender may show. Immutable, so threads may share it.
class Tokens {
 public:
  Tokens() = default;  // none: nothing is asked for
  // Several, so that an old one works until all senders have the new one. Error (usage): one of
  // less than 16 characters, or with blanks; the message does not hold it.
  static Result<Tokens> of(const std::vector<Secret>& tokens);

  bool empty() const { return digests_.empty(); }
  // Whether an Authorization field shows one of them: `Bearer TOKEN`, or `Basic` with the token as
  // the password of any name. Takes the same time whatever part of a token is right.
  bool allow(std::string_view authorization) const;

 private:
  std::vector<std::string> digests_;
};

}  // namespace socbridge::receive
