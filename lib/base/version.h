// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge {

// The only definition of the version; CMake reads it from this line.
inline constexpr const char* kVersion = "0.1.0";

// How this executable was built, for bug reports.
#if defined(__clang__)
inline constexpr const char* kBuildInfo = "C++20, clang " __clang_version__;
#else
inline constexpr const char* kBuildInfo = "C++20, g++ " __VERSION__;
#endif

}  // namespace socbridge
