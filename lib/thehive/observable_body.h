// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json/writer.h"
#include "thehive/alert.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// Path for new observables of an alert or case: version 4 has another path for alerts
// (docs/protocols/thehive.md, "TheHive 4 requests").
std::string observables_path(const Subject& subject, ApiVersion version);

// Writes the members that all observables of one request share: all but dataType, data, attachment.
void write_shared(json::Writer& w, const Observable& like, ApiVersion version);

// The same cleaning as for the observables of an alert: see clean().
std::vector<Observable> cleaned(const std::vector<Observable>& observables, ApiVersion version);

}  // namespace socbridge::thehive
