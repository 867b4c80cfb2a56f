#pragma once

#include <string>

#include "base/env.h"
#include "base/time.h"
#include "relay/settings.h"
#include "spool/spool.h"
#include "thehive/client.h"
#include "wazuh/alert.h"

namespace socbridge::relay {

// Result of one try to deliver one alert.
struct Attempt {
  bool filtered = false;       // the mapping does not forward it
  bool bad_input = false;      // not an alert; message says why
  thehive::Delivery delivery;  // if neither
  std::string source_ref;
};

// Maps raw alert bytes and sends them once. Does not touch the spool but for the remembered
// server version (`remember_dir`, may be empty: then the version is asked each time if `auto`).
Attempt attempt(Env& env, std::string_view raw_alert, const Settings& settings, http::Client& http,
                const std::string& remember_dir, const Deadline& deadline);

// The same for an alert that is already parsed.
Attempt attempt(Env& env, const wazuh::Alert& alert, const Settings& settings, http::Client& http,
                const std::string& remember_dir, const Deadline& deadline);

// True if the alert is in TheHive now: created or already there.
bool arrived(const Attempt& attempt);

// Applies an attempt to a claimed entry: removed, postponed or moved. The seam where the retry
// policy lives.
Status settle(spool::Spool& spool, spool::Claim claim, const Attempt& attempt);

}  // namespace socbridge::relay
