// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "thehive/observables.h"

namespace socbridge::thehive {

struct FileAdded {
  ObservableInfo observable;
  bool present = false;  // the alert or case has a file with these bytes, which is not changed
};

// Adds the file at `like.data` as an observable of dataType `file`, by multipart
// (docs/protocols/thehive.md, "Add observables"). Its name is the last part of the path. After an
// ambiguous outcome the observables are read again instead of sending twice. Errors: usage if the
// file cannot be read, else those of the server.
Result<FileAdded> add_file(Env& env, Client& client, const Subject& subject, const Observable& like,
                           const Deadline& deadline);

// The observable of the subject with these bytes, or empty.
Result<std::optional<ObservableInfo>> find_file(Client& client, const Subject& subject,
                                                const std::string& sha256,
                                                const Deadline& deadline);

}  // namespace socbridge::thehive
