// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace socbridge::mapping {

struct RequestUrl {
  std::string url, host;
  std::string fields;  // the members of host and path, for example `hostname+url`
  bool guessed_scheme = true;
};

// The URL of a request whose host and path are two members of this object (or whose host is in its
// `headers`). The scheme is http unless a member such as `service` or `dstport` implies another.
// `own_name` is the PlainName of the object.
std::optional<RequestUrl> request_url(json::Value object, std::string_view own_name);

}  // namespace socbridge::mapping
