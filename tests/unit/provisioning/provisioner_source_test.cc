// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "hash/digest.h"
#include "json/value.h"
#include "provisioned.h"

namespace socbridge::provisioning {
namespace {

using namespace test;

const std::string kBody =
    R"({"uid":"p","name":"Prometheus","type":"prometheus","url":"http://p:9090","jsonData":{"a":1}})";

// What Grafana has: the members of the body, changed by `url`, with more members.
std::string there(const std::string& url, const std::string& json_data,
                  const std::string& more = "") {
  return R"({"uid":"p","name":"Prometheus","type":"prometheus","access":"direct","version":4,"url":")" +
         url + R"(","jsonData":{)" + json_data + "}" + more + "}";
}
// The mark that an apply of this body left with the version 4.
std::string mark(const std::string& body, int version = 4) {
  return R"("socbridge":{"hash":")" + sha256_hex(body).substr(0, 16) + R"(","version":)" +
         std::to_string(version) + "}";
}

struct Source : Provisioned {
  explicit Source(Routes routes) : Provisioned(std::move(routes)) {
    manifest.data_sources = {{"p", "Prometheus", "prometheus", kBody, {}, {}}};
  }
  DataSourceEntry& entry() { return manifest.data_sources[0]; }
  void add_secret(const std::string& value) {
    const std::string file = folder.write("secret", value + "\n");
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    entry().secrets = {{"httpHeaderValue1", "Bearer $__file{" + file + "}"}};
  }
};

Source with(const std::string& answer) {
  Routes routes = empty_grafana();
  routes["GET /api/datasources/uid/p"] = {answer};
  return Source(std::move(routes));
}

json::Document parsed(const std::string& text) {
  auto document = json::Document::parse(text);
  INFO(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

Options overwrite() {
  Options options;
  options.edited = EditedItems::overwrite;
  return options;
}

}  // namespace

TEST_CASE("data sources: a missing one is made with its secrets and a mark") {
  Source source(empty_grafana());
  source.add_secret("s3cret");
  source.run();
  CHECK(source.said() == "missing, create");
  CHECK(source.changes() == 0);
  source.apply();
  const auto sent = parsed(source.sent("POST /api/datasources"));
  CHECK(sent.root()["uid"].text() == "p");
  CHECK(sent.root()["access"].text() == "proxy");
  CHECK(sent.root()["url"].text() == "http://p:9090");
  CHECK(sent.root()["jsonData"].dump() == R"({"a":1,)" + mark(kBody, 1) + "}");
  CHECK(sent.root()["secureJsonData"].dump() == R"({"httpHeaderValue1":"Bearer s3cret"})");
  CHECK_FALSE(sent.root()["version"]);
}

TEST_CASE("data sources: nothing is made without its plug-in or its secret") {
  Routes routes = empty_grafana();
  routes["GET /api/plugins/"] = {not_found()};
  Source plugin(routes);
  plugin.apply();
  CHECK(plugin.said() == "failed, none: Grafana has no plug-in prometheus");
  CHECK(plugin.items.back().status.hint().find("grafana cli plugins install prometheus") == 4);
  Source secret(empty_grafana());
  secret.entry().secrets = {{"password", "$__file{/no/such/file}"}};
  secret.apply();
  CHECK(secret.said().starts_with("failed, none: "));
  CHECK(secret.items.back().status.code() == ExitCode::usage);
  CHECK(secret.changes() == 0);
}

TEST_CASE("data sources: one that is as the manifest says is not changed") {
  Source same = with(there("http://p:9090", R"("a":1,"timeout":5)"));
  same.apply();
  CHECK(same.said() == "current, none");
  CHECK(same.changes() == 0);
}

TEST_CASE("data sources: what an earlier apply left is changed, what a person did is kept") {
  const std::string old = R"("a":2,)" + mark("an earlier manifest");
  Source outdated = with(there("http://old:9090", old));
  outdated.apply();
  CHECK(outdated.said() == "outdated, update");
  CHECK(outdated.differences() ==
        std::vector<std::string>{R"(/url: "http://old:9090" -> "http://p:9090")",
                                 "/jsonData/a: 2 -> 1"});
  // Marked by an apply of this manifest, or changed since an earlier one.
  for (const std::string& data :
       {R"("a":2,)" + mark(kBody), R"("a":2,)" + mark("an earlier manifest", 3)}) {
    Source changed = with(there("http://p:9090", data));
    changed.apply();
    CHECK(changed.said() == "edited, keep: changed by hand");
    CHECK(changed.changes() == 0);
  }
  Source made = with(there("http://other:9090", R"("a":1)"));
  made.apply();
  CHECK(made.said() == "edited, keep: made by hand");
  made.apply(overwrite());
  CHECK(made.said() == "edited, update: made by hand");
  CHECK(made.server.count("PUT /api/datasources/uid/p ") == 1);
}

TEST_CASE("data sources: a change keeps what only Grafana has, and names the version") {
  Source source = with(there("http://old", R"("a":2,"timeout":5,)" + mark("x"),
                             R"(,"isDefault":true,"id":9,"typeLogoUrl":"x")"));
  source.apply();
  const auto sent = parsed(source.sent("PUT /api/datasources/uid/p "));
  CHECK(sent.root()["version"].integer() == 4);
  CHECK(sent.root()["access"].text() == "direct");
  CHECK(sent.root()["isDefault"].boolean() == true);
  CHECK_FALSE(sent.root()["id"]);
  CHECK_FALSE(sent.root()["typeLogoUrl"]);
  CHECK_FALSE(sent.root()["secureJsonData"]);
  CHECK(sent.root()["jsonData"].dump() == R"({"a":1,"timeout":5,)" + mark(kBody, 5) + "}");
}

TEST_CASE("data sources: secrets are sent if Grafana has none, or if they are to be") {
  const std::string set = R"(,"secureJsonFields":{"httpHeaderValue1":true})";
  Source kept = with(there("http://p:9090", R"("a":1)", set));
  kept.add_secret("s3cret");
  kept.apply();
  CHECK(kept.said() == "current, none");
  Options again;
  again.secrets = Secrets::write_again;
  kept.apply(again);
  CHECK(kept.said() == "outdated, update: its secrets must be written");
  CHECK(kept.sent("PUT ").find("Bearer s3cret") != std::string::npos);

  Source unset = with(there("http://p:9090", R"("a":1)"));
  unset.add_secret("s3cret");
  unset.apply();
  CHECK(unset.differences() ==
        std::vector<std::string>{"/secureJsonData/httpHeaderValue1:  -> (set)"});
  CHECK(unset.sent("PUT ").find("Bearer s3cret") != std::string::npos);

  Source other = with(there("http://old", R"("a":1,)" + mark("x"), set));
  other.add_secret("s3cret");
  other.apply();
  CHECK(other.said() == "outdated, update");
  CHECK(other.sent("PUT ").find("s3cret") == std::string::npos);
}

TEST_CASE("data sources: no secret is in what is said, whatever the server repeats") {
  Routes routes = empty_grafana();
  routes["POST /api/datasources"] = {
      http_answer(400, R"({"message":"bad Bearer s3cret of http://u5er:pw@p:9090 t0p-url"})")};
  Source source(routes);
  source.add_secret("s3cret");
  source.entry().body = R"({"name":"Prometheus","type":"prometheus","url":"t0p-url"})";
  source.entry().referenced = {"/url"};
  source.apply();
  CHECK(source.items.back().state == State::failed);
  CHECK(source.said().find("s3cret") == std::string::npos);
  CHECK(source.said().find("t0p-url") == std::string::npos);
}

TEST_CASE("data sources: values of references and logins of URLs are not shown") {
  Source source = with(there("http://ann:pw@old/x?y=http://bob:pw2@z", R"("a":1,)" + mark("x")));
  source.run();
  CHECK(source.differences() ==
        std::vector<std::string>{R"(/url: "http://...@old/x?y=http://...@z" -> "http://p:9090")"});
  source.entry().referenced = {"/url"};
  source.run();
  CHECK(source.differences() == std::vector<std::string>{"/url: (not shown) -> (not shown)"});
  Source nested = with(there("http://p:9090", mark("x")));
  nested.entry().referenced = {"/jsonData/a"};
  nested.run();
  CHECK(nested.differences() == std::vector<std::string>{"/jsonData/a:  -> (not shown)"});
}

TEST_CASE("data sources: one of the same name counts, but not one of another type") {
  Routes routes = empty_grafana();
  routes["GET /api/datasources/name/Prometheus"] = {
      R"({"uid":"zz","name":"Prometheus","type":"prometheus","url":"http://p:9090",
          "jsonData":{"a":1},"version":2})"};
  Source renamed(routes);
  renamed.apply();
  CHECK(renamed.said() == "current, none: under the uid zz, which dashboards use");
  CHECK(renamed.items.back().uid == "zz");
  Source other = with(R"({"uid":"p","name":"Prometheus","type":"loki\u001b"})");
  other.apply(overwrite());
  CHECK(other.said() == "failed, none: there is a data source Prometheus of type loki\\u{1b}");
  CHECK(other.changes() == 0);
}

TEST_CASE("data sources: those from files of the server are not changed") {
  Source source = with(there("http://old", R"("a":1,)" + mark("x"), R"(,"readOnly":true)"));
  source.apply(overwrite());
  CHECK(source.said() ==
        "provisioned, none: from files of the server, and different from the manifest");
  CHECK(source.changes() == 0);
  Source same = with(there("http://p:9090", R"("a":1)", R"(,"readOnly":true)"));
  same.apply();
  CHECK(same.said() == "provisioned, none");
}

}  // namespace socbridge::provisioning
