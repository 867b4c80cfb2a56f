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

// The complete schema of etc/w2thive.json and of <options>: delivery keys (docs/custom-w2thive.md)
// and the mapping's keys.
config::Schema schema();
// Its keys that do not belong to the mapping, except `destinations`.
config::Schema delivery_keys();

// direct: custom-w2thive sends what it accepts. queue: `socctl relay` sends it.
enum class DeliveryMode { direct, queue };

// When failed deliveries are retried, in milliseconds.
struct RetryPolicy {
  std::int64_t min_ms = 5000;            // after the first failure; doubles with each further one
  std::int64_t max_ms = 3600000;         // longest pause
  std::int64_t lifetime_ms = 432000000;  // then dead/
  std::int64_t settle_ms = 30000;        // after a request without a known result
};

// When the circuit breaker opens.
struct BreakerPolicy {
  int failures = 3;                     // consecutive, until it opens
  std::int64_t open_ms = 30000;         // until one process tries again; doubles to ten times this
  std::int64_t auth_probe_ms = 600000;  // how often a refused key is checked
};

// Delivery settings in usable form.
struct Settings {
  std::string destination;     // its name; empty: the top-level keys
  thehive::Endpoint endpoint;  // url: config `url`, else hook_url; key: config `api_key`, else argv
  std::string thehive_version;  // auto, 4, 5
  http::ClientOptions http;
  std::int64_t budget_ms = 3000;  // wall clock, 100 to 60000; never more than <timeout>
  DeliveryMode delivery = DeliveryMode::direct;
  RetryPolicy retry;
  BreakerPolicy breaker;
  int drain_max = 2;      // most waiting entries that one custom-w2thive also sends
  spool::Bounds bounds;   // of the spool
  std::string spool_dir;  // absolute
  std::string log_file;   // absolute
  mapping::Options mapping;
};

// Inputs in addition to the configuration.
struct Sources {
  std::string home;            // Wazuh home
  std::string config_file;     // default HOME/etc/w2thive.json, which may be missing
  std::string options_json;    // content of the options file, or ""
  std::string options_origin;  // its name for messages
  std::string hook_url;
  Secret key;
  int timeout_s = 0;  // 0: unknown
};

// Loaded settings and all errors. Even with errors spool_dir and log_file are usable, so that the
// alert can be accepted first.
struct Loaded {
  config::Settings values;  // every key with its origin, for `config explain`
  Settings settings;
  std::vector<DestinationRow> destinations;  // integration/destination_settings.h
  std::vector<Status> errors;                // configuration errors, in order found
  // Those of them that affect every destination: not those of URL, key and TLS of the top-level
  // keys. If there are any, the rules may be incomplete.
  std::vector<Status> common_errors;
  std::string
      options_without_secrets;  // canonical JSON of the options for the spool; "" if unreadable
  std::string key_file;         // the file of the key, if any
  std::string config_file;      // Sources::config_file
  config::KeyFileRules key_rules;
};
Loaded load(Env& env, const Sources& sources);

// Whether there are a URL and a key; the error says where to set them.
Status check_target(const Settings& settings, const std::string& home);

}  // namespace socbridge::integration
