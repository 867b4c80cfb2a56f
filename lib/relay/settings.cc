#include "relay/settings.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "relay/handed_over.h"

namespace socbridge::relay {
namespace {

using config::Kind;

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr std::int64_t kMinBudgetMs = 100;
constexpr std::int64_t kMaxBudgetMs = 60000;

std::string below(const std::string& home, std::string path) {
  return path.empty() || path.starts_with('/') ? path : home + "/" + path;
}

// A missing file says nothing; every other trouble is an error. Who may write it decides where
// alerts and the key go.
void add_file(Env& env, const std::string& path, config::Settings& values,
              std::vector<Status>& errors) {
  auto fd = env.open_read(path);
  if (!fd.ok()) {
    const int reason = fd.status().sys_errno();
    if (reason == ENOENT || reason == ENOTDIR) return;
    errors.push_back(
        Status::error(ExitCode::usage, fd.status().message(),
                      "make it readable for the group of integratord (0640 root:wazuh)"));
    return;
  }
  const auto info = env.fstat(fd->get());
  if (info.ok() && (info->mode & S_IWOTH) != 0) {
    errors.push_back(Status::error(
        ExitCode::usage, printable(path) + " may be written by everybody", "run chmod o-w on it"));
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

Secret resolve_key(const config::Settings& values, const Secret& handed_over,
                   std::vector<Status>& errors) {
  const Secret configured = values.secret("api_key");
  const Secret& setting = configured.empty() ? handed_over : configured;
  if (setting.empty()) return {};
  auto key = config::SecretReader::resolve(setting);
  if (key.ok()) return std::move(*key);
  errors.push_back(key.status());
  return {};
}

std::string resolve_url(const config::Settings& values, const std::string& hook_url,
                        std::vector<Status>& errors) {
  const std::string configured = values.text("url");
  const std::string& wanted = configured.empty() ? hook_url : configured;
  if (wanted.empty()) return {};
  auto url = http::normalise_base_url(wanted);
  if (url.ok()) return std::move(*url);
  errors.push_back(Status::error(
      ExitCode::usage,
      (configured.empty() ? std::string("<hook_url>") : values.origin("url") + ": url") + ": " +
          url.status().message(),
      url.status().hint()));
  return {};
}

}  // namespace

config::Schema schema() {
  config::Schema keys = {
      {"url", Kind::string, "\"\"",
       "Base URL of TheHive, may have a path prefix; default: <hook_url>"},
      {"api_key", Kind::secret, "\"\"", "Key of a TheHive user, or file:PATH; default: <api_key>"},
      {"organisation", Kind::string, "\"\"", "Organisation to create alerts in (X-Organisation)"},
      {"thehive_version",
       Kind::string,
       "\"auto\"",
       "Major version of TheHive; auto asks once and remembers it for a day",
       0,
       0,
       {"auto", "4", "5"}},
      {"ca_file", Kind::string, "\"\"", "CA certificates (PEM) to trust; default: the system's"},
      {"ca_dir", Kind::string, "\"\"", "Hashed folder of CA certificates (openssl rehash)"},
      {"proxy", Kind::string, "\"\"",
       "HTTP proxy as http://host:port; the environment is never read"},
      {"budget_ms", Kind::integer, "3000",
       "Time integratord may be held, in milliseconds; <timeout> is a second bound", kMinBudgetMs,
       kMaxBudgetMs},
      {"spool_dir", Kind::string, "\"queue/w2thive\"",
       "Folder of accepted alerts; relative paths are below the Wazuh home"},
      {"log_file", Kind::string, "\"logs/integrations.log\"",
       "One line per failure goes here; relative paths are below the Wazuh home"},
  };
  config::Schema more = mapping::config_keys();
  std::move(more.begin(), more.end(), std::back_inserter(keys));
  return keys;
}

Loaded load(Env& env, const Sources& sources) {
  Loaded loaded;
  Settings& settings = loaded.settings;
  std::vector<Status>& errors = loaded.errors;
  config::Settings values(schema());
  if (!sources.config_file.empty()) add_file(env, sources.config_file, values, errors);
  if (!trim(sources.options_json).empty()) {
    std::vector<Status> found = values.add_json(sources.options_json, sources.options_origin);
    std::move(found.begin(), found.end(), std::back_inserter(errors));
  }

  settings.endpoint.url = resolve_url(values, sources.hook_url, errors);
  settings.endpoint.key = resolve_key(values, sources.key, errors);
  settings.endpoint.organisation = values.text("organisation");
  settings.thehive_version = values.text("thehive_version");
  settings.http.tls.ca_file = below(sources.home, values.text("ca_file"));
  settings.http.tls.ca_dir = below(sources.home, values.text("ca_dir"));
  settings.http.proxy = values.text("proxy");
  settings.http.user_agent = std::string("socbridge/") + kVersion;
  settings.spool_dir = below(sources.home, values.text("spool_dir"));
  settings.log_file = below(sources.home, values.text("log_file"));
  settings.budget_ms = values.integer("budget_ms");
  constexpr std::int64_t kMsPerSecond = 1000;
  if (sources.timeout_s > 0) {
    settings.budget_ms = std::min(settings.budget_ms, sources.timeout_s * kMsPerSecond);
  }
  if (settings.http.proxy.find('@') != std::string::npos) {
    errors.push_back(Status::error(
        ExitCode::usage, values.origin("proxy") + ": proxy may not hold a user or password"));
    settings.http.proxy.clear();
  }
  auto mapping = mapping::options_from(values);
  if (mapping.ok()) {
    settings.mapping = std::move(*mapping);
  } else {
    errors.push_back(mapping.status());
  }
  // An empty setting would put files into the working directory.
  if (settings.spool_dir.empty()) settings.spool_dir = below(sources.home, "queue/w2thive");
  if (settings.log_file.empty()) settings.log_file = below(sources.home, "logs/integrations.log");
  const Secret& known = settings.endpoint.key.empty() ? sources.key : settings.endpoint.key;
  loaded.rows = values.explain();
  loaded.options_without_secrets = options_for_spool(sources.options_json, values.schema(), known);
  return loaded;
}

}  // namespace socbridge::relay
