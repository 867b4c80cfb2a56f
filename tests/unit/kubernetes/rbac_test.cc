// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/rbac.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::kubernetes;

namespace {
Rights rights(std::string_view rules) {
  const auto document = json::Document::parse(rules);
  REQUIRE(document.ok());
  return read_rules(document->root());
}
}  // namespace

TEST_CASE("rbac: exactly the rights of Cortex") {
  CHECK(cortex_rights().size() == 11);
  CHECK(rights(R"([{"apiGroups":["batch"],"resources":["jobs"],
                   "verbs":["watch","delete","list","create","get"]},
                  {"apiGroups":[""],"resources":["pods/log","pods"],"verbs":["list","get","watch"]}])") ==
        cortex_rights());
}

TEST_CASE("a verb too few and a verb too many show up as a difference of sets") {
  const Rights given = rights(R"([{"apiGroups":["batch"],"resources":["jobs"],
      "verbs":["create","get","list","watch","deletecollection"]},
      {"apiGroups":[""],"resources":["pods","pods/log"],"verbs":["get","list","watch"]},
      {"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectrulesreviews"],"verbs":["create"]}])");
  CHECK(rights_text(minus(cortex_rights(), given)) == "delete on batch/jobs");
  CHECK(rights_text(minus(given, cortex_rights())) == "deletecollection on batch/jobs");
}

TEST_CASE("wildcards are extra rights, and unusual rules do not crash") {
  const Rights all = rights(R"([{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}])");
  CHECK(rights_text(minus(all, cortex_rights())) == "* on */*");
  CHECK(rights(R"([7,{"verbs":"x"},{"apiGroups":[""],"resources":[1],"verbs":[null]}])").size() <=
        1);
}
