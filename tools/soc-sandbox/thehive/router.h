// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {

struct RouterOptions {
  Version version;
  std::string key;            // empty: any
  std::string read_only_key;  // of a user without any permission; empty: there is none
  std::string prefix;         // play.http.context, such as `/thehive`; or empty
};

// Finds the route of a request and checks key, organisation, Content-Type and JSON first.
Response route(const RouterOptions& options, Context& context);

}  // namespace socbridge::sandbox
