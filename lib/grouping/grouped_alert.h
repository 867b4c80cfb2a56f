// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "json/value.h"
#include "thehive/alert.h"
#include "wazuh/alert.h"

namespace socbridge::grouping {

// A request that updates an alert. Every such request may be repeated safely.
struct AlertUpdate {
  std::string method, path, body;
  std::string fallback;      // body of a second attempt if this one is refused, or empty
  bool observables = false;  // adds observables: "already exists" counts as success
};

// A TheHive alert for several Wazuh alerts. If it already exists, the current alert must be added
// to it. delivery::AlertRequests sends the requests.
class GroupedAlert {
 public:
  virtual ~GroupedAlert() = default;

  // Must not be sent before this time; 0: now.
  virtual UnixMillis not_before_ms() const { return 0; }
  // The alert to create, based on the current one.
  virtual thehive::Alert opening(thehive::Alert mapped) = 0;
  // Requests that update the existing alert `there`, as read from the server.
  virtual std::vector<AlertUpdate> update(json::Value there, thehive::ApiVersion version) = 0;
  // Called after creation or update, before the entry is removed. False: it has changed meanwhile,
  // send it again.
  virtual bool settled() = 0;
};

// Returns the shared alert of a Wazuh alert, or null if it has none.
using GroupedAlerts = std::function<std::shared_ptr<GroupedAlert>(const wazuh::Alert& alert)>;

}  // namespace socbridge::grouping
