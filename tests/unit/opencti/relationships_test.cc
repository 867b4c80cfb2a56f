// SPDX-License-Identifier: Apache-2.0
// Links of observables and indicators to threats.
#include "opencti/relationships.h"

#include <catch2/catch.hpp>

#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using test::GraphqlRequest;
using test::GraphqlServer;
using Texts = std::vector<std::string>;

std::string end(const std::string& id, const std::string& type, const std::string& marking = {}) {
  return R"({"id":")" + id + R"(","standard_id":"s-)" + id + R"(","entity_type":")" + type +
         R"(","representative":{"main":"name )" + id + "\"}" +
         (marking.empty() ? "" : R"(,"objectMarking":[{"definition":")" + marking + "\"}]") + "}";
}

std::string link(const std::string& from, const std::string& kind, const std::string& to) {
  const auto id = [](const std::string& json) { return json.substr(7, json.find('"', 7) - 7); };
  return R"({"node":{"id":"r","relationship_type":")" + kind + R"(","fromId":")" + id(from) +
         R"(","toId":")" + id(to) + R"(","objectMarking":[{"definition":"TLP:GREEN"}],"from":)" +
         from + R"(,"to":)" + to + "}}";
}

std::string page(const std::string& edges, const std::string& cursor = {}) {
  return R"({"data":{"stixCoreRelationships":{"pageInfo":{"endCursor":")" + cursor +
         R"(","hasNextPage":)" + (cursor.empty() ? "false" : "true") + R"(},"edges":[)" + edges +
         "]}}}";
}

std::string joined(const std::vector<std::string>& edges) {
  std::string out;
  for (const std::string& one : edges) out += (out.empty() ? "" : ",") + one;
  return out;
}

Contexts of(const Texts& indicators) {
  Contexts out;
  for (const std::string& id : indicators) {
    Context one;
    one.indicators.emplace_back();
    one.indicators.back().id = id;
    one.indicators.back().standard_id = "indicator--" + id;
    out.contexts.push_back(std::move(one));
  }
  return out;
}

Status add(const GraphqlServer& server, Contexts& contexts, int depth) {
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("the-token")}, 1);
  return add_links(client, contexts, depth, Deadline::after_ms(20000));
}

// "kind name, from|to" of each link.
Texts listed(const Context& context) {
  Texts out;
  for (const Link& one : context.links) {
    out.push_back(one.kind + " " + one.threat.name +
                  (one.end == Link::End::target ? " to" : " from") +
                  (one.via.empty() ? "" : " via " + one.via));
  }
  return out;
}

const std::string kIndicator = end("i", "Indicator");

}  // namespace

TEST_CASE("direct links are threats at the other end, the strongest type first") {
  const GraphqlServer server([](const GraphqlRequest&) {
    return page(joined({link(kIndicator, "indicates", end("tool", "Tool")),
                        link(kIndicator, "indicates", end("b", "Malware", "TLP:RED")),
                        link(kIndicator, "indicates", end("a", "Malware")),
                        link(end("actor", "Intrusion-Set"), "targets", kIndicator),
                        link(kIndicator, "based-on", end("o", "IPv4-Addr")),
                        link(kIndicator, "related-to", kIndicator),
                        link(kIndicator, "indicates", end("a", "Malware"))}));
  });
  Contexts contexts = of({"i"});
  REQUIRE(add(server, contexts, 1).ok());
  CHECK(listed(contexts.contexts[0]) == Texts{"targets name actor from", "indicates name a to",
                                              "indicates name b to", "indicates name tool to"});
  const Link& marked = contexts.contexts[0].links[2];
  CHECK(marked.markings == Texts{"TLP:GREEN", "TLP:RED"});
  CHECK(marked.subject == "indicator--i");
  CHECK(contexts.notes.empty());
  CHECK(server.asked().size() == 1);
}

TEST_CASE("links of links name the threat in between and have the markings of all of it") {
  const GraphqlServer server([](const GraphqlRequest& asked) {
    if (asked.variables.find(R"("kinds")") == std::string::npos) {
      return page(joined({link(kIndicator, "indicates", end("m", "Malware", "TLP:AMBER")),
                          link(kIndicator, "indicates", end("t", "Attack-Pattern"))}));
    }
    return page(joined({link(end("actor", "Campaign", "TLP:RED"), "uses", end("m", "Malware")),
                        link(end("m", "Malware"), "uses", end("t", "Attack-Pattern"))}));
  });
  Contexts contexts = of({"i"});
  REQUIRE(add(server, contexts, 2).ok());
  // What is linked directly is not there once more, and techniques lead to nothing.
  CHECK(listed(contexts.contexts[0]) ==
        Texts{"indicates name m to", "indicates name t to", "uses name actor from via name m"});
  const Link& far = contexts.contexts[0].links[2];
  CHECK(far.markings == Texts{"TLP:GREEN", "TLP:RED", "TLP:GREEN", "TLP:AMBER"});
  CHECK(far.subject.empty());
  const auto asked = server.asked();
  REQUIRE(asked.size() == 2);
  CHECK_THAT(asked[1], Catch::Contains(R"("ids":["m"])") &&
                           Catch::Contains(R"(["uses","attributed-to","authored-by"])"));
}

TEST_CASE("pages are read to the last, and to one that leads nowhere") {
  int pages = 0;
  const GraphqlServer server([&](const GraphqlRequest&) {
    ++pages;
    const std::string one = link(kIndicator, "indicates", end(std::to_string(pages), "Malware"));
    return page(one, pages < 3 ? "c" + std::to_string(pages) : "");
  });
  Contexts contexts = of({"i"});
  REQUIRE(add(server, contexts, 1).ok());
  CHECK(contexts.contexts[0].links.size() == 3);
  const auto asked = server.asked();
  REQUIRE(asked.size() == 3);
  CHECK_THAT(asked[2], Catch::Contains(R"("after":"c2")"));
  const GraphqlServer empty([](const GraphqlRequest&) { return page("", "again"); });
  REQUIRE(add(empty, contexts, 1).ok());
  CHECK(empty.asked().size() == 1);
}

TEST_CASE("of a value with more than 100 direct links no more are read, and that is noted") {
  const GraphqlServer server([](const GraphqlRequest&) {
    std::vector<std::string> edges;
    for (int i = 0; i < 100; ++i) {
      edges.push_back(link(kIndicator, "indicates", end(std::to_string(i), "Tool")));
    }
    return page(joined(edges), "more");
  });
  Contexts contexts = of({"i"});
  REQUIRE(add(server, contexts, 1).ok());
  CHECK(contexts.contexts[0].links.size() == 100);
  CHECK(contexts.notes == Texts{"more direct links are known than were read (100 per value)"});
  CHECK_THAT(server.asked().at(0), Catch::Contains(R"("first":100)"));
  CHECK(server.asked().size() == 1);
}

TEST_CASE("links of at most 50 threats are followed, 200 are read, and both is noted") {
  const GraphqlServer server([](const GraphqlRequest& asked) {
    std::vector<std::string> edges;
    if (asked.variables.find(R"("kinds")") == std::string::npos) {
      for (int i = 0; i < 60; ++i) {
        edges.push_back(link(kIndicator, "indicates", end("m" + std::to_string(i), "Malware")));
      }
      return page(joined(edges));
    }
    for (int i = 0; i < 200; ++i) {
      edges.push_back(link(end("c" + std::to_string(i), "Campaign"), "uses", end("m0", "Malware")));
    }
    return page(joined(edges), "more");
  });
  Contexts contexts = of({"i"});
  REQUIRE(add(server, contexts, 2).ok());
  CHECK(contexts.contexts[0].links.size() == 260);
  CHECK(contexts.notes == Texts{"indirect links were read for the first 50 threats only",
                                "more indirect links are known than were read (200)"});
  const auto variables = json::Document::parse(server.asked().at(1));
  CHECK(variables->root()["ids"].size() == 50);
}

TEST_CASE("links of many values are asked for 100 at a time, each for its own") {
  Texts ids;
  for (int i = 0; i < 101; ++i) ids.push_back("i" + std::to_string(1000 + i));
  const GraphqlServer server([](const GraphqlRequest& asked) {
    const auto variables = json::Document::parse(asked.variables);
    const std::string first = variables->root()["ids"].at(0).string_text();
    return page(link(end(first, "Indicator"), "indicates", end("m", "Malware")));
  });
  Contexts contexts = of(ids);
  REQUIRE(add(server, contexts, 1).ok());
  CHECK(server.asked().size() == 2);
  CHECK(contexts.contexts[0].links.size() == 1);
  CHECK(contexts.contexts[1].links.empty());
  CHECK(contexts.contexts[100].links.size() == 1);
}

TEST_CASE("no request is made for the links of nothing, and a failure is one") {
  const GraphqlServer server(
      [](const GraphqlRequest&) { return test::graphql_error("FORBIDDEN_ACCESS"); });
  Contexts none = of({});
  CHECK(add(server, none, 2).ok());
  CHECK(server.asked().empty());
  Contexts one = of({"i"});
  CHECK(add(server, one, 2).code() == ExitCode::auth);
}

}  // namespace socbridge::opencti
