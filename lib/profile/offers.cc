// SPDX-License-Identifier: Apache-2.0
#include "profile/offers.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "http/client.h"

namespace socbridge::profile {
namespace {

// One URL or several, each normalised.
Result<std::vector<std::string>> urls_of(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view one : split(text, ',')) {
    auto url = http::normalise_base_url(trim(one));
    if (!url.ok()) return url.status();
    out.push_back(std::move(*url));
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> read_urls(std::string_view product, const std::string& text) {
  auto urls = urls_of(text);
  if (urls.ok() && urls->size() > 1 && product != "opensearch") {
    return Status::error(ExitCode::usage, std::string(product) + " has one URL",
                         "only opensearch may have several, separated by commas");
  }
  return urls;
}

namespace {

// Spellings of the same URL are equal; an invalid URL equals only itself.
std::vector<std::string> comparable(const std::string& url) {
  auto normal = urls_of(url);
  return normal.ok() ? *normal : std::vector<std::string>{url};
}

// Whether the source of this key also has the chosen URL.
bool is_for(const Offer& offer, const Offer& chosen) {
  if (offer.url.empty()) return offer.place == Place::call && chosen.place == Place::call;
  return comparable(offer.url) == comparable(chosen.url);
}

Status different(const Offer& key, const Offer& url) {
  return Status::error(ExitCode::usage,
                       "the key of " + key.key_origin + " does not belong to the URL of " +
                           url.url_origin + ": a key is sent only to the URL given with it",
                       "put URL and key into one file, or give both --url and --key-file");
}

// The offer whose key is for this URL; null if there is no key at all.
Result<const Offer*> find_key(const std::vector<Offer>& offers, const Offer& chosen) {
  const Offer* other = nullptr;
  for (const Offer& offer : offers) {
    if (offer.key.empty()) continue;
    if (is_for(offer, chosen)) return &offer;
    if (other == nullptr) other = &offer;
    if (offer.url.empty()) break;
  }
  if (other != nullptr) return different(*other, chosen);
  return static_cast<const Offer*>(nullptr);
}

void take_rest(Endpoint& out, const std::vector<Offer>& offers, const Offer& from) {
  out.user = from.user;
  out.proxy = from.proxy;
  out.proxy_login = from.proxy_login;
  out.insecure = from.insecure == "true";
  const auto first = [&](std::string Offer::*member) {
    for (const Offer& offer : offers) {
      if (offer.place == Place::call && !(offer.*member).empty()) return offer.*member;
    }
    return from.*member;
  };
  out.organisation = first(&Offer::organisation);
  out.ca_file = first(&Offer::ca_file);
  if (out.ca_file == from.ca_file) out.ca_dir = from.ca_dir;
  if (out.user.empty()) out.user = first(&Offer::user);
  out.scheme = from.scheme.empty() ? first(&Offer::scheme) : from.scheme;
  out.client_cert_file = first(&Offer::client_cert_file);
  out.client_key_file = first(&Offer::client_key_file);
  out.pinned_key = first(&Offer::pinned_key);
}

}  // namespace

Status missing(std::string_view product, std::string_view what) {
  const bool url = what == "URL";
  std::string prefix = "SOCCTL_";
  for (const char c : product) prefix += (c >= 'a' && c <= 'z') ? static_cast<char>(c - 32) : c;
  return Status::error(
      ExitCode::usage,
      "no " + std::string(what) + " for " + std::string(product) + " is configured",
      std::string("give ") + (url ? "--url" : "--key-file") + ", set " + prefix +
          (url ? "_URL" : "_KEY_FILE") + " or write it into ~/.config/socctl/config.json");
}

bool is_complete(const std::vector<Offer>& offers) {
  const auto has_url = [](const Offer& offer) { return !offer.url.empty(); };
  const auto chosen = std::find_if(offers.begin(), offers.end(), has_url);
  if (chosen == offers.end()) return false;
  const auto key = find_key(offers, *chosen);
  return key.ok() && *key != nullptr;
}

Result<std::optional<Endpoint>> choose(std::string_view product, KeyNeed need,
                                       std::vector<Offer> offers) {
  const auto chosen = std::find_if(offers.begin(), offers.end(),
                                   [](const Offer& offer) { return !offer.url.empty(); });
  if (chosen == offers.end()) return std::optional<Endpoint>();
  auto urls = read_urls(product, chosen->url);
  if (!urls.ok()) {
    return Status::error(ExitCode::usage, chosen->url_origin + ": " + urls.status().message(),
                         urls.status().hint());
  }
  const auto key = find_key(offers, *chosen);
  if (!key.ok()) return key.status();
  const Offer& from = *key != nullptr ? **key : *chosen;
  Endpoint out;
  out.url = urls->front();
  out.more_urls.assign(urls->begin() + 1, urls->end());
  out.url_origin = chosen->url_origin;
  out.from_wazuh = from.place == Place::wazuh;
  take_rest(out, offers, from);
  if (*key == nullptr) {
    if (need == KeyNeed::required || !out.user.empty()) return missing(product, "key");
    return std::optional<Endpoint>(std::move(out));
  }
  out.key_origin = from.key_origin;
  if (from.place == Place::wazuh) {  // it was read, as the home's user
    out.key = from.key;
    return std::optional<Endpoint>(std::move(out));
  }
  auto read = config::read_key(from.key, from.key_rules);
  if (!read.ok()) return read.status();
  out.key = std::move(*read);
  return std::optional<Endpoint>(std::move(out));
}

}  // namespace socbridge::profile
