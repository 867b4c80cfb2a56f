// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "http/explain.h"

namespace socbridge::thehive {

// TheHive's error body (docs/protocols/thehive.md, "Errors"). Its own: a JSON object whose `type`
// is a name (`AuthenticationError`, a Java class), and whose `message` is a text or absent.
// Gateways and firewalls that answer JSON have no such type. `details`: names of the attributes
// that were refused. Everything is empty if the body is something else.
using http::ErrorBody;
ErrorBody read_error(const http::Response& response);

inline constexpr http::ProductErrors kErrors{"TheHive", read_error};

// TheHive says that there is no such route: `NotFound` (version 5), or in version 4 `NotFoundError`
// with the path as message, where for an entity it is "Alert not found".
bool is_unknown_route(const ErrorBody& error);

// TheHive's message up to the first value that may be an echo of the request, lower case.
std::string own_words(std::string_view message);

}  // namespace socbridge::thehive
