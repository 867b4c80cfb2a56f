// SPDX-License-Identifier: Apache-2.0
#include "base/joined.h"

#include <catch2/catch.hpp>

namespace socbridge {

TEST_CASE("texts are joined with a separator only between them") {
  CHECK(joined({}).empty());
  CHECK(joined({"a"}) == "a");
  CHECK(joined({"a", "b", "c"}) == "a, b, c");
  CHECK(joined({"a", "b"}, "; ") == "a; b");
  CHECK(joined({"", "a", "", "b"}) == "a, , b");
}

}  // namespace socbridge
