// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "integration/block_routes.h"
#include "mapping/options.h"
#include "reconcile/destination.h"
#include "wazuh/alert.h"
#include "wazuh/block_filter.h"

namespace socbridge::reconcile {

// One route from Wazuh to TheHive: an integration block, or the configuration if there is none.
// Pointers must outlive it.
struct Route {
  wazuh::BlockFilter filter;  // accepts everything by default
  mapping::Options mapping;
  Destination* destination = nullptr;
  std::string name = {};  // name of the destination in rules; empty: the top-level one
};

// What the routes do with an alert. integratord runs every block that accepts it; the first one
// sends it, the others find it in TheHive.
struct Choice {
  const Route* route = nullptr;  // the first that forwards it; null: none
  bool by_block = false;         // not forwarded, since no block accepts it
  bool elsewhere = false;        // not sent here: the rules send it to other destinations
};
Choice choose(const std::vector<Route>& routes, const wazuh::Alert& alert);

// The TheHive that a run checks.
struct Wanted {
  std::string url;
  std::string organisation;  // empty: that of the first block with this URL
};

// The blocks that lead to the wanted TheHive.
struct Selection {
  std::vector<integration::BlockRoute> blocks;
  std::vector<std::string> places;     // of these blocks
  std::vector<std::string> elsewhere;  // the others: "PATH:LINE to URL"
  std::vector<std::string> remarks;    // one line each, for people
};
// If no block has the wanted URL, all blocks are selected and a remark says so: the same TheHive
// may have two names.
Selection select_blocks(std::vector<integration::BlockRoute> all, Wanted wanted);

}  // namespace socbridge::reconcile
