#include "relay/target.h"

#include <utility>

#include "base/time.h"

namespace socbridge::relay {

void aim(Settings& settings, thehive::Endpoint endpoint, const std::string& ca_file) {
  settings.endpoint = std::move(endpoint);
  if (!ca_file.empty()) settings.http.tls.ca_file = ca_file;
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
