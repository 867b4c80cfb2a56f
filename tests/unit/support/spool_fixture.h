// SPDX-License-Identifier: Apache-2.0
// For tests that name it by this path; they also rely on these standard headers.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/spool_fixture.h"  // IWYU pragma: export
