// SPDX-License-Identifier: Apache-2.0
#include "reconcile/combined_source.h"

#include <catch2/catch.hpp>

#include <utility>

namespace socbridge::reconcile {
namespace {

std::string alert(int number, const std::string& time = "2025-03-14T07:40:01.000+0000") {
  return R"({"timestamp":")" + time +
         R"(","rule":{"level":7,"id":"1"},"manager":{"name":"m"},"id":"1.)" +
         std::to_string(number) + R"("})";
}

class Fake final : public AlertSource {
 public:
  Fake(std::string name, std::vector<std::string> alerts)
      : name_(std::move(name)), alerts_(std::move(alerts)) {}
  Result<bool> next(SourceAlert& out) override {
    if (next_ == alerts_.size()) return false;
    out.raw = alerts_[next_++];
    return true;
  }
  std::string position_before() const override { return "{}"; }
  std::string position_after() const override { return "{}"; }
  Unread unread() const override { return {1, {name_ + " has a note"}}; }
  Reading reading() const override { return {next_, alerts_.size()}; }
  std::string description() const override { return name_; }

 private:
  std::string name_;
  std::vector<std::string> alerts_;
  std::size_t next_ = 0;
};

CombinedSource combined(std::vector<std::string> a, std::vector<std::string> b,
                        const Window& window = {}) {
  std::vector<std::unique_ptr<AlertSource>> sources;
  sources.push_back(std::make_unique<Fake>("A", std::move(a)));
  sources.push_back(std::make_unique<Fake>("B", std::move(b)));
  return {std::move(sources), window};
}

std::vector<std::string> read_all(CombinedSource& source) {
  std::vector<std::string> out;
  SourceAlert read;
  for (;;) {
    const auto more = source.next(read);
    REQUIRE(more.ok());
    if (!*more) return out;
    out.emplace_back(read.raw);
  }
}

bool has(const Unread& unread, const std::string& beginning) {
  for (const std::string& line : unread.failures) {
    if (line.starts_with(beginning)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an alert of several sources is returned once, and missing ones are noted") {
  CombinedSource source = combined({alert(1), alert(2), alert(3)}, {alert(2), alert(3), alert(4)});
  CHECK(read_all(source) == std::vector<std::string>{alert(1), alert(2), alert(3), alert(4)});
  const Unread unread = source.unread();
  CHECK(unread.too_long == 2);
  CHECK(has(unread, "1 alert is not in A: 1.4-"));
  CHECK(has(unread, "1 alert is not in B: 1.1-"));
  CHECK(has(unread, "A has a note"));
  CHECK(source.description() == "A; B");
  CHECK(source.reading().done == source.reading().total);
}

TEST_CASE("the same alerts in both leave no note") {
  CombinedSource source = combined({alert(1), alert(2)}, {alert(2), alert(1)});
  CHECK(read_all(source).size() == 2);
  CHECK(source.unread().failures.size() == 2);
}

TEST_CASE("before the end nothing is reported as missing") {
  CombinedSource source = combined({alert(1), alert(2)}, {});
  SourceAlert read;
  CHECK(source.next(read).ok());
  CHECK(source.unread().failures.size() == 2);
}

TEST_CASE("alerts outside the window and other data are passed on and not compared") {
  Window window;
  window.since = 1741938000000;  // 2025-03-14T07:40:00Z
  const std::string old = alert(9, "2025-03-13T00:00:00.000+0000");
  CombinedSource source = combined({alert(1), old, R"({"error":"x"})", "{"}, {alert(1)}, window);
  CHECK(read_all(source).size() == 4);
  CHECK(source.unread().failures.size() == 2);
}

TEST_CASE("of many missing alerts the first are listed, the same each time") {
  std::vector<std::string> many;
  for (int i = 100; i < 120; ++i) many.push_back(alert(i));
  CombinedSource source = combined(many, {});
  static_cast<void>(read_all(source));
  CHECK(has(source.unread(), "20 alerts are not in B: 1.100-"));
  const std::string line = source.unread().failures.back();
  CHECK(line.ends_with(" and 15 more"));
}

}  // namespace socbridge::reconcile
