// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge::http {

// Sets libcurl and OpenSSL up once per process; safe from several threads. Call it before any
// handle is made. False: libcurl could not be set up.
bool ensure_global_init();

}  // namespace socbridge::http
