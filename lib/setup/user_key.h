// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "setup/step.h"

namespace socbridge::setup {

// The key of a product's user, in a file of this machine.
struct UserKey {
  std::string path, user;
  std::string next;      // what the file is for, as the next command
  bool has_key = false;  // the user has one already
  bool renew = false;    // make a new one all the same
  // Whether a key is that user's: asks the product with it. Only called if `read` shows nothing.
  std::function<Result<bool>(const Secret&)> opens;
  // The user's key; empty: there is none, or the product does not show it.
  std::function<Result<Secret>()> read;
  // A new key, with which the old one ends.
  std::function<Result<Secret>()> make;
};

// present: the file holds the user's key. missing, differs: it holds none, or another; the key is
// then read from the product, or made if the user has none. A key that is there and cannot be read
// is never replaced unless `renew` says so, since others may use it: failed.
Step plan_user_key(Env& env, UserKey key);

}  // namespace socbridge::setup
