// SPDX-License-Identifier: Apache-2.0
#include "provisioning/compare.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <string>

using namespace socbridge;

namespace {

std::string differences(const std::string& wanted, const std::string& there,
                        std::size_t most = 50) {
  const auto a = json::Document::parse(wanted), b = json::Document::parse(there);
  REQUIRE((a.ok() && b.ok()));
  std::string out;
  for (const auto& one : provisioning::compare(a->root(), b->root(), most)) {
    out += one.path + "=" + one.there + ">" + one.wanted + " ";
  }
  return out;
}

}  // namespace

TEST_CASE("only members of the manifest are compared") {
  CHECK(differences(R"({"a":1,"b":{"c":"x"}})", R"({"b":{"c":"x","d":2},"a":1.0,"e":[]})").empty());
  CHECK(differences(R"({"a":null})", "{}").empty());
  CHECK(differences(R"({"a":{"b/c":1}})", R"({"a":{"b/c":2}})") == "/a/b~1c=2>1 ");
  CHECK(differences(R"({"a":"1"})", R"({"a":1})") == "/a=1>\"1\" ");
  CHECK(differences(R"({"a":{}})", R"({"a":3})") == "/a=3>{} ");
  CHECK(differences("1", "2") == "/=2>1 ");
}

TEST_CASE("objects of many members are compared in linear time, the first of a name counts") {
  std::string many = "{";
  for (int i = 0; i < 50000; ++i) many += "\"member" + std::to_string(i) + "\":1,";
  const std::clock_t before = std::clock();
  CHECK(differences(many + R"("x":1})", many + R"("x":1,"x":2})").empty());
  CHECK(differences(many + R"("y":1})", many + R"("x":2})") == "/y=>1 ");
  CHECK((std::clock() - before) / CLOCKS_PER_SEC < 5);  // of processor; 0.3, and once 60
}

TEST_CASE("compare: arrays must have the required length") {
  CHECK(differences(R"([1,2])", R"([1])") == "/1=>2 ");
  CHECK(differences(R"([1])", R"([1,2])") == "/1=2> ");
}

TEST_CASE("compare: there is a bound") {
  std::string zeros, ones;
  for (int i = 0; i < 100; ++i) {
    zeros += i == 0 ? "[0" : ",0";
    ones += i == 0 ? "[1" : ",1";
  }
  const std::string out = differences(zeros + "]", ones + "]", 3);
  CHECK(out == "/0=1>0 /1=1>0 /2=1>0 ");
}
