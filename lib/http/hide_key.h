// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "http/client.h"

namespace socbridge::http {

// Redacts the key, in every spelling, in all texts of the outcome, before any text is cut. Long
// JSON of a 2xx answer is data and is not changed.
void hide_key(Outcome& outcome, const Secret& key);

}  // namespace socbridge::http
