#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "config/settings.h"
#include "http/client.h"
#include "mapping/options.h"
#include "thehive/client.h"

namespace socbridge::relay {

// The whole schema of etc/w2thive.json and of <options>: delivery keys (url, api_key, organisation,
// ca_file, ca_dir, proxy, thehive_version, budget_ms, spool_dir, log_file) and the mapping's.
config::Schema schema();

// Delivery settings in usable form.
struct Settings {
  thehive::Endpoint endpoint;  // url: config `url`, else hook_url; key: config `api_key`, else argv
  std::string thehive_version;  // auto, 4, 5
  http::ClientOptions http;
  std::int64_t budget_ms = 3000;  // wall clock, 100 to 60000; never more than <timeout>
  std::string spool_dir;          // absolute
  std::string log_file;           // absolute
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
  Settings settings;
  std::vector<Status> errors;               // configuration errors, in order found
  std::vector<config::Settings::Row> rows;  // every key with value and origin, for `config explain`
  std::string
      options_without_secrets;  // canonical JSON of the options for the spool; "" if unreadable
};
Loaded load(Env& env, const Sources& sources);

}  // namespace socbridge::relay
