// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "json/value.h"

namespace socbridge::mapping {

struct RequestUrl {
  std::string url, host;
  std::string fields;  // where host and path were, for example `hostname+url`
  bool guessed_scheme = true;
};

// The URL of a request whose host and path are two members of this object (or whose host is in its
// `headers`). The scheme is http unless a member such as `service` or `dstport` says another.
// `names` are plain_name() of the members in their order, `own_name` that of the object.
std::optional<RequestUrl> request_url(json::Value object, std::span<const std::string> names,
                                      std::string_view own_name);

}  // namespace socbridge::mapping
