// SPDX-License-Identifier: Apache-2.0
#include "cortex/plan.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using cortex::Analyzer;

namespace {

Analyzer make(const char* definition, std::vector<std::string> types, int max_tlp) {
  Analyzer a;
  a.id = a.name = a.definition = definition;
  a.data_types = std::move(types);
  a.max_tlp = max_tlp;
  return a;
}

const std::vector<Analyzer> kAll = {make("A_1_0", {"ip", "domain"}, 2), make("B_1_0", {"ip"}, 3)};

cortex::SubmitRequest request(std::vector<const char*> values) {
  cortex::SubmitRequest out;
  for (const char* value : values) out.observables.push_back(*observable::detect(value));
  return out;
}

std::string tasks(const cortex::SubmitPlan& planned) {
  std::string out;
  for (const cortex::Task& t : planned.plan.tasks)
    out += t.what.value + ">" + planned.plan.analyzers[t.analyzer].name + " ";
  return out;
}

}  // namespace

TEST_CASE("every matching pair is a task with its own key") {
  const auto planned = cortex::make_plan(kAll, request({"203.0.113.7", "example.org"}));
  REQUIRE(planned.ok());
  CHECK(tasks(*planned) == "203.0.113.7>A_1_0 203.0.113.7>B_1_0 example.org>A_1_0 ");
  CHECK(planned->plan.tasks[0].key != planned->plan.tasks[1].key);
  CHECK(planned->plan.tasks[0].key != planned->plan.tasks[2].key);
  CHECK(planned->remarks.empty());
}

TEST_CASE("private addresses are skipped unless an analyzer is named") {
  auto what = request({"10.0.0.1", "10.0.0.2", "203.0.113.7"});
  const auto planned = cortex::make_plan(kAll, what);
  CHECK(tasks(*planned) == "203.0.113.7>A_1_0 203.0.113.7>B_1_0 ");
  CHECK(planned->left_out == 2);
  what.analyzers = {"B"};
  CHECK(cortex::make_plan(kAll, what)->plan.tasks.size() == 3);
}

TEST_CASE("limits of TLP keep an analyzer out, or are an error if it was named") {
  auto what = request({"203.0.113.7"});
  what.tlp = 3;
  const auto planned = cortex::make_plan(kAll, what);
  CHECK(tasks(*planned) == "203.0.113.7>B_1_0 ");
  CHECK(planned->remarks.size() == 1);
  what.analyzers = {"A"};
  const auto refused = cortex::make_plan(kAll, what);
  CHECK(refused.status().code() == ExitCode::usage);
  CHECK(refused.status().message().find("A_1_0 takes TLP up to amber") != std::string::npos);
  what.analyzers.clear();
  what.observables = {*observable::detect("example.org")};
  CHECK(cortex::make_plan(kAll, what).status().code() == ExitCode::usage);
}

TEST_CASE("plan: a type that no analyzer accepts") {
  auto what = request({"eve@example.org"});
  CHECK(cortex::make_plan(kAll, what)->left_out == 1);
  what.strict = true;
  CHECK(cortex::make_plan(kAll, what).status().code() == ExitCode::usage);
}
