#pragma once

#include <string>

#include "http/client.h"

namespace socbridge::http {

// Text for people about an answer that is not the product's own.
// The <title> of a page, or the beginning of a text; empty for a page without title.
std::string page_text(const std::string& body);
// For 3xx: where it points to, without path, query and user information. One printable line.
std::string describe_redirect(const Response& response);

}  // namespace socbridge::http
