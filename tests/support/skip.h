// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>

// Ends a test case that cannot run here. scripts/test lists it with the reason. In a function that
// returns void.
#define SKIP_TEST(reason)                                           \
  do {                                                              \
    std::printf("SKIPPED %s:%d: %s\n", __FILE__, __LINE__, reason); \
    return;                                                         \
  } while (false)
