// SPDX-License-Identifier: Apache-2.0
#include "setup/user_key.h"

#include <utility>

#include "base/shell_word.h"
#include "base/text.h"
#include "setup/key_file.h"

namespace socbridge::setup {
namespace {

Status store(Env& env, const UserKey& key) {
  Result<Secret> value = key.renew ? Result<Secret>(Secret()) : key.read();
  if (!value.ok()) return value.status();
  if (value->empty()) {
    if (key.has_key && !key.renew) {
      return Status::error(ExitCode::refused,
                           "the user has a key that is not shown, and others may use it",
                           "write that key into the file, or create a new one with --renew-key");
    }
    // The old key becomes invalid, so the new one must be storable first.
    if (Status ready = prepare_key_file(env, key.path); !ready.ok()) return ready;
    value = key.make();
    if (!value.ok()) return value.status();
  }
  return write_key_file(env, key.path, *value);
}

// If the product shows the user's key, compare here, so that a key from the file is not sent to a
// server that it may not belong to.
Result<bool> is_users_key(const UserKey& key, const Secret& there) {
  if (!key.has_key) return false;
  const auto shown = key.read();
  const bool is_shown = shown.ok() && !shown->empty();
  return is_shown ? Result<bool>(shown->reveal() == there.reveal()) : key.opens(there);
}

}  // namespace

Step plan_user_key(Env& env, UserKey key) {
  Step step = present_step("key", printable(key.path, 300));
  step.next = key.next;
  const auto there = read_key_file(key.path);
  if (!there.ok()) return failed_step("key", there.status());
  if (there->has_value() && !key.renew) {
    const auto fits = is_users_key(key, **there);
    if (!fits.ok()) return failed_step("key", fits.status());
    if (*fits) return step;
  }
  step.state = there->has_value() ? StepState::differs : StepState::missing;
  step.detail += there->has_value() ? ": replaced by the key of " : ", mode 0600: the key of ";
  step.detail += printable(key.user, 100);
  if (!there->has_value()) step.undo = "rm -- " + shell_word(key.path);
  step.action = [&env, key = std::move(key)] { return store(env, key); };
  return step;
}

}  // namespace socbridge::setup
