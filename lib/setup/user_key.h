// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "setup/step.h"

namespace socbridge::setup {

// The key of a product's user, in a local file.
struct UserKey {
  std::string path, user;
  std::string next;      // the next command that uses the file
  bool has_key = false;  // the user already has a key
  bool renew = false;    // create a new key in any case
  // Whether a key is that user's: sends it to the product. Called only if `read` returns an empty
  // key.
  std::function<Result<bool>(const Secret&)> opens;
  // The user's key; empty: there is none, or the product does not show it.
  std::function<Result<Secret>()> read;
  // Creates a new key; the old one becomes invalid.
  std::function<Result<Secret>()> make;
};

// present: the file has the user's key. missing, differs: it has none, or another; the key is then
// read from the product, or created if the user has none. An existing key that cannot be read is
// replaced only with `renew`, since others may use it: else failed.
Step plan_user_key(Env& env, UserKey key);

}  // namespace socbridge::setup
