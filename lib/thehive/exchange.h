// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/secret.h"
#include "base/status.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::thehive {

// Performs the request and takes the key out of whatever error text came back.
http::Outcome exchange(http::Client& http, const http::Request& request, const Secret& key);

// The JSON of a 2xx answer, or the Status of everything else.
Result<json::Document> read_json(std::string_view what, const http::Outcome& outcome);

}  // namespace socbridge::thehive
