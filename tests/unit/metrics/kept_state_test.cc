// SPDX-License-Identifier: Apache-2.0
#include "metrics/kept_state.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::metrics {

TEST_CASE("the state is the last line of the file, a comment for Prometheus") {
  const test::TempDir dir;
  const std::string text = with_state("# HELP a b\n# TYPE a gauge\na 1\n", R"({"version":1})");
  CHECK(text.ends_with("\na 1\n# state of socctl metrics write: {\"version\":1}\n"));
  const auto state = read_state(Env::real(), dir.write("soc.prom", text));
  REQUIRE(state.ok());
  CHECK(*state == R"({"version":1})");
}

TEST_CASE("without a file, or with a foreign one, there is no state") {
  const test::TempDir dir;
  CHECK(read_state(Env::real(), dir / "none")->empty());
  CHECK(read_state(Env::real(), dir.write("a", "a 1\n"))->empty());
  CHECK(read_state(Env::real(), dir.write("b", ""))->empty());
}

TEST_CASE("a file that others can change has none") {
  const test::TempDir dir;
  const std::string file = dir.write("soc.prom", with_state("a 1\n", "{}"));
  ::chmod(file.c_str(), 0666);
  CHECK_FALSE(read_state(Env::real(), file).ok());
}

}  // namespace socbridge::metrics
