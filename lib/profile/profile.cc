// SPDX-License-Identifier: Apache-2.0
#include "profile/profile.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/durable_file.h"
#include "base/text.h"
#include "profile/config_file.h"
#include "profile/offers.h"
#include "profile/wazuh_offer.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::profile {
namespace {

// Whether the file is in a folder that this user may not enter, such as /etc/socctl, which only
// root and its group may: then it is not meant for this user.
bool is_closed(Env& env, const std::string& path) {
  const auto info = env.stat(path);
  return !info.ok() && info.status().sys_errno() == EACCES;
}

// A key file in the Wazuh home is in a folder of that home's user.
Trust trust_in_key_file(Env& env, std::string_view file, const std::string& home) {
  if (!file.starts_with(home + "/") || file.find("/..") != std::string_view::npos ||
      !wazuh::check_home(env, home).ok()) {
    return Trust::of_process();
  }
  Trust trust = wazuh::home_trust(env, home);
  trust.links = Trust::Links::of_root;
  return trust;
}

Offer offer_of_flags(Env& env, const Flags& flags, const SystemPaths& around) {
  Offer offer;
  offer.url = flags.url;
  offer.url_origin = "--url";
  if (!flags.key_file.empty()) offer.key = Secret("file:" + flags.key_file);
  offer.key_origin = "--key-file";
  offer.organisation = flags.organisation;
  offer.ca_file = flags.ca_file;
  offer.key_rules.trust = trust_in_key_file(env, flags.key_file, around.wazuh_home);
  return offer;
}

Offer offer_of_environment(Env& env, const std::string& prefix, const SystemPaths& around) {
  const auto value = [&](const char* suffix) {
    return std::string(around.variable(prefix + suffix));
  };
  Offer offer;
  offer.url = value("_URL");
  offer.url_origin = prefix + "_URL";
  offer.key = Secret(value("_KEY"));
  offer.key_origin = prefix + "_KEY";
  if (const auto file = value("_KEY_FILE"); offer.key.empty() && !file.empty()) {
    offer.key = Secret("file:" + file);
    offer.key_origin = prefix + "_KEY_FILE";
  }
  offer.user = value("_USER");
  offer.organisation = value("_ORGANISATION");
  offer.ca_file = value("_CA_FILE");
  offer.scheme = value("_SCHEME");
  offer.client_cert_file = value("_CLIENT_CERT_FILE");
  offer.client_key_file = value("_CLIENT_KEY_FILE");
  offer.pinned_key = value("_PINNED_KEY");
  offer.key_rules.trust = trust_in_key_file(env, value("_KEY_FILE"), around.wazuh_home);
  return offer;
}

Result<Offer> offer_of_file(Env& env, const std::string& path, std::string_view product) {
  auto values = read_config_file(env, path, product);
  if (!values.ok()) return values.status();
  Offer offer;
  offer.place = Place::file;
  offer.url = values->url;
  offer.key = std::move(values->key);
  offer.url_origin = offer.key_origin = path;
  offer.user = values->user;
  offer.organisation = values->organisation;
  offer.ca_file = values->ca_file;
  offer.scheme = values->scheme;
  offer.client_cert_file = values->client_cert_file;
  offer.pinned_key = values->pinned_key;
  offer.client_key_file = values->client_key_file;
  offer.key_rules = {folder_of(path), Trust::of_process()};
  return offer;
}

std::string user_config(const SystemPaths& around) {
  if (const auto xdg = around.variable("XDG_CONFIG_HOME"); !xdg.empty()) {
    return std::string(xdg) + "/socctl/config.json";
  }
  if (const auto home = around.variable("HOME"); !home.empty()) {
    return std::string(home) + "/.config/socctl/config.json";
  }
  return {};
}

// Their installations are often open to the network.
bool key_is_optional(std::string_view product) {
  return product == "prometheus" || product == "opensearch";
}

}  // namespace

SystemPaths SystemPaths::of_process() {
  SystemPaths out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equal = text.find('=');
    if (equal == std::string_view::npos) continue;
    const std::string_view name = text.substr(0, equal);
    // All names that may be misspelt (variables.h).
    if (istarts_with(name, "SOC") || name == "HOME" || name == "XDG_CONFIG_HOME" ||
        name == "XDG_STATE_HOME") {
      out.environment.emplace_back(name, text.substr(equal + 1));
    }
  }
  out.wazuh_home = wazuh::find_home();
  return out;
}

SystemPaths SystemPaths::of_integration() {
  SystemPaths out;
  out.system_config.clear();
  out.wazuh_home = wazuh::find_home();
  return out;
}

std::string_view SystemPaths::variable(std::string_view name) const {
  for (const auto& [key, value] : environment) {
    if (key == name) return value;
  }
  return {};
}

Result<std::vector<std::string>> config_files(Env& env, const Flags& flags,
                                              const SystemPaths& system) {
  std::vector<std::string> files;
  if (!flags.config_file.empty()) {
    if (const auto info = env.stat(flags.config_file); !info.ok()) {
      return Status::error(ExitCode::usage, info.status().message());
    }
    files.push_back(flags.config_file);
  } else {
    if (std::string own = user_config(system); !own.empty()) files.push_back(std::move(own));
    if (!system.system_config.empty() && !is_closed(env, system.system_config)) {
      files.push_back(system.system_config);
    }
  }
  return files;
}

Status not_configured(std::string_view product) { return missing(product, "URL"); }

Result<Endpoint> resolve(Env& env, std::string_view product, const Flags& flags,
                         const SystemPaths& system) {
  auto found = find(env, product, flags, system);
  if (!found.ok()) return found.status();
  if (!*found) return not_configured(product);
  return std::move(**found);
}

Result<std::optional<Endpoint>> find(Env& env, std::string_view product, const Flags& flags,
                                     const SystemPaths& system) {
  std::vector<Offer> offers = {offer_of_flags(env, flags, system),
                               offer_of_environment(env, "SOCCTL_" + ascii_upper(product), system)};
  const auto files = config_files(env, flags, system);
  if (!files.ok()) return files.status();
  for (const std::string& path : *files) {
    auto offer = offer_of_file(env, path, product);
    if (!offer.ok()) return offer.status();
    offers.push_back(std::move(*offer));
  }
  if (product == "thehive" && (!is_complete(offers) || !flags.ossec_conf.empty())) {
    auto offer = read_wazuh_offer(env, system.wazuh_home, flags.ossec_conf);
    if (!offer.ok()) return offer.status();
    offers.push_back(std::move(*offer));
  }
  return choose(product, key_is_optional(product) ? KeyNeed::optional : KeyNeed::required,
                std::move(offers));
}

void set_way(const Endpoint& endpoint, http::ClientOptions& options) {
  options.tls.ca_file = endpoint.ca_file;
  options.tls.ca_dir = endpoint.ca_dir;
  options.tls.client_cert_file = endpoint.client_cert_file;
  options.tls.client_key_file = endpoint.client_key_file;
  options.tls.pinned_key = endpoint.pinned_key;
  options.tls.insecure = endpoint.insecure;
  options.proxy = endpoint.proxy;
  options.proxy_login = endpoint.proxy_login;
}

}  // namespace socbridge::profile
