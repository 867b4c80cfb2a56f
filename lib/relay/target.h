#pragma once

#include <string>

#include "http/client.h"
#include "relay/settings.h"
#include "thehive/client.h"

namespace socbridge::relay {

// Points settings at another TheHive than the one they were loaded with.
void aim(Settings& settings, thehive::Endpoint endpoint, const std::string& ca_file);

// Replaces `auto` by the version the server says, so that a run over many alerts asks once.
Status fix_version(Settings& settings, http::Client& http);

}  // namespace socbridge::relay
