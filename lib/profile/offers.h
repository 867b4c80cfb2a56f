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
  call,   // flags and environment: given for this run
  file,   // a configuration file of socctl
  wazuh,  // ossec.conf and etc/w2thive.json, which group wazuh may write
};

// What one place says of one product. Empty values are not given.
struct Offer {
  Place place = Place::call;
  std::string url, url_origin;  // as written; the origin names file, variable or flag for people
  Secret key;                   // as written, may be `file:PATH`; of `wazuh` the key itself
  std::string key_origin;
  std::string user, organisation, ca_file, ca_dir, proxy;
  std::string pinned_key, insecure;  // insecure: "true" or empty
  Secret proxy_login;
  std::string scheme, client_cert_file, client_key_file;
  config::KeyFileRules key_rules;
};

// Makes one endpoint of the offers, given from the highest precedence down. The first URL is taken.
// A key goes to the URL that stands beside it in its own place and to no other: taken is the first
// key whose place names that same URL; or, of flags and environment, names none and the URL is
// given for this run too. Name, scheme, organisation, CA, client certificate and proxy come from
// the key's place; organisation, CA, client certificate and pinned key of flags and environment go
// before. The URL may be several, separated by commas: nodes of one cluster.
//
// Errors: usage. A key and a URL of different places, with both origins and the way to pair them on
// purpose; a key of higher precedence without a URL is such an error too, not passed over. No key,
// unless it is optional and no user is given. Empty: no URL.
enum class KeyNeed { required, optional };
Result<std::optional<Endpoint>> choose(std::string_view product, KeyNeed need,
                                       std::vector<Offer> offers);

// The URL of a product as it is configured, or several with commas between them if it may have
// these, each in its normal form. Usage errors do not show it: it may hold a password.
Result<std::vector<std::string>> read_urls(std::string_view product, const std::string& text);

// Whether offers of lower precedence can still matter.
bool is_complete(const std::vector<Offer>& offers);

// "no KEY for thehive is configured", with the ways to configure it. `what` is "URL" or "key".
Status missing(std::string_view product, std::string_view what);

}  // namespace socbridge::profile
