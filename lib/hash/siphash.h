// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace socbridge {

// SipHash-2-4 (Aumasson and Bernstein), for tables whose keys an attacker may choose. The key is
// (k0, k1).
std::uint64_t siphash(std::uint64_t k0, std::uint64_t k1, std::string_view bytes);

}  // namespace socbridge
