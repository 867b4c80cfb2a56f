#include "relay/target.h"

#include <utility>

#include "base/time.h"

namespace socbridge::relay {

void aim(Settings& settings, thehive::Endpoint endpoint, Way way) {
  settings.endpoint = std::move(endpoint);
  settings.http.tls.ca_file = std::move(way.ca_file);
  settings.http.tls.ca_dir = std::move(way.ca_dir);
  settings.http.proxy = std::move(way.proxy);
}

Status fix_version(Settings& settings, http::Client& http) {
  if (settings.thehive_version != "auto") return {};
  thehive::Client client(http, settings.endpoint);
  const auto info = client.probe_version(Deadline::after_ms(settings.budget_ms));
  if (!info.ok()) return info.status();
  settings.thehive_version = info->api == thehive::ApiVersion::v4 ? "4" : "5";
  return {};
}

}  // namespace socbridge::relay
