// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "http/client.h"

namespace socbridge::http {

// Texts for people about an answer that is not the product's own. page_text(): the <title> of a
// page, or the beginning of a text; empty for a page without a title.
std::string page_text(const std::string& body);
// Whether the status denies access: 401, 402, 403, 407.
bool is_access_refusal(int status);
// For such a status without the product's own form of an error: the key was not checked; a proxy or
// firewall refused the request. ExitCode::unreachable.
Status refused_before(const std::string& text, std::string_view product);
// For 3xx: the redirect's target without path, query and user information. One printable line.
std::string describe_redirect(const Response& response);

}  // namespace socbridge::http
