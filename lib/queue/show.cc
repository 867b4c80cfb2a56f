// SPDX-License-Identifier: Apache-2.0
#include "queue/show.h"

#include <utility>

#include "base/text.h"
#include "delivery/reduced_payload.h"
#include "integration/settings_lookup.h"
#include "json/value.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "wazuh/alert.h"

namespace socbridge::queue {
namespace {

void add_mapped(EntryView& view, integration::SettingsLookup& accounts) {
  const auto alert = wazuh::Alert::parse(view.content.alert);
  if (!alert.ok()) {
    view.not_mapped = alert.status().line();
    return;
  }
  const auto settings = accounts.of(view.content);
  if (!settings.ok()) {
    view.not_mapped = settings.status().line();
    return;
  }
  const mapping::Mapped mapped = mapping::map(*alert, (*settings)->mapping, wall_now_ms());
  if (!mapped.forwarded) {
    view.not_mapped = "not forwarded: " + mapped.skip_reason;
    return;
  }
  const delivery::Parts parts =
      view.entry.reason ? delivery::parse_parts(view.entry.reason->left_out) : delivery::Parts();
  const auto version =
      (*settings)->thehive_version == "4" ? thehive::ApiVersion::v4 : thehive::ApiVersion::v5;
  view.mapped_body = thehive::create_body(delivery::without(mapped.alert, parts, {}), version);
}

}  // namespace

EntryView view_entry(QueueReader& reader, integration::SettingsLookup& accounts, QueueEntry entry) {
  EntryView view;
  view.entry = std::move(entry);
  auto content = reader.content(view.entry);
  if (!content.ok()) {
    view.damage = content.status().message();
    return view;
  }
  view.content = std::move(*content);
  add_mapped(view, accounts);
  return view;
}

std::string entry_view_json(const EntryView& view, UnixMillis now_ms) {
  std::string head = queue_entry_json(view.entry, now_ms);
  head.pop_back();  // more members follow
  json::Writer w;
  w.begin_object();
  if (!view.damage.empty()) {
    w.member("damage", view.damage);
  } else {
    w.member("integration", view.content.integration);
    w.member("hook_url", view.content.hook_url);
    const auto options = json::Document::parse(view.content.options);
    if (options.ok()) w.member("options", options->root());
    const auto raw = json::Document::parse(view.content.alert, json::ParseOptions::abridging());
    if (raw.ok()) {
      w.member("raw", raw->root());
    } else {
      w.member("raw", repair_utf8(view.content.alert));
    }
    if (!view.mapped_body.empty()) {
      w.key("mapped");
      w.raw(view.mapped_body);
    } else {
      w.member("not_mapped", view.not_mapped);
    }
  }
  w.end_object();
  return head + "," + std::move(w).take().substr(1);
}

}  // namespace socbridge::queue
