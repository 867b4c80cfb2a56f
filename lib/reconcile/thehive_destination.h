// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "base/env.h"
#include "delivery/sender.h"
#include "http/client.h"
#include "integration/settings.h"
#include "reconcile/destination.h"
#include "thehive/client.h"

namespace socbridge::reconcile {

// TheHive as destination. Queries use operators that versions 4 and 5 share
// (docs/protocols/thehive.md, "Query filters"); alerts are sent by delivery::Sender. `settings`
// must have the version (integration::pin_version) and, like `http`, outlive this. `policy.stop`
// ends waits. If this machine has the spool, results of queries also go to its circuit breaker.
class TheHiveDestination final : public Destination {
 public:
  TheHiveDestination(Env& env, const integration::Settings& settings, http::Client& http,
                     delivery::SendPolicy policy);

  Result<Present> present(const std::vector<std::string>& source_refs, Ask ask) override;
  Result<bool> is_there(const std::string& source_ref) override;
  delivery::Outcome send(const wazuh::Alert& alert) override;

 private:
  void report(const Status& question);

  const integration::Settings& settings_;
  http::Client& http_;
  thehive::Client client_;
  std::function<bool()> stop_;
  delivery::Sender sender_;
};

// Options for the client of such a run: answers for a batch are larger than usual.
http::ClientOptions client_options(const integration::Settings& settings);

}  // namespace socbridge::reconcile
