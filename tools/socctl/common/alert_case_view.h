// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "socctl/common/command_line.h"
#include "socctl/common/thehive_session.h"
#include "thehive/subject.h"

namespace socbridge::socctl {

// What a verb that shows one alert or case found.
struct AlertOrCase {
  Facts facts;
  std::string json;
  thehive::Subject subject;  // whose observables these are
};

struct ShowPlace {
  std::string name, from, profile, output;
};
struct ShowVerb {
  const char* noun;     // of the argument: "case"
  const char* type;     // "CASE"
  const char* names;    // help: how one is named
  const char* summary;  // help of the verb
  Result<AlertOrCase> (*find)(TheHive& hive, const std::string& name, const Deadline& deadline);
  // Shows one that --from names another place of; null: there is none.
  ExitCode (*elsewhere)(Context& context, const ShowPlace& place) = nullptr;
};

// Adds `show`: facts, then the table of observables with what analyzers found; programs get one
// object with an `observables` member.
void add_show_verb(Command& parent, Chosen& chosen, const ShowVerb& verb);

}  // namespace socbridge::socctl
