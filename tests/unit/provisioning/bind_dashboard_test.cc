// SPDX-License-Identifier: Apache-2.0
#include "provisioning/bind_dashboard.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <string>

using namespace socbridge;
using provisioning::Binding;

namespace {

Binding with_sources() {
  Binding binding;
  binding.sources = {{"wazuh-alerts", "OpenSearch", "grafana-opensearch-datasource"},
                     {"prometheus", "Prometheus", "prometheus"}};
  binding.uid = "gnet-1";
  binding.number = 1;
  return binding;
}

std::string bound(const std::string& board, const Binding& binding) {
  const auto document = json::Document::parse(board);
  REQUIRE(document.ok());
  const auto out = provisioning::bind_dashboard(document->root(), binding);
  return out.ok() ? *out : "error: " + out.status().line();
}

}  // namespace

TEST_CASE("inputs become our data sources, and additions of an export are removed") {
  const std::string board = R"({
    "__inputs":[{"name":"DS_A","type":"datasource","pluginId":"grafana-opensearch-datasource"},
                {"name":"VAR_X","type":"constant","value":"wazuh-*"}],
    "__requires":[{"id":"grafana"}],"id":7,"version":12,"uid":"theirs","title":"T",
    "panels":[{"datasource":{"type":"grafana-opensearch-datasource","uid":"${DS_A}"},
               "query":"index ${VAR_X} and ${other}"}]})";
  CHECK(bound(board, with_sources()) ==
        R"({"uid":"gnet-1","gnetId":1,"title":"T","panels":[{"datasource":)"
        R"({"type":"grafana-opensearch-datasource","uid":"wazuh-alerts"},)"
        R"("query":"index wazuh-* and ${other}"}]})");
}

TEST_CASE("bind dashboard: inputs that hold inputs do not grow") {
  std::string inputs;
  for (int i = 0; i < 40; ++i) {
    const std::string next = "${I" + std::to_string(i + 1) + "}";
    inputs += (i == 0 ? "" : ",") + (R"({"name":"I)" + std::to_string(i)) +
              R"(","type":"constant","value":")" + next + next + "\"}";
  }
  CHECK(bound(R"({"title":"T","a":"${I0}","__inputs":[)" + inputs + "]}", with_sources()) ==
        R"({"uid":"gnet-1","gnetId":1,"title":"T","a":"${I1}${I1}"})");
  std::string many;
  for (int i = 0; i < 100; ++i) many += "${BIG}";
  CHECK_THAT(bound(R"({"title":"T","__inputs":[{"name":"BIG","type":"constant","value":")" +
                       std::string(std::size_t{1} << 20, 'x') + R"("}],"a":")" + many + "\"}",
                   with_sources()),
             Catch::Contains("larger than 32 MiB"));
}

TEST_CASE("a dashboard of many inputs or open braces costs no more than its size") {
  std::string inputs;
  for (int i = 0; i <= 100; ++i) {
    inputs += (i == 0 ? "" : ",") + (R"({"name":"I)" + std::to_string(i)) +
              R"(","type":"constant","value":""})";
  }
  CHECK_THAT(bound(R"({"title":"T","__inputs":[)" + inputs + "]}", with_sources()),
             Catch::Contains("it has 101 inputs, more than 100"));
  std::string open;
  for (int i = 0; i < 150000; ++i) open += "${";
  const std::clock_t before = std::clock();
  const std::string out = bound(R"({"title":"T","a":")" + open + "}\"}", with_sources());
  CHECK(out == R"({"uid":"gnet-1","gnetId":1,"title":"T","a":")" + open + "}\"}");
  CHECK((std::clock() - before) / CLOCKS_PER_SEC < 3);  // of processor; 0.1, and once 30
}

TEST_CASE("the manifest's own values of inputs take precedence") {
  Binding binding = with_sources();
  binding.inputs = {{"DS_B", "mine"}};
  CHECK(bound(R"({"__inputs":[{"name":"DS_B","type":"datasource","pluginId":"elasticsearch"}],)"
              R"("title":"T","a":"${DS_B}"})",
              binding) == R"({"uid":"gnet-1","gnetId":1,"title":"T","a":"mine"})");
}

TEST_CASE("references that lead to data sources of their author lead to ours") {
  const std::string board =
      R"({"title":"T","a":{"datasource":{"type":"prometheus","uid":"P1809F7CD0C75ACF3"}},)"
      R"("b":{"datasource":{"type":"prometheus","uid":"${datasource}"}},)"
      R"("c":{"datasource":{"type":"loki","uid":"x"}},"d":{"datasource":null},)"
      R"("e":{"type":"datasource","query":"prometheus","current":{"value":"old"},"name":"v"}})";
  const std::string out = bound(board, with_sources());
  CHECK_THAT(out,
             Catch::Contains(R"("a":{"datasource":{"type":"prometheus","uid":"prometheus"}})"));
  CHECK_THAT(out, Catch::Contains(R"("uid":"${datasource}")"));
  CHECK_THAT(out, Catch::Contains(R"({"type":"loki","uid":"x"})"));
  CHECK_THAT(out,
             Catch::Contains(R"("name":"v","current":{"text":"Prometheus","value":"prometheus"})"));
}

TEST_CASE("a dashboard that cannot be bound has the reason") {
  const Binding binding = with_sources();
  CHECK_THAT(bound(R"({"__inputs":[{"name":"DS_L","type":"datasource","pluginId":"loki"}],)"
                   R"("title":"T"})",
                   binding),
             Catch::Contains("DS_L needs a data source of type loki") &&
                 Catch::Contains("inputs: {DS_L: UID}"));
  CHECK_THAT(bound(R"({"a":1})", binding), Catch::Contains("not a dashboard"));
  CHECK_THAT(bound("[]", binding), Catch::Contains("not a dashboard"));
  CHECK_THAT(bound(R"({"title":"T","__elements":{"x":{}}})", binding),
             Catch::Contains("library panels"));
  CHECK_THAT(bound(R"({"title":"T"})", Binding{}), Catch::Contains("no uid"));
}
