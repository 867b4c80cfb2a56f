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

// A request that brings an alert up to date. All of them may be repeated without harm.
struct AlertUpdate {
  std::string method, path, body;
  std::string fallback;      // body of a second try if this one is refused, or empty
  bool observables = false;  // adds observables: "already exists" is as good as done
};

// A TheHive alert that stands for several Wazuh alerts, so that "it is there already" is not the
// end: the present one has to be added to it. delivery::AlertRequests makes the requests.
class GroupedAlert {
 public:
  virtual ~GroupedAlert() = default;

  // Not to be sent before this time; 0: now.
  virtual UnixMillis not_before_ms() const { return 0; }
  // The alert as it is to be created, made from the present one.
  virtual thehive::Alert opening(thehive::Alert mapped) = 0;
  // It is there, as the server shows it: what brings it up to date.
  virtual std::vector<AlertUpdate> update(json::Value there, thehive::ApiVersion version) = 0;
  // Created or brought up to date; its entry goes next. False: it has changed meanwhile,
  // send it again.
  virtual bool settled() = 0;
};

// Gives the shared alert that a Wazuh alert belongs to, or null if it is one of its own.
using GroupedAlerts = std::function<std::shared_ptr<GroupedAlert>(const wazuh::Alert& alert)>;

}  // namespace socbridge::grouping
