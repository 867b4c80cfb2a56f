// SPDX-License-Identifier: Apache-2.0
// References and reports of what a search found.
#include "opencti/context_details.h"

#include <catch2/catch.hpp>

#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using test::GraphqlRequest;
using test::GraphqlServer;
using Texts = std::vector<std::string>;

Contexts with(std::size_t observables, std::size_t indicators) {
  Contexts out;
  out.contexts.emplace_back();
  Context& context = out.contexts.front();
  context.value = value_of("domain", "a.example");
  for (std::size_t i = 0; i < observables; ++i) {
    context.observables.emplace_back();
    context.observables.back().id = "o" + std::to_string(100 + i);
  }
  for (std::size_t i = 0; i < indicators; ++i) {
    context.indicators.emplace_back();
    context.indicators.back().id = "i" + std::to_string(100 + i);
  }
  return out;
}

// A reference and a report of each of these things.
std::string answer(const char* list, const Texts& ids, const char* more = "false") {
  std::string out = R"({"data":{")" + std::string(list) + R"(":{"edges":[)";
  for (const std::string& id : ids) {
    out += R"({"node":{"id":")" + id + R"(","externalReferences":{"pageInfo":{"hasNextPage":)" +
           more + R"(},"edges":[{"node":{"source_name":"of )" + id +
           R"("}}]},"reports":{"pageInfo":{"hasNextPage":)" + more +
           R"(},"edges":[{"node":{"id":"r1","name":"Report"}}]}}},)";
  }
  out.back() = ']';
  return out + "}}}";
}

Status add(const GraphqlServer& server, Contexts& contexts, Detail detail) {
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("the-token")}, 1);
  Halving halving(Deadline::after_ms(20000));
  return add_details(client, halving, contexts, detail);
}

}  // namespace

TEST_CASE("nothing is asked for details that are not wanted, nor for those of nothing") {
  const GraphqlServer server([](const GraphqlRequest&) { return std::string("{}"); });
  Contexts contexts = with(1, 1);
  CHECK(add(server, contexts, Detail::none).ok());
  Contexts empty = with(0, 0);
  CHECK(add(server, empty, Detail::all).ok());
  CHECK(server.asked().empty());
}

TEST_CASE("references are those of indicators, all details are those of observables too") {
  const GraphqlServer server([](const GraphqlRequest& asked) {
    const bool observables = asked.variables.find(R"("wantObservables":true)") != std::string::npos;
    return observables ? answer("stixCyberObservables", {"o100"}) : answer("indicators", {"i100"});
  });
  Contexts some = with(1, 1);
  REQUIRE(add(server, some, Detail::references).ok());
  CHECK(some.contexts[0].observables[0].references.empty());
  CHECK(some.contexts[0].indicators[0].references.at(0).source == "of i100");
  REQUIRE(server.asked().size() == 1);
  CHECK_THAT(server.asked()[0], Catch::Contains(R"("wantIndicators":true,"wantReports":false)"));
  Contexts all = with(1, 1);
  REQUIRE(add(server, all, Detail::all).ok());
  CHECK(all.contexts[0].observables[0].references.at(0).source == "of o100");
  CHECK(all.contexts[0].observables[0].reports.size() == 1);
  CHECK(all.contexts[0].reports.size() == 1);  // the same one of both
  CHECK_THAT(server.asked().back(), Catch::Contains(R"("wantReports":true)"));
}

TEST_CASE("details of 20 things are asked for at once") {
  const GraphqlServer server([](const GraphqlRequest&) { return answer("indicators", {"none"}); });
  Contexts contexts = with(0, 45);
  REQUIRE(add(server, contexts, Detail::references).ok());
  Texts sizes;
  for (const std::string& one : server.asked()) {
    const auto variables = json::Document::parse(one);
    sizes.push_back(variables->root()["first"].text());
    CHECK(std::to_string(variables->root()["things"]["filters"].at(0)["values"].size()) ==
          sizes.back());
  }
  CHECK(sizes == Texts{"20", "20", "5"});
}

TEST_CASE("a thing of two values gives its details to both, an unknown one to none") {
  const GraphqlServer server([](const GraphqlRequest&) {
    return answer("indicators", {"unknown", "i100"});
  });
  Contexts contexts = with(0, 1);
  contexts.contexts.push_back(contexts.contexts.front());
  REQUIRE(add(server, contexts, Detail::references).ok());
  CHECK(server.asked().size() == 1);
  for (const Context& one : contexts.contexts) {
    REQUIRE(one.indicators[0].references.size() == 1);
    CHECK(one.indicators[0].references[0].source == "of i100");
  }
}

TEST_CASE("a list of details that is cut off is noted, once for each value") {
  const GraphqlServer server([](const GraphqlRequest&) {
    return answer("indicators", {"i100", "i101"}, "true");
  });
  Contexts contexts = with(0, 2);
  contexts.contexts[0].value.text = "evil\x1b.example";
  REQUIRE(add(server, contexts, Detail::references).ok());
  REQUIRE(contexts.notes.size() == 2);
  CHECK_THAT(contexts.notes[0],
             Catch::EndsWith(": more than 20 references are known") && !Catch::Contains("\x1b"));
  CHECK_THAT(contexts.notes[1], Catch::EndsWith(": more than 10 reports are known"));
}

TEST_CASE("details that the platform cannot give are noted, and the others are read") {
  const GraphqlServer server([](const GraphqlRequest& asked) {
    if (asked.variables.find("i101") != std::string::npos) {
      return test::graphql_error("DATABASE_ERROR");
    }
    return answer("indicators", {"i100"});
  });
  Contexts contexts = with(0, 2);
  REQUIRE(add(server, contexts, Detail::references).ok());
  CHECK(contexts.contexts[0].indicators[0].references.size() == 1);
  CHECK(contexts.contexts[0].indicators[1].references.empty());
  REQUIRE(contexts.notes.size() == 1);
  CHECK_THAT(contexts.notes[0],
             Catch::StartsWith("a.example: its references and reports could not be read: ") &&
                 Catch::Contains("DATABASE_ERROR"));
}

TEST_CASE("a refused question for details is an error") {
  const GraphqlServer server(
      [](const GraphqlRequest&) { return test::graphql_error("FORBIDDEN_ACCESS"); });
  Contexts contexts = with(1, 0);
  CHECK(add(server, contexts, Detail::all).code() == ExitCode::auth);
}

}  // namespace socbridge::opencti
