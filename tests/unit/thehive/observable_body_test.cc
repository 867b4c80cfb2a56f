// SPDX-License-Identifier: Apache-2.0
#include "thehive/observable_body.h"

#include <catch2/catch.hpp>

namespace socbridge::thehive {
namespace {

Observable ip(const std::string& data) {
  Observable out;
  out.data_type = "ip";
  out.data = data;
  return out;
}

std::string shared(const Observable& like, ApiVersion version) {
  json::Writer w;
  w.begin_object();
  write_shared(w, like, version);
  w.end_object();
  return std::move(w).take();
}

}  // namespace

TEST_CASE("version 4 takes observables of alerts at a path of its own") {
  const Subject alert = Subject::alert("a;b"), found_case = Subject::of_case("42");
  CHECK(observables_path(alert, ApiVersion::v5) == "/api/v1/alert/a%3Bb/observable");
  CHECK(observables_path(alert, ApiVersion::v4) == "/api/v1/alert/a%3Bb/artifact");
  CHECK(observables_path(found_case, ApiVersion::v5) == "/api/v1/case/42/observable");
  CHECK(observables_path(found_case, ApiVersion::v4) == "/api/v1/case/42/observable");
}

TEST_CASE("the members of an observable besides its value; PAP only for version 5") {
  Observable one = ip("203.0.113.7");
  CHECK(shared(one, ApiVersion::v5) == R"({"tlp":2,"pap":2,"tags":[],"ioc":false})");
  CHECK(shared(one, ApiVersion::v4) == R"({"tlp":2,"tags":[],"ioc":false})");
  one.message = "from \"x\"";
  one.tlp = 3;
  one.tags = {"a", "b"};
  one.ioc = one.ignore_similarity = true;
  CHECK(shared(one, ApiVersion::v4) ==
        R"({"message":"from \"x\"","tlp":3,"tags":["a","b"],"ioc":true,"ignoreSimilarity":true})");
}

TEST_CASE("observables are trimmed, without empty ones and each once, in their order") {
  const auto out =
      cleaned({ip(" 203.0.113.8 "), ip(""), ip("203.0.113.7"), ip("203.0.113.8")}, ApiVersion::v5);
  REQUIRE(out.size() == 2);
  CHECK(out[0].data == "203.0.113.8");
  CHECK(out[1].data == "203.0.113.7");
}

}  // namespace socbridge::thehive
