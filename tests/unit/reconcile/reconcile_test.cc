// SPDX-License-Identifier: Apache-2.0
#include "reconcile/reconcile.h"

#include <catch2/catch.hpp>
#include <set>

#include "fixtures.h"
#include "spool/spool.h"
#include "wazuh/alert.h"

namespace socbridge::reconcile {
namespace {

using test::alert_line;
using test::at;

// Alerts of a list; a position is the number of alerts before it.
class ListSource final : public AlertSource {
 public:
  explicit ListSource(std::vector<std::string> alerts, std::size_t from = 0)
      : alerts_(std::move(alerts)), next_(from) {}
  Result<bool> next(SourceAlert& out) override {
    if (next_ == alerts_.size()) return false;
    out.raw = alerts_[next_++];
    out.place = std::to_string(next_);
    return true;
  }
  std::string position_before() const override { return std::to_string(next_ - 1); }
  std::string position_after() const override { return std::to_string(next_); }
  Unread unread() const override { return unread_value; }
  Reading reading() const override { return {next_, alerts_.size()}; }
  std::string description() const override { return "a list"; }
  Unread unread_value;

 private:
  std::vector<std::string> alerts_;
  std::size_t next_;
};

// TheHive as a set of references, with a result for the n-th question or request.
class Shelf final : public Destination {
 public:
  Result<Present> present(const std::vector<std::string>& refs, Ask ask) override {
    largest_question = std::max(largest_question, refs.size());
    asked = ask;
    if (questions++ == fail_question) return Status::error(question_code, "no answer");
    Present out;
    for (const std::string& ref : refs) {
      if (there.contains(ref) && !young.contains(ref)) out[ref] = presence[ref];
    }
    return out;
  }
  Result<bool> is_there(const std::string& ref) override { return there.contains(ref); }
  delivery::Outcome send(const wazuh::Alert& alert) override {
    delivery::Outcome outcome;
    outcome.source_ref = wazuh::source_ref(alert);
    if (poisoned.contains(outcome.source_ref)) {
      ++sent;
      outcome.kind = delivery::Outcome::Kind::alert_failed;
      outcome.message = "HTTP 500";
    } else if (sent++ == fail_send) {
      outcome.kind = send_kind;
      outcome.message = "no";
    } else {
      outcome.kind = there.insert(outcome.source_ref).second ? delivery::Outcome::Kind::created
                                                             : delivery::Outcome::Kind::duplicate;
      outcome.promotion = promotion;
      outcome.remark = "a remark";
    }
    return outcome;
  }
  std::set<std::string> there;
  std::set<std::string> poisoned;  // for these the server fails
  std::set<std::string> young;     // there, but the index does not show it yet
  int questions = 0, sent = 0;
  int fail_question = -1, fail_send = -1;
  ExitCode question_code = ExitCode::unreachable;
  delivery::Outcome::Kind send_kind = delivery::Outcome::Kind::failed;
  delivery::Outcome::Promotion promotion = delivery::Outcome::Promotion::none;
  Present presence;  // of the existing ones
  Ask asked = Ask::alerts;
  std::size_t largest_question = 0;
};

std::string ref_of(const std::string& line) {
  return wazuh::source_ref(*wazuh::Alert::parse(line));
}

std::vector<std::string> lines(int count, int level = 10) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back(alert_line(i, level));
  return out;
}

std::vector<Route> route_to(Shelf& shelf) {
  Route route;
  route.mapping.min_level = 7;
  route.destination = &shelf;
  return {route};
}

struct Outcome {
  Report report;
  std::vector<Finding> findings;
  std::string position;
};

Outcome reconcile(std::vector<std::string> alerts, Shelf& shelf, Plan plan = {},
                  const SpooledReferences& queued = {}, std::function<bool()> stop = {},
                  std::size_t from = 0) {
  ListSource source(std::move(alerts), from);
  Outcome out;
  Hooks hooks;
  hooks.stop = std::move(stop);
  hooks.on_finding = [&](const Finding& finding) { out.findings.push_back(finding); };
  hooks.save = [&](const std::string& position, UnixMillis) {
    out.position = position;
    return Status();
  };
  out.report = run(Env::real(), source, {route_to(shelf), queued}, plan, hooks);
  return out;
}

TEST_CASE("fired, filtered, present, missing and filled add up", "[reconcile]") {
  auto alerts = lines(10);
  for (const std::string& low : lines(5, 3)) alerts.push_back(low);
  Shelf shelf;
  for (int i = 0; i < 4; ++i) shelf.there.insert(ref_of(alerts[static_cast<std::size_t>(i)]));
  const Outcome out = reconcile(alerts, shelf);
  const Counts& c = out.report.counts;
  CHECK(c.alerts_read == 15);
  CHECK(c.not_forwarded == 5);
  CHECK(c.forwarded() == 10);
  CHECK(c.present == 4);
  CHECK(c.missing == 6);
  CHECK(c.filled == 6);
  CHECK(c.gaps() == 0);
  CHECK(shelf.there.size() == 10);
  CHECK(out.findings.size() == 6);
  CHECK(out.report.code() == ExitCode::ok);
  CHECK(out.position == "15");
  const Outcome again = reconcile(alerts, shelf);
  CHECK(again.report.counts.present == 10);
  CHECK(again.findings.empty());
}

// A shelf with one alert that was created to be promoted.
Shelf shelf_with_one(const std::string& line) {
  Shelf shelf;
  shelf.there = {ref_of(line)};
  shelf.presence[ref_of(line)] = {true, 1, {"case-own"}};
  return shelf;
}

Outcome reconcile_promoting(const std::vector<std::string>& alerts, Shelf& shelf, Plan plan = {},
                            std::vector<std::string> by = {},
                            const SpooledReferences& queued = {}) {
  ListSource source(alerts);
  std::vector<Route> routes = route_to(shelf);
  routes.front().mapping.promote = true;
  routes.front().mapping.promote_by = std::move(by);
  Outcome out;
  Hooks hooks;
  hooks.on_finding = [&](const Finding& finding) { out.findings.push_back(finding); };
  hooks.save = [&](const std::string& position, UnixMillis) {
    out.position = position;
    return Status();
  };
  out.report = run(Env::real(), source, {routes, queued}, plan, hooks);
  return out;
}

TEST_CASE("reconcile: an alert without its case gets it", "[reconcile]") {
  using Promotion = delivery::Outcome::Promotion;
  const auto alerts = lines(2);
  Shelf shelf = shelf_with_one(alerts[0]);
  shelf.there.insert(ref_of(alerts[1]));  // without the tag: it was created before the rule
  shelf.presence[ref_of(alerts[1])].untouched = true;
  SECTION("and the run is complete") {
    shelf.promotion = Promotion::promoted;
    const Outcome out = reconcile_promoting(alerts, shelf);
    CHECK(shelf.asked == Ask::cases);
    CHECK(shelf.sent == 1);
    CHECK(out.report.counts.present == 2);
    CHECK(out.report.counts.promoted == 1);
    CHECK(out.report.counts.without_case == 0);
    CHECK(out.report.code() == ExitCode::ok);
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings[0].kind == FindingKind::promoted);
  }
  SECTION("a dry run says so only") {
    Plan plan;
    plan.dry_run = true;
    const Outcome out = reconcile_promoting(alerts, shelf, plan);
    CHECK(shelf.sent == 0);
    CHECK(out.report.counts.without_case == 1);
    CHECK(out.report.code() == ExitCode::degraded);
  }
  SECTION("TheHive refuses the case: a gap, and the cursor goes on") {
    shelf.promotion = Promotion::refused;
    const Outcome out = reconcile_promoting(alerts, shelf);
    CHECK(out.report.counts.without_case == 1);
    CHECK(out.report.code() == ExitCode::degraded);
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings[0].message == "a remark");
    CHECK(out.position == "2");
  }
  SECTION("TheHive fails for this one: the cursor waits before it") {
    shelf.poisoned = {ref_of(alerts[0])};
    const Outcome out = reconcile_promoting(alerts, shelf);
    CHECK(out.report.counts.without_case == 1);
    CHECK(out.report.stopped.ok());
    CHECK(out.position == "0");
  }
  SECTION("TheHive goes away: the run stops before it") {
    shelf.fail_send = 0;
    const Outcome out = reconcile_promoting(alerts, shelf);
    CHECK(out.report.counts.without_case == 1);
    CHECK(out.report.code() == ExitCode::unreachable);
    CHECK(out.position == "0");
  }
}

TEST_CASE("an alert whose entry went to dead/ before its case gets it", "[reconcile]") {
  const auto alerts = lines(1);
  Shelf shelf = shelf_with_one(alerts[0]);
  shelf.promotion = delivery::Outcome::Promotion::promoted;
  test::TempDir home;
  auto spool = spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value();
  auto claim = spool.accept({"custom-w2thive", "", "", wall_now_ms(), alerts[0]});
  REQUIRE(claim.ok());
  REQUIRE(spool.move(std::move(*claim), spool::State::dead, {}, {}).ok());
  const SpooledReferences queued = SpooledReferences::read(Env::real(), spool.dir(), {}).value();
  REQUIRE(queued.size() == 1);
  CHECK(reconcile_promoting(alerts, shelf, {}, {}, queued).report.counts.promoted == 1);
}

TEST_CASE("whose case is not reconcile's to make", "[reconcile]") {
  const auto alerts = lines(1);
  Shelf shelf = shelf_with_one(alerts[0]);
  Presence& there = shelf.presence[ref_of(alerts[0])];
  std::vector<std::string> by;
  SpooledReferences queued;
  test::TempDir home;
  SECTION("of an alert that a person touched") { there.untouched = false; }
  SECTION("of one for the case of another key") { by = {"rule.id"}; }
  SECTION("of one that no promotion made") { there.case_tags.clear(); }
  SECTION("of one that waits in the spool") {
    auto spool = spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value();
    REQUIRE(spool.accept({"custom-w2thive", "", "", wall_now_ms(), alerts[0]}).ok());
    mapping::Options options;
    options.promote = true;
    queued = SpooledReferences::read(Env::real(), spool.dir(), options).value();
    REQUIRE(queued.size() == 1);
  }
  const Outcome out = reconcile_promoting(alerts, shelf, {}, by, queued);
  CHECK(shelf.sent == 0);
  CHECK(out.report.counts.present == 1);
  CHECK(out.report.counts.without_case == 0);
  CHECK(out.report.code() == ExitCode::ok);
}

TEST_CASE("a young alert is left to a sender elsewhere", "[reconcile]") {
  const auto alerts = lines(2);
  Shelf shelf = shelf_with_one(alerts[1]);
  shelf.there.insert(ref_of(alerts[0]));
  shelf.promotion = delivery::Outcome::Promotion::promoted;
  shelf.presence[ref_of(alerts[1])].created_ms = wall_now_ms();
  const Outcome out = reconcile_promoting(alerts, shelf);
  CHECK(shelf.sent == 0);
  CHECK(out.report.code() == ExitCode::degraded);
  CHECK(out.report.counts.without_case == 1);
  CHECK(out.position == "1");  // the next run checks again
  Plan plan;
  plan.case_age_ms = 0;  // the locks are here
  CHECK(reconcile_promoting(alerts, shelf, plan).report.counts.promoted == 1);
}

TEST_CASE("an alert that is filled and refused its case is a gap", "[reconcile]") {
  Shelf shelf;
  shelf.promotion = delivery::Outcome::Promotion::refused;
  const Outcome out = reconcile_promoting(lines(1), shelf);
  CHECK(out.report.counts.filled == 1);
  CHECK(out.report.counts.without_case == 1);
  CHECK(out.report.counts.gaps() == 1);
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].kind == FindingKind::without_case);
}

TEST_CASE("reconcile: without promote no case is queried", "[reconcile]") {
  const auto alerts = lines(1);
  Shelf shelf = shelf_with_one(alerts[0]);
  CHECK(reconcile(alerts, shelf).report.code() == ExitCode::ok);
  CHECK(shelf.asked == Ask::alerts);
  CHECK(shelf.sent == 0);
}

TEST_CASE("a dry run sends nothing and stores no position", "[reconcile]") {
  Shelf shelf;
  Plan plan;
  plan.dry_run = true;
  const Outcome out = reconcile(lines(3), shelf, plan);
  CHECK(out.report.counts.missing == 3);
  CHECK(out.report.counts.filled == 0);
  CHECK(out.report.code() == ExitCode::degraded);
  CHECK(shelf.sent == 0);
  CHECK(out.position.empty());
}

TEST_CASE("a dry run looks again at young alerts that the index may not show yet", "[reconcile]") {
  const std::string now = format_utc(wall_now_ms());
  const std::vector<std::string> alerts = {alert_line(1, 10, now), alert_line(2, 10, now)};
  Shelf shelf;
  shelf.there = shelf.young = {ref_of(alerts[0])};
  Plan plan;
  plan.dry_run = true;
  const Outcome out = reconcile(alerts, shelf, plan);
  CHECK(out.report.counts.present == 1);
  CHECK(out.report.counts.missing == 1);
}

TEST_CASE("reconcile: questions are bounded", "[reconcile]") {
  Shelf shelf;
  Plan plan;
  plan.batch = 7;
  reconcile(lines(30), shelf, plan);
  CHECK(shelf.largest_question == 7);
  CHECK(shelf.questions == 5);
  Shelf bulky;
  std::vector<std::string> large;
  for (int i = 0; i < 40; ++i) {
    std::string line = alert_line(i);
    line.insert(1, "\"full_log\":\"" + std::string(1 << 20, 'x') + "\",");
    large.push_back(std::move(line));
  }
  reconcile(std::move(large), bulky);
  CHECK(bulky.largest_question <= 17);
}

TEST_CASE("the server goes down: the rest is listed, the position stays before it", "[reconcile]") {
  Shelf shelf;
  shelf.fail_send = 12;
  Plan plan;
  plan.batch = 10;
  const Outcome out = reconcile(lines(35), shelf, plan);
  CHECK(out.report.code() == ExitCode::unreachable);
  CHECK(out.report.counts.filled == 12);
  CHECK(out.report.not_sent == 8);  // the remainder of the second batch
  CHECK(out.position == "12");
  CHECK(shelf.sent == 13);
  // Continuing from there completes it and sends no duplicates.
  shelf.fail_send = -1;
  const Outcome rest = reconcile(lines(35), shelf, plan, {}, {}, 12);
  CHECK(rest.report.counts.filled == 23);
  CHECK(rest.report.code() == ExitCode::ok);
  CHECK(shelf.there.size() == 35);
}

TEST_CASE("an alert for which the server fails does not stop others, and stays missing",
          "[reconcile]") {
  const auto alerts = lines(8);
  Shelf shelf;
  shelf.poisoned = {ref_of(alerts[3])};
  const Outcome out = reconcile(alerts, shelf);
  CHECK(out.report.counts.filled == 7);
  CHECK(out.report.counts.refused == 1);
  CHECK(out.report.code() != ExitCode::ok);
  CHECK(out.position == "3");  // the next run reports it again
}

TEST_CASE("a server that fails for each alert in turn ends the run", "[reconcile]") {
  const auto alerts = lines(40);
  Shelf shelf;
  for (const std::string& line : alerts) shelf.poisoned.insert(ref_of(line));
  const Outcome out = reconcile(alerts, shelf);
  CHECK(out.report.code() == ExitCode::unreachable);
  CHECK(shelf.sent == delivery::kMostFailedAlerts);
  CHECK(out.position == "0");
}

TEST_CASE("a question without an answer stops the run before its batch", "[reconcile]") {
  for (const ExitCode code : {ExitCode::auth, ExitCode::unreachable, ExitCode::refused}) {
    Shelf shelf;
    shelf.fail_question = 1;
    shelf.question_code = code;
    Plan plan;
    plan.batch = 10;
    const Outcome out = reconcile(lines(35), shelf, plan);
    CHECK(out.report.code() == code);
    CHECK(out.position == "10");
    CHECK(out.report.counts.filled == 10);
    CHECK(out.report.counts.not_asked() == 10);
  }
}

TEST_CASE("a refused key stops everything at once", "[reconcile]") {
  Shelf shelf;
  shelf.fail_send = 0;
  shelf.send_kind = delivery::Outcome::Kind::key_refused;
  const Outcome out = reconcile(lines(5), shelf);
  CHECK(out.report.code() == ExitCode::auth);
  CHECK(shelf.sent == 1);
}

TEST_CASE("an alert that TheHive refuses is a gap, the others continue", "[reconcile]") {
  Shelf shelf;
  shelf.fail_send = 2;
  shelf.send_kind = delivery::Outcome::Kind::refused;
  const Outcome out = reconcile(lines(5), shelf);
  CHECK(out.report.code() == ExitCode::degraded);
  CHECK(out.report.counts.filled == 4);
  CHECK(out.report.counts.refused == 1);
  CHECK(out.report.counts.gaps() == 1);
  CHECK(out.position == "5");
}

TEST_CASE("reconcile: Ctrl-C keeps settled results", "[reconcile]") {
  Shelf shelf;
  Plan plan;
  plan.batch = 10;
  const Outcome out =
      reconcile(lines(35), shelf, plan, {}, [&] { return shelf.there.size() >= 15; });
  CHECK(out.report.code() == ExitCode::interrupted);
  CHECK(shelf.there.size() == 15);
  CHECK(out.position == "15");
}

TEST_CASE("alerts outside the window are neither compared nor skipped permanently", "[reconcile]") {
  const std::vector<std::string> alerts = {
      alert_line(1, 10, "2025-03-13T23:59:59.999+0000"),
      alert_line(2, 10, "2025-03-14T00:00:00.000+0000"),
      alert_line(3, 10, "2025-03-15T00:30:00.000+0100"),  // 23:30 UTC of the 14th
      alert_line(4, 10, "2025-03-15T00:00:00.000+0000"),
      alert_line(5, 10, "2025-03-14T12:00:00.000+0000"),
      alert_line(6, 10, "no time"),
  };
  Plan plan;
  plan.window.since = at("2025-03-14T00:00:00Z");
  plan.window.until = at("2025-03-15T00:00:00Z");
  Shelf shelf;
  const Outcome out = reconcile(alerts, shelf, plan);
  CHECK(out.report.counts.alerts_read == 4);
  CHECK(out.report.counts.outside == 2);
  CHECK_FALSE(shelf.there.contains(ref_of(alerts[0])));
  CHECK(shelf.there.contains(ref_of(alerts[2])));
  CHECK_FALSE(shelf.there.contains(ref_of(alerts[3])));
  CHECK(shelf.there.contains(ref_of(alerts[5])));
  // The fourth is for a later run.
  CHECK(out.position == "3");
}

TEST_CASE("a stop before the first later alert keeps the earlier position", "[reconcile]") {
  std::vector<std::string> alerts = lines(3);
  alerts.push_back(alert_line(9, 10, "2025-03-16T00:00:00.000+0000"));
  alerts.push_back(alert_line(10));
  Plan plan;
  plan.window.until = at("2025-03-15T00:00:00Z");
  for (const auto& [fail, position] : {std::pair(1, "1"), std::pair(3, "3")}) {
    Shelf shelf;
    shelf.fail_send = fail;
    const Outcome out = reconcile(alerts, shelf, plan);
    CHECK(out.report.code() == ExitCode::unreachable);
    CHECK(out.position == position);
  }
}

TEST_CASE("unreadable input is not proof of completeness", "[reconcile]") {
  Shelf shelf;
  CHECK(reconcile({alert_line(1), "no alert"}, shelf).report.code() == ExitCode::degraded);
  CHECK(reconcile({alert_line(1), R"({"error":"x"})"}, shelf).report.code() == ExitCode::degraded);
  CHECK(reconcile({"no alert", "{}"}, shelf).report.code() == ExitCode::bad_input);
  ListSource source({alert_line(1)});
  source.unread_value.too_long = 1;
  CHECK(run(Env::real(), source, {route_to(shelf), {}}, {}, {}).code() == ExitCode::degraded);
  ListSource broken({alert_line(1)});
  broken.unread_value.failures = {"x"};
  CHECK(run(Env::real(), broken, {route_to(shelf), {}}, {}, {}).code() == ExitCode::degraded);
}

TEST_CASE("a resume point that cannot be stored is reported", "[reconcile]") {
  Shelf shelf;
  ListSource source({alert_line(1)});
  Hooks hooks;
  hooks.save = [](const std::string&, UnixMillis) {
    return Status::error(ExitCode::failure, "disk full");
  };
  const Report report = run(Env::real(), source, {route_to(shelf), {}}, {}, hooks);
  CHECK(report.code() == ExitCode::failure);
  CHECK(report.counts.filled == 1);
}

}  // namespace
}  // namespace socbridge::reconcile
