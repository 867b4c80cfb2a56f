// SPDX-License-Identifier: Apache-2.0
#include "provisioning/value_reference.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "support/temp_dir.h"

using namespace socbridge;

namespace {

std::string resolved(const std::string& text, const std::string& folder = {}) {
  const auto out = provisioning::resolve(Env::real(), text, folder);
  return out.ok() ? std::string(out->reveal()) : "error: " + out.status().line();
}

}  // namespace

TEST_CASE("references to files and variables are replaced") {
  test::TempDir dir;
  dir.write("key", " s3cret\n");
  ::setenv("PROVISIONING_TEST", "9200", 1);
  CHECK(resolved("plain $x ${y} $__") == "plain $x ${y} $__");
  CHECK(resolved("$__file{" + dir.path() + "/key}") == "s3cret");
  CHECK(resolved("$__file{key}", dir.path()) == "s3cret");
  CHECK(resolved("a:$__env{PROVISIONING_TEST}/$__file{key}!", dir.path()) == "a:9200/s3cret!");
  ::unsetenv("PROVISIONING_TEST");
}

TEST_CASE("unresolvable references") {
  test::TempDir dir;
  CHECK_THAT(resolved("$__env{PROVISIONING_NONE}"), Catch::Contains("PROVISIONING_NONE"));
  CHECK_THAT(resolved("$__file{none}", dir.path()), Catch::Contains("none"));
  CHECK_THAT(resolved("$__file{x"), Catch::Contains("without its }"));
  dir.write("open", "x");
  ::chmod((dir.path() + "/open").c_str(), 0666);
  CHECK_THAT(resolved("$__file{open}", dir.path()), Catch::Contains("writ"));
}
