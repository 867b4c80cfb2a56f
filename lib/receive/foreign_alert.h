// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "json/value.h"
#include "receive/body_format.h"

namespace socbridge::receive {

// JSON of other products as a Wazuh 4 alert: rule.level, rule.description and so on from the
// members that say so, and all of it below `data`. It depends on the JSON alone, so the same event
// has the same reference each time it is posted. Thread safe.
std::string as_alert(json::Value object, const BodyFormat& format);

// An event of Graylog's HTTP notification: it has `event_definition_id` and an object `event`.
// Source: docs/protocols/webhooks.md, "Graylog".
bool is_graylog(json::Value object);
std::string of_graylog(json::Value object);

// Any object: the first member that is named as a title, a severity, a time and an id usually are.
std::string of_any_object(json::Value object);

}  // namespace socbridge::receive
