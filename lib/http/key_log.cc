// SPDX-License-Identifier: Apache-2.0
#include "http/key_log.h"

#include <cstdlib>

namespace socbridge::http {

void forget_key_log() { ::unsetenv("SSLKEYLOGFILE"); }  // NOLINT(concurrency-mt-unsafe)

}  // namespace socbridge::http
