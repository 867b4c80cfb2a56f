// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge {

// Lower-case hex SHA-256 of the bytes, 64 digits (nettle).
std::string sha256_hex(std::string_view bytes);

}  // namespace socbridge
