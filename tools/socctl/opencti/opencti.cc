// SPDX-License-Identifier: Apache-2.0
#include "socctl/opencti/options.h"

namespace socbridge::socctl {

void add_opencti(Command& app, Chosen& chosen) {
  Command* opencti =
      app.add_subcommand("opencti", "Query OpenCTI for context, and report sightings to it");
  opencti->require_subcommand(1);
  add_opencti_context(*opencti, chosen);
  add_opencti_sighting(*opencti, chosen);
  add_opencti_connectors(*opencti, chosen);
  add_opencti_query(*opencti, chosen);
  add_opencti_stream(*opencti, chosen);
  add_opencti_whoami(*opencti, chosen);
}

}  // namespace socbridge::socctl
