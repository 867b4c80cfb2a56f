// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/nouns.h"
#include "socctl/indexer/options.h"

namespace socbridge::socctl {

void add_indexer(Command& app, Chosen& chosen) {
  Command* indexer =
      app.add_subcommand("indexer", "Check the indexer (OpenSearch) that holds Wazuh's alerts");
  indexer->require_subcommand(1);
  add_indexer_check(*indexer, chosen);
}

}  // namespace socbridge::socctl
