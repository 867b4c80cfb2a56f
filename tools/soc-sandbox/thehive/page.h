// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "soc-sandbox/thehive/store/tables.h"

namespace socbridge::sandbox {

// Text escaped for HTML, including attributes. Control characters except line breaks become U+FFFD.
std::string html_escape(std::string_view text);

// Complete HTML documents, without scripts. The received alerts, newest first, kPageSize of them
// from number `from` (0 is the newest) on.
std::string list_page(const Tables& tables, std::size_t from);
std::string alert_page(const Tables& tables, const Alert& alert);
std::string missing_page();

inline constexpr std::size_t kPageSize = 100;

}  // namespace socbridge::sandbox
