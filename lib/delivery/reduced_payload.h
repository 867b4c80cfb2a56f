// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thehive/alert.h"
#include "thehive/client.h"

namespace socbridge::delivery {

// Parts of an alert that are omitted because TheHive refused the alert with them
// (docs/protocols/thehive.md, "Delivery outcomes"). Stored with the entry as words separated by
// commas, in this spelling:
//   type=NAME       observables of this data type go as `other`
//   types           those of all data types that are not built into TheHive go as `other`
//   field=NAME      this custom field is omitted
//   observables, procedures, custom_fields, case_template, external_link   are omitted
//   long_text       description and body are cut to the limit of a small server (64 KiB)
using Parts = std::vector<std::string>;

Parts parse_parts(std::string_view words);
std::string join_parts(const Parts& parts);

// What to omit from the next attempt of an alert that was refused as `sent` (without `already`):
// first what the server's words name, else at once everything that could be the reason. Empty: all
// of it was already omitted.
std::optional<Parts> leave_out(const thehive::Alert& sent, const thehive::Delivery& refusal,
                               const Parts& already);

// The alert without the parts. The description lists what is missing, with the server's words if
// there are any. Type, source and reference never change.
thehive::Alert without(thehive::Alert alert, const Parts& parts, std::string_view servers_words);

// "procedures and custom fields left out": for people.
std::string describe_parts(const Parts& parts);

// Largest body, in bytes, of an attempt with `long_text`.
inline constexpr std::size_t kSmallBody = 64 * 1024;

}  // namespace socbridge::delivery
