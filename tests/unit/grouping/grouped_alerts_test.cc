// SPDX-License-Identifier: Apache-2.0
#include "grouping/grouped_alerts.h"

#include <catch2/catch.hpp>

#include "grouping/group.h"
#include "grouping/rate_cap.h"
#include "mapping/mapping.h"
#include "support/spool_fixture.h"

using namespace socbridge;
using namespace socbridge::grouping;
using namespace socbridge::test;

namespace {

wazuh::Alert alert() { return wazuh::Alert::parse(sample_alert()).value(); }

// The entry that stands for alerts over a rate cap.
wazuh::Alert summary_entry(spool::Spool& spool, const integration::Settings& settings) {
  const auto over = over_cap(Env::real(), spool, settings, alert(), {});
  REQUIRE(over.ok());
  REQUIRE(*over);
  const auto listed = spool.list(spool::State::queue);
  auto claim = spool.claim(spool::State::queue, listed->front().id);
  return wazuh::Alert::parse(spool.load(**claim)->alert).value();
}

// The reference of the TheHive alert that it becomes part of.
std::string reference(const std::shared_ptr<GroupedAlert>& shared, const wazuh::Alert& one,
                      const integration::Settings& settings) {
  return shared->opening(mapping::map(one, settings.mapping, 0).alert).source_ref;
}

}  // namespace

TEST_CASE("an alert without group and cap shares its TheHive alert with no other") {
  const integration::Settings settings;
  const TempDir home;
  CHECK_FALSE(grouped_alerts(Env::real(), home.path(), settings)(alert()));
  CHECK_FALSE(grouped_alerts(Env::real(), "", settings)(alert()));
}

TEST_CASE("an alert of a group shares its TheHive alert, also without a folder for the state") {
  integration::Settings settings;
  settings.mapping.grouping.by = {"rule.id"};
  const TempDir home;
  for (const std::string& dir : {home.path(), std::string()}) {
    const auto shared = grouped_alerts(Env::real(), dir, settings)(alert());
    REQUIRE(shared);
    CHECK(reference(shared, alert(), settings) == group_ref(settings.mapping, alert()));
  }
}

TEST_CASE("the summary of a cap is not part of the group that its alert would belong to") {
  integration::Settings settings;
  settings.mapping.grouping.by = {"rule.id"};
  settings.mapping.rate_cap = {{"rule.id"}, 0, 600000};
  const TempDir home;
  auto spool = spool::Spool::open(Env::real(), home / "spool").value();
  const wazuh::Alert entry = summary_entry(spool, settings);
  const GroupedAlerts find = grouped_alerts(Env::real(), spool.state_dir(), settings);
  const auto summary = find(entry);
  REQUIRE(summary);
  CHECK(reference(summary, entry, settings) == summary_ref_of_entry(entry));
  const auto group = find(alert());
  REQUIRE(group);
  CHECK(reference(group, alert(), settings) == group_ref(settings.mapping, alert()));
}
