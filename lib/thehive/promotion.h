// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/client.h"
#include "json/value.h"
#include "thehive/alert.h"
#include "thehive/client.h"

// Requests that add an alert to a case (docs/protocols/thehive.md, "Updates"). None is idempotent
// in all versions: read the alert before, and again after an ambiguous outcome.
namespace socbridge::thehive {

// Makes a case of the alert `~123`, from the case template if one is named: 201 with the case.
http::Request promote_request(const Endpoint& endpoint, const std::string& alert_id,
                              std::string_view case_template, std::int64_t timeout_ms);

// Adds the alert to the case `~456`: 200 with the case. Version 4 has this only in its old API.
std::string merge_path(std::string_view alert_id, std::string_view case_id, ApiVersion version);
http::Request merge_request(const Endpoint& endpoint, const std::string& alert_id,
                            const std::string& case_id, ApiVersion version,
                            std::int64_t timeout_ms);

// The newest open case that has an alert with this tag: 200 with an array of at most one. TheHive
// searches an index, so changes of the last seconds may be missing.
http::Request open_case_request(const Endpoint& endpoint, std::string_view tag, ApiVersion version,
                                std::int64_t timeout_ms);

// The case `~456`: 200 with the case (read_found).
http::Request case_request(const Endpoint& endpoint, std::string_view case_id,
                           std::int64_t timeout_ms);

// Whether a case of the server's answer is closed.
bool is_closed(const json::Value& found_case);

// Whether an alert of the server's answer belongs to a case, or a person closed or ignored it.
bool is_decided(const json::Value& alert);

// The permissions that the user of `user/current` lacks to add alerts to cases; empty: none.
std::string lacking_to_promote(const json::Value& user, ApiVersion version);

}  // namespace socbridge::thehive
