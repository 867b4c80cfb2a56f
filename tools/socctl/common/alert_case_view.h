// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "socctl/common/command_line.h"
#include "socctl/common/thehive_session.h"
#include "thehive/subject.h"

namespace socbridge::socctl {

// The alert or case to show.
struct AlertOrCase {
  Facts facts;
  std::string json;
  thehive::Subject subject;  // owner of the observables
};

struct ShowPlace {
  std::string name, from, profile, output;
};
struct ShowVerb {
  const char* noun;     // of the argument: "case"
  const char* type;     // "CASE"
  const char* names;    // help: how to name one
  const char* summary;  // help of the verb
  Result<AlertOrCase> (*find)(TheHive& hive, const std::string& name, const Deadline& deadline);
  // Shows an alert from the place in --from; null: not supported.
  ExitCode (*elsewhere)(Context& context, const ShowPlace& place) = nullptr;
};

// Adds `show`: facts, then the table of observables with the results of analyzers. Programs get one
// object with an `observables` member.
void add_show_verb(Command& parent, Chosen& chosen, const ShowVerb& verb);

}  // namespace socbridge::socctl
