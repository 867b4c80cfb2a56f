// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/verbs.h"

namespace socbridge::socctl {

void add_alert(Command& app, Chosen& chosen) {
  Command* alert = app.add_subcommand(
      "alert",
      "Map, send and test alerts of Wazuh, find and replay them; list, show, promote and "
      "merge those of TheHive");
  alert->require_subcommand(1);
  add_alert_map(*alert, chosen);
  add_alert_send(*alert, chosen);
  add_alert_search(*alert, chosen);
  add_alert_replay(*alert, chosen);
  add_alert_test(*alert, chosen);
  add_alert_list(*alert, chosen);
  add_alert_show(*alert, chosen);
  add_alert_promote(*alert, chosen);
  add_alert_merge(*alert, chosen);
}

}  // namespace socbridge::socctl
