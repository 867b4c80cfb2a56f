// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "base/env.h"
#include "delivery/breaker_guard.h"
#include "http/client.h"
#include "integration/settings.h"
#include "reconcile/destination.h"
#include "thehive/client.h"

namespace socbridge::reconcile {

// TheHive, asked with operators that versions 4 and 5 share (docs/protocols/thehive.md, "Query
// filters") and sent to by the delivery code of custom-w2thive. `settings` must name the version
// (integration::fix_version) and, like `http`, outlive this. `stop` cuts waiting short. If this
// machine has the spool, no request for an alert is under way at the same time as one of
// custom-w2thive or the relay, the breaker and the gate of the key are theirs too, and what a
// question shows opens or closes them for all; and after an end that leaves open whether TheHive
// has acted, it is asked before anything is sent again.
class TheHiveDestination final : public Destination {
 public:
  TheHiveDestination(Env& env, const integration::Settings& settings, http::Client& http,
                     std::function<bool()> stop);

  Result<std::unordered_set<std::string>> present(
      const std::vector<std::string>& source_refs) override;
  Result<bool> is_there(const std::string& source_ref) override;
  delivery::Attempt send(const wazuh::Alert& alert) override;

 private:
  delivery::Attempt enter_and_send(const wazuh::Alert& alert, bool ask_first);
  delivery::Attempt send_once(const wazuh::Alert& alert, bool ask_first);
  void tell(const Status& question);
  bool wait(std::int64_t ms);
  bool pause(int tries, std::int64_t retry_after_ms);

  Env& env_;
  const integration::Settings& settings_;
  http::Client& http_;
  thehive::Client client_;
  std::string spool_dir_;  // "" if there is none here
  std::optional<delivery::BreakerGuard> entrance_;
  std::function<bool()> stop_;
};

// How the client of such a run is set up: answers to a whole batch are larger than usual.
http::ClientOptions client_options(const integration::Settings& settings);

}  // namespace socbridge::reconcile
