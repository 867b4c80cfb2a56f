// SPDX-License-Identifier: Apache-2.0
#include "metrics/statistics_lead.h"

#include <catch2/catch.hpp>

namespace socbridge::metrics {
namespace {

using Loads = std::vector<wazuh::NodeLoad>;
constexpr UnixMillis kNow = 1767225600000, kHold = StatisticsLead::kHoldMs;
const Loads kNone, kAlone = {{"default", false, {}}}, kCluster = {{"node01", true, {}}},
                   kTwo = {{"default", false, {}}, {"other", false, {}}};

}  // namespace

TEST_CASE("statistics of a cluster or of several managers lead for half an hour") {
  CHECK(has_several(kCluster));
  CHECK(has_several(kTwo));
  CHECK_FALSE(has_several(kAlone));
  CHECK_FALSE(has_several(kNone));
  for (const Loads* several : {&kCluster, &kTwo}) {
    for (const Loads* later : {&kNone, &kAlone, static_cast<const Loads*>(nullptr)}) {
      StatisticsLead lead;
      lead.look(several, kNow);
      CHECK(lead.holds());
      lead.look(later, kNow + kHold - 1);
      CHECK(lead.holds());
      lead.look(later, kNow + kHold);
      CHECK_FALSE(lead.holds());
      lead.look(several, kNow + kHold + 1);
      CHECK(lead.holds());
    }
  }
}

TEST_CASE("statistics of one manager do not lead, also when they are missing then") {
  StatisticsLead lead;
  lead.look(&kAlone, kNow);
  CHECK_FALSE(lead.holds());
  for (const Loads* later : {&kNone, static_cast<const Loads*>(nullptr)}) {
    lead.look(later, kNow + 1);
    CHECK_FALSE(lead.holds());
  }
}

TEST_CASE("without statistics from the start a cluster is assumed for half an hour") {
  for (const Loads* first : {static_cast<const Loads*>(nullptr), &kNone}) {
    StatisticsLead lead, later;
    lead.look(first, kNow);
    CHECK(lead.holds());
    lead.look(&kNone, kNow + 1);  // they may be on their way
    CHECK(lead.holds());
    later = lead;
    lead.look(&kAlone, kNow + 2);
    CHECK_FALSE(lead.holds());
    lead.look(nullptr, kNow + 3);
    CHECK_FALSE(lead.holds());
    later.look(first, kNow + kHold - 1);
    CHECK(later.holds());
    later.look(first, kNow + kHold);
    CHECK_FALSE(later.holds());
  }
}

TEST_CASE("without state no statistics mean no cluster, but a failure may hide one") {
  StatisticsLead lead, unknown;
  lead.look_once();
  lead.look(&kNone, kNow);
  CHECK_FALSE(lead.holds());
  unknown.look_once();
  unknown.look(nullptr, kNow);
  CHECK(unknown.holds());
}

TEST_CASE("a clock that is set back prolongs it by half an hour at most") {
  StatisticsLead lead;
  lead.look(&kCluster, kNow + 1000 * kHold);
  lead.look(nullptr, kNow);
  CHECK(lead.holds());
  lead.look(nullptr, kNow + kHold);
  CHECK_FALSE(lead.holds());
}

TEST_CASE("another process continues from the saved state") {
  const auto saved = [](const StatisticsLead& lead) {
    json::Writer w;
    lead.save(w);
    return std::move(w).take();
  };
  StatisticsLead lead, assumed, unknown, next;
  CHECK(saved(unknown) == "{}");
  lead.look(&kCluster, kNow);
  assumed.look(nullptr, kNow);
  const auto from_lead = json::Document::parse(saved(lead));
  next.load(from_lead->root());
  next.look(&kAlone, kNow + 1);
  CHECK(next.holds());
  const auto from_assumed = json::Document::parse(saved(assumed));
  next = StatisticsLead();
  next.load(from_assumed->root());
  next.look(&kAlone, kNow + 1);
  CHECK_FALSE(next.holds());
  for (const char* wrong : {"{}", "7", R"({"led_ms":"x"})", R"({"led_ms":-1})"}) {
    const auto document = json::Document::parse(wrong);
    next = StatisticsLead();
    next.load(document->root());
    next.look(&kAlone, kNow);
    CHECK_FALSE(next.holds());
  }
}

}  // namespace socbridge::metrics
