// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/secret.h"
#include "base/status.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::thehive {

// Performs the request and redacts the key in any error text.
http::Outcome exchange(http::Client& http, const http::Request& request, const Secret& key);

// The JSON of a 2xx answer, else the Status of the failure.
Result<json::Document> read_json(std::string_view what, const http::Outcome& outcome);

}  // namespace socbridge::thehive
