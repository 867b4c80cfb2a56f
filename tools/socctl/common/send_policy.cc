// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/send_policy.h"

#include "profile/section.h"
#include "socctl/common/command.h"
#include "socctl/common/interrupt.h"

namespace socbridge::socctl {

delivery::SendPolicy send_policy(const integration::Settings& settings) {
  delivery::SendPolicy policy = delivery::retrying_policy(settings.spool_dir, interrupted);
  policy.lock_dir = profile::state_dir(profile::SystemPaths::of_process()) + "/sending";
  policy.log = [](std::string_view level, const std::string& text) {
    if (level == "INFO") {
      write_err(text + "\n");
    } else {
      warn(text);
    }
  };
  return policy;
}

}  // namespace socbridge::socctl
