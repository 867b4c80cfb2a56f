// SPDX-License-Identifier: Apache-2.0
#include "provisioning/manifest.h"

#include <catch2/catch.hpp>
#include <string>

#include "support/temp_dir.h"

using namespace socbridge;
using provisioning::read_manifest;

namespace {

std::string refusal(test::TempDir& dir, const std::string& text) {
  dir.write("m.yaml", text);
  const auto manifest = read_manifest(Env::real(), dir.path() + "/m.yaml", {});
  return manifest.ok() ? std::string() : manifest.status().line();
}

const std::string kFolder = "folder: {uid: soc, title: SOC}\n";

}  // namespace

TEST_CASE("a manifest in YAML, with a provisioning file beside it") {
  test::TempDir dir;
  dir.write("sources.yaml",
            "apiVersion: 1\ndatasources:\n  - uid: p\n    name: Prometheus\n    type: prometheus\n"
            "    isDefault: true\n    editable: false\n"
            "    secureJsonData: {a: '$__file{key}', b: 'Bearer $__file{key} $__file{/k}'}\n");
  dir.write("m.yaml", kFolder +
                          "data_sources: sources.yaml\ndashboards:\n  - file: b.json\n"
                          "  - {grafana_com: 21565, revision: 3, uid: w, inputs: {DS: p}}\n");
  const auto manifest = read_manifest(Env::real(), dir.path() + "/m.yaml", {});
  REQUIRE(manifest.ok());
  CHECK(manifest->folder_uid == "soc");
  REQUIRE(manifest->data_sources.size() == 1);
  CHECK(manifest->data_sources[0].body ==
        R"({"uid":"p","name":"Prometheus","type":"prometheus","isDefault":true})");
  CHECK(manifest->data_sources[0].secrets[0].second == "$__file{" + dir.path() + "/key}");
  CHECK(manifest->data_sources[0].secrets[1].second ==
        "Bearer $__file{" + dir.path() + "/key} $__file{/k}");
  CHECK(manifest->data_sources[0].referenced.empty());
  REQUIRE(manifest->dashboards.size() == 2);
  CHECK(manifest->dashboards[0].file == dir.path() + "/b.json");
  CHECK(manifest->dashboards[1].number == 21565);
  CHECK(manifest->dashboards[1].revision == 3);
  CHECK(manifest->dashboards[1].inputs[0].second == "p");
}

TEST_CASE("data sources of another file, and JSON") {
  test::TempDir dir;
  dir.write("m.json", R"({"folder":{"uid":"soc","title":"SOC"},"data_sources":"none.yaml"})");
  dir.write("site.json", R"({"datasources":[{"uid":"x","name":"X","type":"loki"}]})");
  const auto manifest =
      read_manifest(Env::real(), dir.path() + "/m.json", dir.path() + "/site.json");
  REQUIRE(manifest.ok());
  CHECK(manifest->data_sources[0].uid == "x");
}

TEST_CASE("mistakes name the file and the member") {
  test::TempDir dir;
  CHECK_THAT(refusal(dir, "folder: ["), Catch::Contains("m.yaml: line"));
  CHECK_THAT(refusal(dir, "dashboards: []\n"), Catch::Contains("\"folder\""));
  CHECK_THAT(refusal(dir, "folder: {uid: a b, title: T}\n"), Catch::Contains("letters, digits"));
  CHECK_THAT(refusal(dir, kFolder + "dashbords: []\n"),
             Catch::Contains("unknown member \"dashbords\"") &&
                 Catch::Contains("did you mean \"dashboards\"?"));
  CHECK_THAT(refusal(dir, kFolder + "dashboards: [{uid: x}]\n"),
             Catch::Contains("dashboard 1: needs either"));
  CHECK_THAT(refusal(dir, kFolder + "dashboards: [{grafana_com: many}]\n"),
             Catch::Contains("whole numbers"));
  CHECK_THAT(refusal(dir, kFolder + "data_sources: [{uid: x, name: X}]\n"),
             Catch::Contains("data source 1: needs"));
  CHECK_THAT(refusal(dir, kFolder + "data_sources: [{uid: x, name: X, type: t}, {uid: y, name: X, "
                                    "type: t}]\n"),
             Catch::Contains("data source 2: another data source has"));
  const std::string secret =
      refusal(dir, kFolder +
                       "data_sources: [{uid: x, name: X, type: t, secureJsonData: {p: "
                       "hunter2}}]\n");
  CHECK_THAT(secret, Catch::Contains("is in the file itself"));
  CHECK_THAT(secret, !Catch::Contains("hunter2"));
}
