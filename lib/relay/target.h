#pragma once

#include <string>

#include "http/client.h"
#include "relay/settings.h"
#include "thehive/client.h"

namespace socbridge::relay {

// How to get to a server.
struct Way {
  std::string ca_file, ca_dir, proxy;  // empty: the system's CAs, no proxy
};

// Points settings at another TheHive than the one they were loaded with. Nothing of the old way
// stays: a proxy or CA of one configuration must not see the key of another.
void aim(Settings& settings, thehive::Endpoint endpoint, Way way);

// Replaces `auto` by the version the server says, so that a run over many alerts asks once.
Status fix_version(Settings& settings, http::Client& http);

}  // namespace socbridge::relay
