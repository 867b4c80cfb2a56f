// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/verbs.h"

namespace socbridge::socctl {

void add_queue(Command& app, Chosen& chosen) {
  Command* queue = app.add_subcommand(
      "queue", "Inspect and change what custom-w2thive has accepted and TheHive does not have yet");
  queue->require_subcommand(1);
  add_queue_list(*queue, chosen);
  add_queue_show(*queue, chosen);
  add_queue_stats(*queue, chosen);
  add_queue_actions(*queue, chosen);
  add_queue_export(*queue, chosen);
  add_queue_fsck(*queue, chosen);
}

}  // namespace socbridge::socctl
