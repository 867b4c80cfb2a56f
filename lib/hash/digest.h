// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge {

// SHA-256 of the bytes, as 64 lower-case hex digits (nettle).
std::string sha256_hex(std::string_view bytes);

}  // namespace socbridge
