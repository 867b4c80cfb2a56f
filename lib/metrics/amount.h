// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace socbridge::metrics {

// How much one look asks a product that has more questions than one look may cost.
enum class Amount {
  part,        // a bounded number of requests; the others come with the next looks
  everything,  // every question once
};

}  // namespace socbridge::metrics
