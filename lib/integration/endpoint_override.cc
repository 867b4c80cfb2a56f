// SPDX-License-Identifier: Apache-2.0
#include "integration/endpoint_override.h"

#include <utility>

#include "base/text.h"
#include "base/time.h"

namespace socbridge::integration {

void override_endpoint(Settings& settings, thehive::Endpoint endpoint,
                       ConnectionOptions connection) {
  settings.endpoint = std::move(endpoint);
  settings.http.tls.ca_file = std::move(connection.ca_file);
  settings.http.tls.ca_dir = std::move(connection.ca_dir);
  settings.http.tls.client_cert_file = std::move(connection.client_cert_file);
  settings.http.tls.client_key_file = std::move(connection.client_key_file);
  settings.http.tls.pinned_key = std::move(connection.pinned_key);
  settings.http.tls.insecure = connection.insecure;
  settings.http.proxy = std::move(connection.proxy);
  settings.http.proxy_login = std::move(connection.proxy_login);
}

Status pin_version(Settings& settings, http::Client& http, std::string& remark) {
  thehive::Client client(http, settings.endpoint);
  const auto info = client.probe_version(Deadline::after_ms(settings.budget_ms));
  const bool configured = settings.thehive_version != "auto";
  if (!info.ok()) return configured ? Status() : info.status();
  const std::string seen = info->api == thehive::ApiVersion::v4 ? "4" : "5";
  if (configured && settings.thehive_version != seen) {
    remark = other_version(settings, *info);
  }
  settings.thehive_version = seen;
  return {};
}

std::string other_version(const Settings& settings, const thehive::Client::VersionInfo& seen) {
  return "thehive_version is " + settings.thehive_version + ", but " +
         printable(settings.endpoint.url) + " is TheHive " + printable(seen.version, 40) +
         ": the API of version " + (seen.api == thehive::ApiVersion::v4 ? "4" : "5") +
         " is used; correct thehive_version";
}

}  // namespace socbridge::integration
