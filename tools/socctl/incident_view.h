#pragma once

#include <string>
#include <vector>

#include "thehive_session.h"

namespace socbridge::socctl {

// One alert or case with its observables, as `alert show` and `case show` print it: facts, then the
// table of observables with what analyzers found; programs get one object with an `observables`
// member.
void print_incident(const Facts& facts, const std::string& json,
                    const std::vector<thehive::ObservableInfo>& observables, bool five_levels,
                    term::Format format, Context& context);

}  // namespace socbridge::socctl
