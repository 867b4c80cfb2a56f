// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json/writer.h"
#include "thehive/alert.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// Where observables of an alert or case are posted: version 4 has another path for alerts
// (docs/protocols/thehive.md, "TheHive 4 requests").
std::string observables_path(const Subject& subject, ApiVersion version);

// The members that all observables of one request share: all but dataType, data and attachment.
void write_shared(json::Writer& w, const Observable& like, ApiVersion version);

// As those of any alert: see clean().
std::vector<Observable> cleaned(const std::vector<Observable>& observables, ApiVersion version);

}  // namespace socbridge::thehive
