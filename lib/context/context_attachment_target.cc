// SPDX-License-Identifier: Apache-2.0
// Alerts and cases as targets of enrichment.
#include <algorithm>

#include "base/text.h"
#include "context/context_attachment.h"
#include "http/client.h"
#include "thehive/cases.h"

namespace socbridge::context {

Result<Target> read_case_target(thehive::Client& client, std::string_view name,
                                const Deadline& deadline) {
  auto found = thehive::get_case(client, name, deadline);
  if (!found.ok()) return found.status();
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  Target out;
  out.subject = thehive::Subject::of_case(found->id);
  out.name = "case #" + std::to_string(found->number) + " " + printable(found->title, 100);
  out.link = http::join_url(client.endpoint().url, "/cases/" + found->id + "/details");
  out.key = "TheHive case " + found->id;
  out.limits = {marking::tlp_level(found->tlp, version->at_least(5, 2)), found->pap};
  out.date_ms = found->start_ms != 0 ? found->start_ms : found->created_ms;
  auto observables = thehive::list_observables(client, out.subject, deadline);
  if (!observables.ok()) return observables.status();
  out.observables = std::move(*observables);
  return out;
}

Result<Target> read_alert_target(thehive::Client& client, std::string_view name,
                                 const Deadline& deadline) {
  auto found = thehive::get_alert(client, name, deadline);
  if (!found.ok()) return found.status();
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  Target out;
  out.subject = thehive::Subject::alert(found->id);
  out.name = "alert " + printable(found->source_ref, 60) + " " + printable(found->title, 100);
  out.link = http::join_url(client.endpoint().url, "/alerts/" + found->id + "/details");
  out.key = "TheHive alert " + found->id;
  out.limits = {marking::tlp_level(found->tlp, version->at_least(5, 2)), found->pap};
  out.date_ms = found->date_ms != 0 ? found->date_ms : found->created_ms;
  auto observables = thehive::list_observables(client, out.subject, deadline);
  if (!observables.ok()) return observables.status();
  out.observables = std::move(*observables);
  return out;
}

opencti::Value value_of(const thehive::ObservableInfo& observable) {
  if (observable.data.empty() && !observable.sha256.empty()) {
    return opencti::value_of("hash", observable.sha256);
  }
  return opencti::value_of(observable.data_type, observable.data);
}

std::vector<opencti::Value> values_of(const Target& target) {
  std::vector<opencti::Value> out;
  for (const thehive::ObservableInfo& one : target.observables) {
    opencti::Value value = value_of(one);
    const bool twice = std::any_of(out.begin(), out.end(), [&](const opencti::Value& other) {
      return other.type == value.type && other.text == value.text;
    });
    if (!value.text.empty() && !twice) out.push_back(std::move(value));
  }
  return out;
}

}  // namespace socbridge::context
