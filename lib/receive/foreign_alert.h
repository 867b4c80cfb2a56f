// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "json/value.h"
#include "receive/body_format.h"

namespace socbridge::receive {

// JSON of another product as a Wazuh 4 alert: rule.level, rule.description and so on from the
// corresponding members, and the complete JSON below `data`. It depends on the JSON only, so the
// same event always has the same reference. Thread safe.
std::string as_alert(json::Value object, const BodyFormat& format);

// An event of Graylog's HTTP notification: it has `event_definition_id` and an object `event`.
// Source: docs/protocols/webhooks.md, "Graylog".
bool is_graylog(json::Value object);
std::string of_graylog(json::Value object);

// Any object: uses the first members with usual names for title, severity, time and id.
std::string of_any_object(json::Value object);

}  // namespace socbridge::receive
