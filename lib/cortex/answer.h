// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "http/explain.h"

namespace socbridge::cortex {

// Cortex's error body (docs/protocols/cortex.md, "Roles and errors"). Its own: a JSON object with a
// text `type`. Everything is empty if the body is something else.
using http::ErrorBody;
ErrorBody read_error(const http::Response& response);

// What to do about an error of Cortex's own, where it is not the usual.
std::string_view cure(int status, const ErrorBody& error);

inline constexpr http::ProductErrors kErrors{"Cortex", read_error, cure};

// The unit of the limit in a 429 ("Day"), or empty if it is not given.
std::string limit_unit(const ErrorBody& error);

}  // namespace socbridge::cortex
