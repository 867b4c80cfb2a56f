// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "config/key_file.h"
#include "config/settings.h"
#include "http/client.h"
#include "integration/destination_table.h"
#include "mapping/options.h"
#include "spool/spool.h"
#include "thehive/client.h"

namespace socbridge::integration {

// The whole schema of etc/w2thive.json and of <options>: delivery keys (docs/custom-w2thive.md) and
// the mapping's.
config::Schema schema();
// Those of it that are no matter of the mapping, but for `destinations`.
config::Schema delivery_keys();

// direct: custom-w2thive sends what it accepts. queue: it leaves that to `socctl relay`.
enum class DeliveryMode { direct, queue };

// When what was not delivered is tried again; all in milliseconds.
struct RetryPolicy {
  std::int64_t min_ms = 5000;            // after the first failure; doubles with each further one
  std::int64_t max_ms = 3600000;         // longest pause
  std::int64_t lifetime_ms = 432000000;  // then dead/
  std::int64_t settle_ms = 30000;  // after a request without a known end, before anyone sends again
};

// When the circuit breaker opens.
struct BreakerPolicy {
  int failures = 3;                     // consecutive, until it opens
  std::int64_t open_ms = 30000;         // until one process tries again; doubles to ten times this
  std::int64_t auth_probe_ms = 600000;  // how often a refused key is checked
};

// Delivery settings in usable form.
struct Settings {
  std::string destination;     // its name; empty: what the keys at the top describe
  thehive::Endpoint endpoint;  // url: config `url`, else hook_url; key: config `api_key`, else argv
  std::string thehive_version;  // auto, 4, 5
  http::ClientOptions http;
  std::int64_t budget_ms = 3000;  // wall clock, 100 to 60000; never more than <timeout>
  DeliveryMode delivery = DeliveryMode::direct;
  RetryPolicy retry;
  BreakerPolicy breaker;
  int drain_max = 2;      // waiting entries that one custom-w2thive takes along at most
  spool::Bounds bounds;   // of the spool
  std::string spool_dir;  // absolute
  std::string log_file;   // absolute
  mapping::Options mapping;
};

// Which outside values take part beside the configuration.
struct Sources {
  std::string home;            // Wazuh home
  std::string config_file;     // default HOME/etc/w2thive.json; a missing default file is no error
  std::string options_json;    // content of the options file, or ""
  std::string options_origin;  // its name for messages
  std::string hook_url;
  Secret key;
  int timeout_s = 0;  // 0: unknown
};

// Loaded settings and everything that was wrong on the way. Even with errors spool_dir and log_file
// are usable, so that the alert can be accepted first.
struct Loaded {
  config::Settings values;  // every key with its origin, for `config explain`
  Settings settings;
  std::vector<DestinationRow> destinations;  // integration/destination_settings.h
  std::vector<Status> errors;                // configuration errors, in order found
  // Of these, what concerns every destination: not what is wrong with URL, key and TLS at the top.
  // If there are any, nothing is known for certain of what the rules say.
  std::vector<Status> common_errors;
  std::string
      options_without_secrets;  // canonical JSON of the options for the spool; "" if unreadable
  std::string key_file;         // where the key was read from, if it is a file
  std::string config_file;      // Sources::config_file
  config::KeyFileRules key_rules;
};
Loaded load(Env& env, const Sources& sources);

// Whether there is a URL and a key to send with; the error says where to set them.
Status check_target(const Settings& settings, const std::string& home);

}  // namespace socbridge::integration
