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

// One way from Wazuh to TheHive: an integration block, or without one what the configuration says.
// What is pointed to must outlive it.
struct Route {
  wazuh::BlockFilter filter;  // takes everything by default
  mapping::Options mapping;
  Destination* destination = nullptr;
  std::string name = {};  // of the destination as rules name it; empty: the top-level one
};

// How the routes treat an alert. integratord gives it to every block that takes it; what the first
// of them sends, the others find there already.
struct Choice {
  const Route* route = nullptr;  // the first that forwards it; null: none does
  bool by_block = false;         // none forwards it, since no block takes it
  bool elsewhere = false;        // none sends it here: the rules send it to other destinations
};
Choice choose(const std::vector<Route>& routes, const wazuh::Alert& alert);

// Which TheHive a run checks.
struct Wanted {
  std::string url;
  std::string organisation;  // empty: that of the first block with this URL
};

// Of all blocks those that lead to the wanted TheHive.
struct Selection {
  std::vector<integration::BlockRoute> blocks;
  std::vector<std::string> places;     // of these blocks
  std::vector<std::string> elsewhere;  // the others: "PATH:LINE to URL"
  std::vector<std::string> remarks;    // one line each, for people
};
// If no block has the wanted URL all blocks are taken, and a remark says so: the same TheHive may
// have two names.
Selection select_blocks(std::vector<integration::BlockRoute> all, Wanted wanted);

}  // namespace socbridge::reconcile
