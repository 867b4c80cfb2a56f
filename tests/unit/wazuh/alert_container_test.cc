// SPDX-License-Identifier: Apache-2.0
#include "wazuh/alert_container.h"

#include <catch2/catch.hpp>

namespace socbridge::wazuh {
namespace {

constexpr const char* kAlert = R"({"rule":{"level":3},"id":"1.1"})";

std::string answer(const std::string& hits, const std::string& more = R"("total":2,)") {
  return R"({"took":1,"hits":{)" + more + R"("hits":[)" + hits + "]}}";
}

std::string two() { return std::string(kAlert) + "," + kAlert; }

TEST_CASE("containers of several alerts", "[form]") {
  const auto count = [](const std::string& text) -> std::size_t {
    const auto container = Container::of(text);
    REQUIRE(container);
    CHECK(container->doubts().empty());
    return container->size();
  };
  CHECK(count("[" + two() + "]") == 2);
  CHECK(count(answer(two())) == 2);
  CHECK(count("[" + answer(two()) + "," + answer(two()) + "]") == 4);
  CHECK(count(R"({"responses":[)" + answer(two()) + "]}") == 2);
  CHECK(count(answer("", R"("total":{"value":0,"relation":"eq"},)")) == 0);
}

TEST_CASE("data that is not a container", "[form]") {
  for (const char* text : {kAlert, R"({"hits":3})", R"({"hits":{"total":3}})", "", "[", "{}",
                           // An alert with members of these names is one alert.
                           R"({"rule":{},"responses":[1,2],"hits":{"hits":[1]}})",
                           R"({"_source":{"rule":{}},"hits":{"hits":[1,2]}})"}) {
    INFO(text);
    CHECK_FALSE(Container::of(text));
  }
}

TEST_CASE("each part that does not prove to be all is doubted once", "[form]") {
  CHECK(Container::of(answer(two(), ""))->doubts().size() == 1);
  CHECK(Container::of("[" + answer(two(), "") + "," + answer(two(), R"("total":9,)") + "]")
            ->doubts()
            .size() == 2);
  CHECK(Container::of("[]")->doubts().size() == 1);
  // An error among the answers is an item, which its reader refuses.
  const auto mixed =
      Container::of(R"({"responses":[{"error":"no","status":404},)" + answer(two()) + "]}");
  CHECK(mixed->size() == 3);
}

TEST_CASE("alert container: unlimited nesting takes bounded work", "[form]") {
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  const auto container = Container::of(deep);
  REQUIRE(container);
  CHECK(container->size() == 1);
}

TEST_CASE("formats that are not JSON are reported", "[form]") {
  CHECK(foreign_form("<html>").find("HTML") != std::string::npos);
  CHECK(foreign_form("** Alert 1.2: - x").find("alerts.log") != std::string::npos);
  CHECK(foreign_form("\xFD\x37zXZ....").find("xz") != std::string::npos);
  CHECK(foreign_form(kAlert).empty());
  CHECK(foreign_form("torn\",\"id\":1}").empty());
}

}  // namespace
}  // namespace socbridge::wazuh
