// SPDX-License-Identifier: Apache-2.0
#include "base/key_log.h"

#include <cstdlib>

namespace socbridge {

void forget_key_log() { ::unsetenv("SSLKEYLOGFILE"); }  // NOLINT(concurrency-mt-unsafe)

}  // namespace socbridge
