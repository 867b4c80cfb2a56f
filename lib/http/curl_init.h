// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge::http {

// Initialises libcurl and OpenSSL once per process. Thread-safe. Call it before a handle is
// created. False: libcurl could not be initialised.
bool ensure_global_init();

}  // namespace socbridge::http
