// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/client.h"
#include "json/value.h"
#include "thehive/alert.h"
#include "thehive/client.h"

// Requests that put an alert into a case (docs/protocols/thehive.md, "Updates"). None of them is
// idempotent in every version: read the alert before, and after an end that leaves things open.
namespace socbridge::thehive {

// A case of the alert `~123`, from the case template if one is named: 201 with the case.
http::Request promote_request(const Endpoint& endpoint, const std::string& alert_id,
                              std::string_view case_template, std::int64_t timeout_ms);

// The alert into the case `~456`: 200 with the case. Version 4 has it in its old API only.
std::string merge_path(std::string_view alert_id, std::string_view case_id, ApiVersion version);
http::Request merge_request(const Endpoint& endpoint, const std::string& alert_id,
                            const std::string& case_id, ApiVersion version,
                            std::int64_t timeout_ms);

// Of the open cases that alerts with this tag are in, the newest: 200 with an array of at most one.
// It may miss what the server did within the last seconds, since TheHive searches an index.
http::Request open_case_request(const Endpoint& endpoint, std::string_view tag, ApiVersion version,
                                std::int64_t timeout_ms);

// The case `~456`: 200 with the case (read_found).
http::Request case_request(const Endpoint& endpoint, std::string_view case_id,
                           std::int64_t timeout_ms);

// A case as the server shows it takes no new work.
bool is_closed(const json::Value& found_case);

// An alert as the server shows it: it is in a case, or a person closed or ignored it.
bool is_decided(const json::Value& alert);

// What the user of `user/current` lacks to put alerts into cases; empty: nothing.
std::string lacking_to_promote(const json::Value& user, ApiVersion version);

}  // namespace socbridge::thehive
