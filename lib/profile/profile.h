// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "http/client.h"

namespace socbridge::profile {

// The address of one product and how to connect to it.
struct Endpoint {
  std::string url;
  std::vector<std::string> more_urls;  // further nodes of the same cluster (OpenSearch)
  std::string user;    // for products with passwords (OpenSearch, Wazuh's API); or empty
  Secret key;          // API key, token, or the password of `user`; empty only if optional
  std::string scheme;  // used before a key that is not a bearer token: "ApiKey" (OpenSearch)
  std::string organisation;
  std::string ca_file, ca_dir, proxy;             // empty: the system's CAs, no proxy
  std::string client_cert_file, client_key_file;  // PEM; empty: no client certificate
  std::string pinned_key;  // allowed public keys of the server (http/client.h); empty: any
  bool insecure = false;   // its certificate is not checked
  Secret proxy_login;      // for the proxy; or empty
  std::string url_origin;  // the origin of each value, for people
  std::string key_origin;
  bool from_wazuh = false;  // the key comes from Wazuh's configuration, which group wazuh may write
};

// Sets CA, client certificate and proxy of an endpoint in the client's options.
void set_way(const Endpoint& endpoint, http::ClientOptions& options);

// Flags of one call; empty means absent.
struct Flags {
  std::string url;
  std::string key_file;  // never the key itself: it would be visible in ps
  std::string organisation;
  std::string ca_file;
  std::string config_file;  // instead of the two default files
  std::string ossec_conf;   // default: HOME/etc/ossec.conf
};

// All inputs from the system, so that tests can replace them.
struct SystemPaths {
  std::vector<std::pair<std::string, std::string>> environment;  // SOC*, HOME, XDG_*_HOME
  std::string system_config = "/etc/socctl/config.json";
  std::string wazuh_home = "/var/ossec";
  static SystemPaths of_process();
  // Only the Wazuh home, without environment and files of socctl: the inputs of custom-w2thive.
  static SystemPaths of_integration();
  std::string_view variable(std::string_view name) const;
};

// Finds a product's endpoint. `product` is the lower-case name in the configuration file
// (`thehive`, `cortex`, `opencti`); its variables are SOCCTL_<PRODUCT>_URL, _USER, _KEY, _KEY_FILE,
// _SCHEME, _ORGANISATION, _CA_FILE, _CLIENT_CERT_FILE, _CLIENT_KEY_FILE, _PINNED_KEY. Precedence:
// flags, environment, ~/.config/socctl/config.json, /etc/socctl/config.json, and for thehive the
// settings of custom-w2thive in etc/w2thive.json and ossec.conf (wazuh_offer.h). A key is sent only
// to the URL that is given with it (offers.h). Relative key files are below the folder of the
// configuration file that names them; those of flags and environment below the working directory.
// Errors (usage): nothing found, with the ways to configure it; a broken file, with
// file:line:column. As root it may start a child process: call it before threads are started, and
// before enter_home(), after which root's own files cannot be read.
Result<Endpoint> resolve(Env& env, std::string_view product, const Flags& flags,
                         const SystemPaths& system);

// The same for callers that accept "no URL anywhere": then the optional is empty. A URL without a
// key is an error unless the product allows it (Prometheus, OpenSearch without its security
// plugin).
Result<std::optional<Endpoint>> find(Env& env, std::string_view product, const Flags& flags,
                                     const SystemPaths& system);

// The usage error of resolve() for a product without a URL, with the ways to configure it.
Status not_configured(std::string_view product);

}  // namespace socbridge::profile
