// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "http/client.h"

namespace socbridge::thehive {

// Performs the request and redacts the key in any error text.
http::Outcome exchange(http::Client& http, const http::Request& request, const Secret& key);

}  // namespace socbridge::thehive
