// SPDX-License-Identifier: Apache-2.0
// How values are searched for: how many at once, page by page, by filters or by ids.
#include "opencti/context_search.h"

#include <catch2/catch.hpp>

#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using test::GraphqlRequest;
using test::GraphqlServer;
using Texts = std::vector<std::string>;

// One half of an answer to SocctlContext.
std::string half(const char* name, const std::string& nodes, const std::string& cursor = {}) {
  return std::string("\"") + name + R"(":{"pageInfo":{"hasNextPage":)" +
         (cursor.empty() ? "false" : "true") + R"(,"endCursor":")" + cursor + R"("},"edges":[)" +
         nodes + "]}";
}
std::string domain(const std::string& id, const std::string& name) {
  return R"({"node":{"id":")" + id + R"(","entity_type":"Domain-Name","observable_value":")" +
         name + "\"}}";
}
std::string data(const std::string& members) { return "{\"data\":{" + members + "}}"; }
const std::string kNothing = data(half("stixCyberObservables", "") + "," + half("indicators", "") +
                                  "," + half("stixCoreRelationships", ""));

std::vector<Wanted> wanted(const Texts& texts, const char* type = "domain") {
  std::vector<Wanted> out;
  for (const std::string& text : texts) {
    out.emplace_back();
    out.back().context.value = value_of(type, text);
    out.back().lookup = lookup_keys_of(out.back().context.value);
  }
  return out;
}

struct Fixture {
  explicit Fixture(GraphqlServer::Reply reply) : server(std::move(reply)) {}
  Status run(std::vector<Wanted>& values) {
    http::Client http{http::ClientOptions{}};
    Client client(http, {server.url(), Secret("the-token")}, 1);
    Halving halving(Deadline::after_ms(20000));
    return ContextSearch(client, halving, notes).run(values);
  }
  GraphqlServer server;
  std::vector<std::string> notes;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("pages of a search are read to the last, and a half that is done is left out") {
  Fixture fixture([](const GraphqlRequest& asked) {
    if (asked.operation != "SocctlContext") return kNothing;
    if (!has(asked.variables, "afterObservables")) {
      return data(half("stixCyberObservables", domain("1", "a.example"), "c1") + "," +
                  half("indicators", ""));
    }
    return data(half("stixCyberObservables", domain("2", "a.example")));
  });
  auto values = wanted({"a.example"});
  REQUIRE(fixture.run(values).ok());
  CHECK(values[0].context.observables.size() == 2);
  const auto asked = fixture.server.asked("SocctlContext");
  REQUIRE(asked.size() == 2);
  CHECK(has(asked[0], R"("wantObservables":true,"wantIndicators":true,"first":500)"));
  CHECK(has(asked[1], R"("wantObservables":true,"wantIndicators":false,"afterObservables":"c1")"));
  CHECK(fixture.notes.empty());
}

TEST_CASE("a search without an end is cut off after 20 pages, and that is noted") {
  Fixture fixture([](const GraphqlRequest& asked) {
    if (asked.operation != "SocctlContext") return kNothing;
    return data(half("stixCyberObservables", domain("1", "a.example"), "again") + "," +
                half("indicators", ""));
  });
  auto values = wanted({"a.example"});
  REQUIRE(fixture.run(values).ok());
  CHECK(fixture.server.asked("SocctlContext").size() == 20);
  REQUIRE(fixture.notes.size() == 1);
  CHECK(has(fixture.notes[0], "give fewer values"));
  CHECK(values[0].context.observables.size() == 1);
}

TEST_CASE("a page that announces another without its place is the last one") {
  Fixture fixture([](const GraphqlRequest& asked) {
    if (asked.operation != "SocctlContext") return kNothing;
    return data(R"("stixCyberObservables":{"pageInfo":{"hasNextPage":true},"edges":[]},)" +
                half("indicators", ""));
  });
  auto values = wanted({"a.example"});
  REQUIRE(fixture.run(values).ok());
  CHECK(fixture.server.asked("SocctlContext").size() == 1);
}

TEST_CASE("at most 200 values are searched for at once, and of addresses as many as fit") {
  Fixture fixture([](const GraphqlRequest&) { return kNothing; });
  Texts names, addresses;
  for (int i = 0; i < 201; ++i) names.push_back("n" + std::to_string(i) + ".example");
  for (int i = 0; i < 60; ++i) addresses.push_back(std::to_string(20 + i) + ".1.1.1");
  auto values = wanted(names);
  REQUIRE(fixture.run(values).ok());
  CHECK(fixture.server.asked("SocctlContext").size() == 2);
  // 25 networks each, in two patterns, none of them shared: 52 of 800 clauses.
  values = wanted(addresses, "ip");
  REQUIRE(fixture.run(values).ok());
  const auto asked = fixture.server.asked("SocctlContext");
  CHECK(asked.size() == 2 + 4);
  for (const std::string& one : asked) {
    const auto variables = json::Document::parse(one);
    for (const char* name : {"observables", "indicators"}) {
      const json::Value filters = variables->root()[name]["filters"];
      for (std::size_t i = 0; i < filters.size(); ++i) {
        CHECK(filters.at(i)["values"].size() * filters.at(i)["key"].size() <= 800);
      }
    }
  }
}

TEST_CASE("neighbouring addresses are searched for with each network once") {
  Fixture fixture([](const GraphqlRequest&) { return kNothing; });
  Texts addresses;
  for (int i = 0; i < 60; ++i) addresses.push_back("198.51.100." + std::to_string(i));
  auto values = wanted(addresses, "ip");
  REQUIRE(fixture.run(values).ok());
  const auto asked = fixture.server.asked("SocctlContext");
  REQUIRE(asked.size() == 1);
  const std::string network = "\"198.51.100.0/24\"";
  const std::size_t first = asked[0].find(network);
  REQUIRE(first != std::string::npos);
  CHECK(asked[0].find(network, first + 1) == std::string::npos);
}

TEST_CASE("long values are asked for by their ids, two at once; without an id they are not") {
  const auto url = [](char c) { return "http://long.example/" + std::string(600, c); };
  auto values = wanted({url('a'), url('b'), url('c')}, "url");
  const std::string last_id = values[2].lookup.observable_id;
  Fixture fixture([&](const GraphqlRequest& asked) {
    if (asked.operation != "SocctlContextById") return kNothing;
    if (!has(asked.variables, last_id)) return data(R"("observableA":null,"observableB":null)");
    return data(R"("observableA":{"id":"3","standard_id":"url--3"},"observableB":)"
                R"({"id":"3"},"indicatorA":{"id":"4","standard_id":"indicator--4"})");
  });
  values.push_back(wanted({std::string(600, 'x')}, "my-type").front());
  REQUIRE(fixture.run(values).ok());
  CHECK(fixture.server.asked("SocctlContextById").size() == 2);
  CHECK(fixture.server.asked("SocctlContext").empty());
  CHECK_FALSE(values[0].context.known());
  CHECK(values[2].context.observables.size() == 1);
  CHECK(values[2].context.indicators.size() == 1);
  CHECK(values[3].context.status.ok());
  CHECK_FALSE(values[3].context.known());
}

TEST_CASE("indicators based on an observable are its value's, whatever their patterns say") {
  Fixture fixture([](const GraphqlRequest& asked) {
    if (asked.operation == "SocctlContext") {
      return data(half("stixCyberObservables", domain("1", "a.example")) + "," +
                  half("indicators", ""));
    }
    const std::string more = has(asked.variables, "\"after\"") ? "" : "c1";
    return data(half("stixCoreRelationships",
                     R"({"node":{"toId":"1","from":{"id":"i)" + more +
                         R"("}}},)"
                         R"({"node":{"toId":"unknown","from":{"id":"x"}}},)"
                         R"({"node":{"toId":"1","from":null}},{"node":null})",
                     more));
  });
  auto values = wanted({"a.example", "b.example"});
  REQUIRE(fixture.run(values).ok());
  CHECK(values[0].context.indicators.size() == 2);
  CHECK(values[1].context.indicators.empty());
  CHECK(fixture.server.asked("SocctlBasedOn").size() == 2);
}

TEST_CASE("a value that cannot be searched for has the reason, the others are found") {
  Fixture fixture([](const GraphqlRequest& asked) {
    if (has(asked.variables, "poison.example")) return test::graphql_error("DATABASE_ERROR");
    if (asked.operation != "SocctlContext") return kNothing;
    return data(half("stixCyberObservables", domain("1", "a.example")) + "," +
                half("indicators", ""));
  });
  auto values = wanted({"poison.example", "a.example"});
  REQUIRE(fixture.run(values).ok());
  CHECK(values[0].context.status.code() == ExitCode::unreachable);
  CHECK(has(values[0].context.status.message(), "asking OpenCTI for context"));
  CHECK(values[1].context.status.ok());
  CHECK(values[1].context.known());
}

TEST_CASE("a refused search ends it, and a value that is nowhere is not asked") {
  Fixture fixture([](const GraphqlRequest&) { return test::graphql_error("FORBIDDEN_ACCESS"); });
  auto values = wanted({"a.example", "b.example"});
  CHECK(fixture.run(values).code() == ExitCode::auth);
  CHECK(fixture.server.asked().size() == 1);
  auto nowhere = wanted({"abc"}, "hash");  // no digest has three digits
  CHECK(fixture.run(nowhere).ok());
  CHECK(fixture.server.asked().size() == 1);
}

}  // namespace socbridge::opencti
