// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socbridge {

// RFC 4648, section 4, in one line, padded.
std::string base64(std::string_view bytes);

// Blanks and line breaks are skipped; empty if the text is not base64 or its padding is missing.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace socbridge
