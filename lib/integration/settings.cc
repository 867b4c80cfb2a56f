// SPDX-License-Identifier: Apache-2.0
#include "integration/settings.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "config/key_file.h"
#include "integration/endpoint_keys.h"
#include "integration/redacted_invocation.h"
#include "integration/tls_settings.h"
#include "mapping/preset/preset.h"
#include "mapping/read_options.h"
#include "wazuh/home_access.h"

namespace socbridge::integration {
namespace {

using config::Kind;

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr std::int64_t kMinBudgetMs = 100;
constexpr std::int64_t kMaxBudgetMs = 60000;

// A missing file is not an error; any other failure is. The file must be trusted, because it
// decides where alerts and the key are sent.
void add_file(Env& env, const std::string& path, const Trust& trust, config::Settings& values,
              std::vector<Status>& errors) {
  const auto fd = open_trusted(path, trust, PathKind::file);
  if (!fd.ok()) {
    const int reason = fd.status().sys_errno();
    if (reason == ENOENT || reason == ENOTDIR) return;
    Status error = Status::error(
        ExitCode::usage, fd.status().message(),
        reason == EACCES ? "make it readable for the group of integratord (0640 root:wazuh)"
                         : fd.status().hint());
    errors.push_back(std::move(error.with_errno(reason)));
    return;
  }
  auto text = env.read_all(fd->get(), kMaxConfigBytes);
  if (!text.ok()) {
    errors.push_back(Status::error(
        ExitCode::usage, "cannot read " + printable(path) + ": " + text.status().message()));
    return;
  }
  std::vector<Status> found = values.add_json(*text, path);
  std::move(found.begin(), found.end(), std::back_inserter(errors));
}

void set_policy(const config::Settings& values, Settings& settings) {
  constexpr unsigned kMiB = 20;
  const auto number = [&](std::string_view name) { return values.integer(name); };
  const auto unsigned_number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(values.integer(name));
  };
  settings.delivery =
      values.text("delivery") == "queue" ? DeliveryMode::queue : DeliveryMode::direct;
  settings.drain_max = static_cast<int>(number("drain_max"));
  settings.retry.min_ms = number("retry_min_ms");
  settings.retry.max_ms = std::max(number("retry_max_ms"), settings.retry.min_ms);
  settings.retry.lifetime_ms = number("lifetime_ms");
  settings.retry.settle_ms = number("settle_ms");
  settings.breaker.failures = static_cast<int>(number("breaker_failures"));
  settings.breaker.open_ms = number("breaker_open_ms");
  settings.breaker.auth_probe_ms = number("auth_probe_ms");
  settings.bounds.max_entries = unsigned_number("spool_max_entries");
  settings.bounds.max_bytes = unsigned_number("spool_max_mb") << kMiB;
  settings.bounds.min_free_bytes = unsigned_number("spool_min_free_mb") << kMiB;
}

// The file and the options, over the presets that they name.
config::Settings read_layers(Env& env, const Sources& sources, const config::KeyFileRules& rules,
                             std::vector<Status>& errors) {
  const auto add = [&](config::Settings& values, std::vector<Status>& found) {
    if (!sources.config_file.empty())
      add_file(env, sources.config_file, rules.trust, values, found);
    if (trim(sources.options_json).empty()) return;
    std::vector<Status> more = values.add_json(sources.options_json, sources.options_origin);
    std::move(more.begin(), more.end(), std::back_inserter(found));
  };
  config::Settings values(schema());
  add(values, errors);
  const std::vector<std::string> presets = values.list("presets");
  if (presets.empty()) return values;
  config::Settings layered(schema());
  for (std::size_t i = 0; i < presets.size(); ++i) {
    const mapping::Preset* const preset = mapping::preset_called(presets[i]);
    if (preset != nullptr) {
      // Cannot fail: tests/unit/integration/settings_test reads each preset.
      static_cast<void>(layered.add_json(preset->keys, "preset " + presets[i]));
      continue;
    }
    std::string known;
    for (const std::string_view name : mapping::preset_names()) {
      known += (known.empty() ? "" : " and ") + std::string(name);
    }
    errors.push_back(Status::error(ExitCode::usage,
                                   values.place("/presets/" + std::to_string(i)) + ": presets[" +
                                       std::to_string(i) + "]: no preset is called \"" +
                                       printable(presets[i], 60) + "\"",
                                   "known are " + known));
  }
  std::vector<Status> reported;  // already reported above
  add(layered, reported);
  return layered;
}

}  // namespace

// Keys for the connection to TheHive.
static config::Schema connection_keys() {
  return {
      {"$schema", Kind::string, "\"\"",
       "JSON Schema of this file, for editors (socctl config schema); not used"},
      {"url", Kind::string, "\"\"",
       "Base URL of TheHive, may have a path prefix; default: <hook_url>"},
      {"api_key", Kind::secret, "\"\"",
       "Key of a TheHive user, or file:PATH, relative to the Wazuh home; default: <api_key>"},
      {"organisation", Kind::string, "\"\"", "Organisation to create alerts in (X-Organisation)"},
      {"thehive_version",
       Kind::string,
       "\"auto\"",
       "Major version of TheHive; auto queries it and caches it for a day",
       0,
       0,
       {"auto", "4", "5"}},
      {"ca_file", Kind::string, "\"\"", "CA certificates (PEM) to trust; default: the system's"},
      {"ca_dir", Kind::string, "\"\"", "Hashed folder of CA certificates (openssl rehash)"},
      {"client_cert_file", Kind::string, "\"\"",
       "Client certificate (PEM) for TheHive; relative to the Wazuh home"},
      {"client_key_file", Kind::string, "\"\"",
       "Its private key (PEM, without passphrase); relative to the Wazuh home"},
      {"pinned_key", Kind::string, "\"\"",
       "Public keys that TheHive may have: sha256//BASE64, separated by ;"},
      {"insecure", Kind::boolean, "false",
       "Do not check TheHive's certificate: attackers on the path can read and change everything"},
      {"proxy", Kind::string, "\"\"",
       "HTTP proxy as http://host:port; variables of the environment are ignored"},
      {"proxy_login", Kind::secret, "\"\"",
       "user:password for the proxy, or file:PATH, relative to the Wazuh home"},
  };
}

// Keys for delivery and the limits of the spool.
static config::Schema policy_keys() {
  constexpr std::int64_t kHour = 3600000;
  constexpr std::int64_t kYear = 8760 * kHour;
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  return {
      {"budget_ms", Kind::integer, "3000",
       "Longest time that integratord is blocked, in milliseconds; <timeout> is a second bound",
       kMinBudgetMs, kMaxBudgetMs},
      {"spool_dir", Kind::string, "\"queue/w2thive\"",
       "Folder of accepted alerts; relative paths are below the Wazuh home"},
      {"log_file", Kind::string, "\"logs/integrations.log\"",
       "One line per failure goes here; relative paths are below the Wazuh home"},
      {"delivery",
       Kind::string,
       "\"direct\"",
       "direct: send what is accepted; queue: only accept, socctl relay sends",
       0,
       0,
       {"direct", "queue"}},
      {"drain_max", Kind::integer, "2",
       "Most waiting alerts that are sent after a delivered one; 0: none", 0, 100},
      {"retry_min_ms", Kind::integer, "5000",
       "Pause after the first failure; doubles with each further one", 10, kHour},
      {"retry_max_ms", Kind::integer, "3600000",
       "Longest pause between two attempts, even if the server requests a longer one", 10,
       24 * kHour},
      {"lifetime_ms", Kind::integer, "432000000",
       "An alert that is not delivered within this time goes to dead/ (5 days)", 1000, kYear},
      {"settle_ms", Kind::integer, "30000",
       "Pause after a request without a known result, as the server may still process it", 0,
       kHour},
      {"breaker_failures", Kind::integer, "3",
       "Consecutive failures after which the circuit breaker opens", 1, 1000},
      {"breaker_open_ms", Kind::integer, "30000",
       "Pause until one process tries again; doubles up to ten times this value", 10, kHour},
      {"auth_probe_ms", Kind::integer, "600000",
       "Interval of checks of a key that TheHive refused; servers ban frequent callers", 10,
       24 * kHour},
      {"spool_max_entries", Kind::integer, "500000",
       "Most alerts kept in all states together; then none is accepted; 0: no limit", 0, kMost},
      {"spool_max_mb", Kind::integer, "4096",
       "Most MiB kept in all states together; then none is accepted; 0: no limit", 0, 1 << 30},
      {"spool_min_free_mb", Kind::integer, "64",
       "MiB of the disk that stay free, or a twentieth of it if that is less", 0, 1 << 30},
  };
}

config::Schema delivery_keys() {
  config::Schema keys = connection_keys();
  for (config::Key& key : policy_keys()) keys.push_back(std::move(key));
  return keys;
}

config::Schema schema() {
  config::Schema keys = delivery_keys();
  keys.push_back({"destinations",
                  Kind::object,
                  "{}",
                  "Further TheHives or organisations for rules: name to {url, api_key, "
                  "organisation, …}",
                  0,
                  0,
                  {},
                  destination_schema});
  config::Schema more = mapping::config_keys();
  std::move(more.begin(), more.end(), std::back_inserter(keys));
  return keys;
}

Loaded load(Env& env, const Sources& sources) {
  Loaded loaded;
  loaded.key_rules = {sources.home, wazuh::home_trust(env, sources.home)};
  const config::KeyFileRules& rules = loaded.key_rules;
  std::vector<Status>& errors = loaded.errors;
  loaded.values = read_layers(env, sources, rules, errors);
  const config::Settings& values = loaded.values;
  Settings& settings = loaded.settings;
  loaded.config_file = sources.config_file;

  const std::size_t target_begin = errors.size();
  settings.endpoint.url = read_url(values, {sources.hook_url, "<hook_url>"}, errors);
  settings.endpoint.key = read_api_key(values, sources.key, rules, loaded.key_file, errors);
  settings.endpoint.organisation = read_organisation(values, errors);
  settings.thehive_version = values.text("thehive_version");
  settings.http.tls.ca_file = below(sources.home, values.text("ca_file"));
  settings.http.tls.ca_dir = below(sources.home, values.text("ca_dir"));
  set_tls(values, sources.home, rules, settings.http, errors);
  settings.http.proxy = read_proxy(values, errors);
  const std::size_t target_end = errors.size();
  settings.http.user_agent = std::string("socbridge/") + kVersion;
  settings.spool_dir = below(sources.home, values.text("spool_dir"));
  settings.log_file = below(sources.home, values.text("log_file"));
  settings.budget_ms = values.integer("budget_ms");
  constexpr std::int64_t kMsPerSecond = 1000;
  if (sources.timeout_s > 0) {
    settings.budget_ms = std::min(settings.budget_ms, sources.timeout_s * kMsPerSecond);
  }
  set_policy(values, settings);
  loaded.destinations =
      read_destinations(values, sources.options_origin, settings.endpoint, errors);
  const std::size_t mapping_begin = errors.size();
  mapping::Options mapping = mapping::read_options(values, errors);
  if (errors.size() == mapping_begin) settings.mapping = std::move(mapping);
  // An empty setting would put files into the working directory.
  if (settings.spool_dir.empty()) settings.spool_dir = below(sources.home, "queue/w2thive");
  if (settings.log_file.empty()) settings.log_file = below(sources.home, "logs/integrations.log");
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (i < target_begin || i >= target_end) loaded.common_errors.push_back(errors[i]);
  }
  const Secret& known = settings.endpoint.key.empty() ? sources.key : settings.endpoint.key;
  loaded.options_without_secrets = options_for_spool(sources.options_json, values.schema(), known);
  return loaded;
}

Status check_target(const Settings& settings, const std::string& home) {
  if (settings.endpoint.url.empty()) {
    return Status::error(ExitCode::usage, "no URL of TheHive",
                         "set <hook_url> or \"url\" in " + home + "/etc/w2thive.json");
  }
  if (settings.endpoint.key.empty()) {
    return Status::error(ExitCode::usage, "no API key for TheHive",
                         "set \"api_key\" in " + home + "/etc/w2thive.json");
  }
  return {};
}

}  // namespace socbridge::integration
