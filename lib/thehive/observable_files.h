// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "thehive/observables.h"

namespace socbridge::thehive {

struct FileAdded {
  ObservableInfo observable;
  bool present = false;  // the alert or case has a file with these bytes: it is left as it is
};

// Adds the file at `like.data` as an observable of dataType `file`, by multipart
// (docs/protocols/thehive.md, "Add observables"); its name is the last part of the path. After an
// end that leaves open whether the server acted it looks again instead of sending twice. Errors:
// the file cannot be read (usage), else those of the server.
Result<FileAdded> add_file(Env& env, Client& client, const Subject& subject, const Observable& like,
                           const Deadline& deadline);

// The observable of the subject that has these bytes, if one has.
Result<std::optional<ObservableInfo>> find_file(Client& client, const Subject& subject,
                                                const std::string& sha256,
                                                const Deadline& deadline);

}  // namespace socbridge::thehive
