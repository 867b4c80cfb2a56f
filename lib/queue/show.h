// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "integration/settings_lookup.h"
#include "queue/entries.h"
#include "spool/spool.h"

namespace socbridge::queue {

// Everything about one entry.
struct EntryView {
  QueueEntry entry;
  std::string damage;  // why the content cannot be read; the rest is then empty
  spool::Entry content;
  std::string mapped_body;  // the current body of the create request, JSON; empty: see not_mapped
  std::string not_mapped;   // filtered, not an alert, or the configuration is wrong
};

EntryView view_entry(QueueReader& reader, integration::SettingsLookup& accounts, QueueEntry entry);

// As one JSON object: queue_entry_json() and `integration`, `hook_url`, `options`, `damage`, `raw`
// (the alert as JSON, or as text if it is not JSON), `mapped`, `not_mapped`.
std::string entry_view_json(const EntryView& view, UnixMillis now_ms);

}  // namespace socbridge::queue
