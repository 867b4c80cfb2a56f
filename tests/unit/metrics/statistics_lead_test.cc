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
      lead.poll(several, kNow);
      CHECK(lead.holds());
      lead.poll(later, kNow + kHold - 1);
      CHECK(lead.holds());
      lead.poll(later, kNow + kHold);
      CHECK_FALSE(lead.holds());
      lead.poll(several, kNow + kHold + 1);
      CHECK(lead.holds());
    }
  }
}

TEST_CASE("statistics of one manager do not lead, also when they are missing then") {
  StatisticsLead lead;
  lead.poll(&kAlone, kNow);
  CHECK_FALSE(lead.holds());
  for (const Loads* later : {&kNone, static_cast<const Loads*>(nullptr)}) {
    lead.poll(later, kNow + 1);
    CHECK_FALSE(lead.holds());
  }
}

TEST_CASE("without statistics from the start a cluster is assumed for half an hour") {
  for (const Loads* first : {static_cast<const Loads*>(nullptr), &kNone}) {
    StatisticsLead lead, later;
    lead.poll(first, kNow);
    CHECK(lead.holds());
    lead.poll(&kNone, kNow + 1);  // they may be on their way
    CHECK(lead.holds());
    later = lead;
    lead.poll(&kAlone, kNow + 2);
    CHECK_FALSE(lead.holds());
    lead.poll(nullptr, kNow + 3);
    CHECK_FALSE(lead.holds());
    later.poll(first, kNow + kHold - 1);
    CHECK(later.holds());
    later.poll(first, kNow + kHold);
    CHECK_FALSE(later.holds());
  }
}

TEST_CASE("without state no statistics mean no cluster, but a failure may hide one") {
  StatisticsLead lead, unknown;
  lead.poll_once();
  lead.poll(&kNone, kNow);
  CHECK_FALSE(lead.holds());
  unknown.poll_once();
  unknown.poll(nullptr, kNow);
  CHECK(unknown.holds());
}

TEST_CASE("a clock that is set back prolongs it by half an hour at most") {
  StatisticsLead lead;
  lead.poll(&kCluster, kNow + 1000 * kHold);
  lead.poll(nullptr, kNow);
  CHECK(lead.holds());
  lead.poll(nullptr, kNow + kHold);
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
  lead.poll(&kCluster, kNow);
  assumed.poll(nullptr, kNow);
  const auto from_lead = json::Document::parse(saved(lead));
  next.load(from_lead->root());
  next.poll(&kAlone, kNow + 1);
  CHECK(next.holds());
  const auto from_assumed = json::Document::parse(saved(assumed));
  next = StatisticsLead();
  next.load(from_assumed->root());
  next.poll(&kAlone, kNow + 1);
  CHECK_FALSE(next.holds());
  for (const char* wrong : {"{}", "7", R"({"led_ms":"x"})", R"({"led_ms":-1})"}) {
    const auto document = json::Document::parse(wrong);
    next = StatisticsLead();
    next.load(document->root());
    next.poll(&kAlone, kNow);
    CHECK_FALSE(next.holds());
  }
}

}  // namespace socbridge::metrics
