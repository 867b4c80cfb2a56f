#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::wazuh {

// Longest line of a JSON Lines file that is taken; integratord itself stops at 64 KiB, alerts.json
// does not.
inline constexpr std::size_t kMaxAlertLine = std::size_t{8} << 20;

// Calls `on_alert(raw, line)` for each alert of a file, in order; `line` counts from 1. The file
// (`-` is standard input) may hold one JSON alert over several lines, JSON Lines as alerts.json
// does, an array of alerts or an indexer's search answer (`hits.hits`), each also gzipped. JSON
// Lines are streamed: memory does not grow with the file. Lines that are empty are passed over; a
// line longer than kMaxAlertLine is skipped and reported in the Status at the end (bad_input).
// Errors: unreadable, damaged gzip.
Status for_each_alert(Env& env, const std::string& path,
                      const std::function<void(std::string_view raw, std::size_t line)>& on_alert);

}  // namespace socbridge::wazuh
