// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "delivery/alert_delivery.h"
#include "delivery/entry_delivery.h"
#include "delivery/in_flight_guard.h"
#include "integration/settings.h"
#include "spool/spool.h"
#include "thehive/client.h"
#include "wazuh/alert.h"

namespace socbridge::delivery {

// Maps raw alert bytes and sends them, once more with parts left out if they are refused. For
// callers without a spool entry; those who have one use a Shipment. If settings.spool_dir is a
// spool whose `in-flight` is readable, no other process sends the same alert meanwhile
// (Reservation); it is touched in no other way but for the remembered server version
// (`remember_dir`, may be empty: then the version is asked each time if `auto`).
Attempt attempt(Env& env, std::string_view raw_alert, const integration::Settings& settings,
                http::Client& http, const std::string& remember_dir, const Deadline& deadline);

// The same for an alert that is already parsed.
Attempt attempt(Env& env, const wazuh::Alert& alert, const integration::Settings& settings,
                http::Client& http, const std::string& remember_dir, const Deadline& deadline);

// Performs the shipment's requests one after the other within the deadline, and settles its entry.
Report deliver(EntryDelivery& shipment, http::Client& http, const Deadline& deadline);

// Performs the job's requests one after the other within the deadline, through the reservation if
// there is one; past it the job is given up for `no_time`.
void carry_out(Job& job, std::optional<InFlightGuard>& reservation, http::Client& http,
               const Deadline& deadline, const char* no_time);

// True if the alert is in TheHive now: created or already there.
bool arrived(const Attempt& attempt);

}  // namespace socbridge::delivery
