// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "http/client.h"

namespace socbridge::http {

// Takes the key, however it is spelled, out of whatever text came back, before any text is cut.
// Long JSON of a 2xx answer is data, and left as it is.
void hide_key(Outcome& outcome, const Secret& key);

}  // namespace socbridge::http
