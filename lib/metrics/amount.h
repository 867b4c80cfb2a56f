// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge::metrics {

// How many requests a poll may send to a product whose complete data needs more.
enum class Amount {
  part,        // a bounded number of requests; the rest follows in the next polls
  everything,  // every query once
};

}  // namespace socbridge::metrics
