// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "config/key_file.h"
#include "profile/profile.h"

namespace socbridge::profile {

enum class Place {
  call,   // flags and environment of this run
  file,   // a configuration file of socctl
  wazuh,  // ossec.conf and etc/w2thive.json, which group wazuh may write
};

// The values of one source for one product. Empty values are absent.
struct Offer {
  Place place = Place::call;
  std::string url, url_origin;  // unresolved; the origin names file, variable or flag for people
  Secret key;                   // unresolved, may be `file:PATH`; of `wazuh` the key itself
  std::string key_origin;
  std::string user, organisation, ca_file, ca_dir, proxy;
  std::string pinned_key, insecure;  // insecure: "true" or empty
  Secret proxy_login;
  std::string scheme, client_cert_file, client_key_file;
  config::KeyFileRules key_rules;
};

// Combines the offers, given in order of precedence, to one endpoint. The first URL is used. A key
// is sent only to the URL of its own source: the first key whose source has the chosen URL is used;
// or a key of flags and environment without a URL, if the URL is also given for this run. Name,
// scheme, organisation, CA, client certificate and proxy come from the key's source; organisation,
// CA, client certificate and pinned key of flags and environment take precedence. The URL may be a
// comma-separated list: the nodes of one cluster.
//
// Errors (usage): key and URL have different sources; the message has both origins and how to
// combine them. This includes a key of higher precedence without a URL. No key, unless it is
// optional and no user is given. Empty: no URL.
enum class KeyNeed { required, optional };
Result<std::optional<Endpoint>> choose(std::string_view product, KeyNeed need,
                                       std::vector<Offer> offers);

// The configured URL of a product, or a comma-separated list where the product allows it, each
// normalised. Errors (usage) do not show it, because it may contain a password.
Result<std::vector<std::string>> read_urls(std::string_view product, const std::string& text);

// Whether offers of lower precedence no longer matter.
bool is_complete(const std::vector<Offer>& offers);

// "no KEY for thehive is configured", with the ways to configure it. `what` is "URL" or "key".
Status missing(std::string_view product, std::string_view what);

}  // namespace socbridge::profile
