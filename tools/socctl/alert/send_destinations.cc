// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/send_destinations.h"

#include <utility>

#include "base/text.h"
#include "integration/destination_settings.h"
#include "integration/endpoint_override.h"
#include "mapping/mapping.h"
#include "queue/key_check.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/send_policy.h"

namespace socbridge::socctl {

Status check_destination(const std::string& name, const integration::Loaded& loaded) {
  if (name.empty() || name == mapping::kTopLevel) return {};
  for (const integration::DestinationRow& row : loaded.destinations) {
    if (row.name == name) return {};
  }
  return Status::error(ExitCode::usage, "there is no destination \"" + printable(name, 60) + "\"",
                       "socctl config check lists them");
}

SendDestination& SendDestinations::get(const std::string& name) {
  std::unique_ptr<SendDestination>& found = all_[name];
  if (!found) {
    found = std::make_unique<SendDestination>();
    make(name, *found);
  }
  return *found;
}

void SendDestinations::make(const std::string& name, SendDestination& out) {
  if (name.empty()) {
    if (!top_.ok()) {
      out.error = top_.status();
      return;
    }
    out.settings = loaded_.settings;
    apply_endpoint(*top_, out.settings);
  } else {
    integration::DestinationSettings named = integration::settings_for(loaded_, name);
    out.settings = std::move(named.settings);
    if (!named.errors.empty()) {
      out.error = named.errors.front();
      return;
    }
  }
  out.client = std::make_unique<http::Client>(out.settings.http);
  std::string remark;
  out.error = integration::pin_version(out.settings, *out.client, remark);
  if (!out.error.ok()) return;
  if (!remark.empty()) warn(remark);
  static_cast<void>(queue::check_key(env_, out.settings.spool_dir, out.settings, *out.client,
                                     Deadline::after_ms(out.settings.budget_ms)));
  out.sender.emplace(env_, *out.client, out.settings, send_policy(out.settings));
}

}  // namespace socbridge::socctl
