// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "http/client.h"

namespace socbridge::thehive {

// Performs the request and takes the key out of whatever error text came back.
http::Outcome exchange(http::Client& http, const http::Request& request, const Secret& key);

}  // namespace socbridge::thehive
