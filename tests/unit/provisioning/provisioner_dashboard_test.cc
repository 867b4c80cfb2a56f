// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "json/value.h"
#include "provisioned.h"

namespace socbridge::provisioning {
namespace {

using namespace test;

constexpr const char* kBoard = R"({"uid":"b","title":"Board","panels":[],"id":7,"version":3})";
const char* const kSave = "POST /api/dashboards/db";

struct Board : Provisioned {
  explicit Board(Routes routes) : Provisioned(std::move(routes)) {
    manifest.dashboards = {{folder.write("board.json", kBoard), 0, 0, "", {}}};
  }
};

// A Grafana whose dashboard b has this title, in this folder, with this newest entry of its
// history.
Routes grafana(const std::string& title, const std::string& history,
               const std::string& folder = "soc", const std::string& meta = "") {
  Routes routes = empty_grafana();
  routes["GET /api/dashboards/uid/b"] = {
      R"({"dashboard":{"uid":"b","title":")" + title +
      R"(","panels":[],"version":5},"meta":{"version":5,"folderUid":")" + folder + "\"" + meta +
      "}}"};
  routes["GET /api/dashboards/uid/b/versions"] = {history};
  return routes;
}
std::string saved(const std::string& message, const std::string& author = "") {
  return R"([{"version":5,"createdBy":")" + author + R"(","message":")" + message + "\"}]";
}

// The mark that an apply of the manifest writes into the history.
std::string mark() {
  Board board(empty_grafana());
  board.apply();
  const auto sent = json::Document::parse(board.sent(kSave));
  REQUIRE(sent.ok());
  return sent->root()["message"].text();
}

std::string applied(Routes routes) {
  Board board(std::move(routes));
  board.apply();
  return board.said() + (board.changes() > 0 ? " and saved" : "");
}

std::string failure(Board& board) {
  board.apply();
  CHECK(board.changes() == 0);
  CHECK(board.items.back().state == State::failed);
  return board.items.back().status.message();
}

}  // namespace

TEST_CASE("dashboards: a missing one is saved into the folder with a mark") {
  Board board(empty_grafana());
  board.run();
  CHECK(board.said() == "missing, create");
  CHECK(board.changes() == 0);
  board.apply();
  CHECK(board.items.back().name == "Board");
  CHECK(board.items.back().uid == "b");
  const auto sent = json::Document::parse(board.sent(kSave));
  REQUIRE(sent.ok());
  CHECK(sent->root()["folderUid"].text() == "soc");
  CHECK(sent->root()["overwrite"].boolean() == false);
  CHECK(sent->root()["message"].text().starts_with("socctl grafana apply "));
  CHECK(sent->root()["dashboard"]["title"].text() == "Board");
  CHECK_FALSE(sent->root()["dashboard"]["id"]);
  CHECK_FALSE(sent->root()["dashboard"]["version"]);
}

TEST_CASE("dashboards: the mark changes with the content and with the folder") {
  const std::string first = mark();
  CHECK(mark() == first);
  Board other(empty_grafana());
  other.folder.write("board.json", R"({"uid":"b","title":"Other"})");
  other.apply();
  CHECK(other.sent(kSave).find(first) == std::string::npos);
  Board moved(empty_grafana());
  moved.manifest.folder_uid = "elsewhere";
  moved.apply();
  CHECK(moved.sent(kSave).find(first) == std::string::npos);
}

TEST_CASE("dashboards: one that an apply of this manifest saved is current") {
  // It may come back in the form of another schema.
  CHECK(applied(grafana("Board in another form", saved(mark()))) == "current, none");
  CHECK(applied(grafana("Board", saved("by hand", "ann"))) == "current, none");
}

TEST_CASE(
    "dashboards: what an earlier apply left is saved again, with the version it was read at") {
  Board board(grafana("Old", saved("socctl grafana apply 0123456789abcdef")));
  board.apply();
  CHECK(board.said() == "outdated, update");
  CHECK(board.differences() == std::vector<std::string>{R"(/title: "Old" -> "Board")"});
  const auto sent = json::Document::parse(board.sent(kSave));
  CHECK(sent->root()["dashboard"]["version"].integer() == 5);
}

TEST_CASE("dashboards: what a person changed, moved or made is kept") {
  CHECK(applied(grafana("Own", saved("mine", "ann"))) == "edited, keep: changed by hand, by ann");
  CHECK(applied(grafana("Own", "[]")) ==
        "edited, keep: its history cannot be read, which needs dashboards:write");
  CHECK(applied(grafana("Board", saved(mark()), "other")) ==
        "edited, keep: moved to the folder other");
  CHECK(applied(grafana("Board", saved(mark()), "")) ==
        "edited, keep: moved to the folder Dashboards");
  Board board(grafana("Own", saved("mine", "ann")));
  Options options;
  options.edited = EditedItems::overwrite;
  board.apply(options);
  CHECK(board.said() == "edited, update: changed by hand, by ann");
  CHECK(board.server.count(kSave) == 1);
}

TEST_CASE("dashboards: those from files of the server are not changed") {
  CHECK(applied(grafana("Own", "[]", "soc", R"(,"provisioned":true)")) ==
        "provisioned, none: from files of the server, and different from the manifest");
  CHECK(applied(grafana("Board", "[]", "soc", R"(,"provisioned":true)")) == "provisioned, none");
}

TEST_CASE("dashboards: one that was changed since it was read is not overwritten") {
  Routes routes = grafana("Old", saved("socctl grafana apply 0123456789abcdef"));
  routes[kSave] = {http_answer(412, R"({"message":"changed since it was read"})")};
  Board board(routes);
  board.apply();
  CHECK(board.said() == "failed, none: Grafana: changed since it was read");
}

TEST_CASE("dashboards: files that cannot be used, and two of one uid") {
  Board board(empty_grafana());
  board.folder.write("board.json", "{");
  CHECK(failure(board).starts_with(board.folder / "board.json: line 1"));
  board.folder.write("board.json", R"({"title":"no uid"})");
  CHECK(failure(board).starts_with("board.json: "));
  board.manifest.dashboards[0].file = board.folder / "none.json";
  CHECK(failure(board).find("none.json") != std::string::npos);
  CHECK(board.items.back().status.code() == ExitCode::usage);

  Board twice(empty_grafana());
  twice.manifest.dashboards.push_back(twice.manifest.dashboards[0]);
  twice.apply();
  CHECK(twice.said() == "failed, none: its uid b is also that of another dashboard");
  CHECK(twice.server.count(kSave) == 1);
}

TEST_CASE("dashboards: one of grafana.com, from Grafana, and from a folder") {
  Routes routes = empty_grafana();
  routes["GET /api/gnet/dashboards/7"] = {R"({"json":{"title":"Of the catalogue"}})"};
  Board online(routes);
  online.manifest.dashboards = {{"", 7, 0, "", {}}};
  online.apply();
  CHECK(online.items.back().uid == "gnet-7");
  CHECK(online.sent(kSave).find(R"("gnetId":7)") != std::string::npos);
  Board offline(empty_grafana());
  offline.manifest.dashboards = {{"", 7, 0, "", {}}};
  Options options;
  options.catalogue = offline.folder.path();
  // As it was downloaded, or as grafana.com's answer was kept.
  for (const char* form : {R"({"title":"Kept"})", R"({"json":{"title":"Kept"}})"}) {
    offline.folder.write("7.json", form);
    offline.apply(options);
    CHECK(offline.items.back().name == "Kept");
    CHECK(offline.said() == "missing, create");
  }
  CHECK(offline.server.count("GET /api/gnet/") == 0);
}

}  // namespace socbridge::provisioning
