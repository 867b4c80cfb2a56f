// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/kubeconfig.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "support/temp_dir.h"
#include "yaml/read_yaml.h"

using namespace socbridge;
using namespace socbridge::kubernetes;

namespace {

std::string config(std::string_view user,
                   std::string_view cluster = "    server: https://k:6443\n") {
  return "apiVersion: v1\nkind: Config\ncurrent-context: two\nclusters:\n- name: c\n  cluster:\n" +
         std::string(cluster) +
         "contexts:\n- name: one\n  context: {cluster: x, user: y}\n"
         "- name: two\n  context: {cluster: c, user: u, namespace: cortex}\n"
         "users:\n- name: u\n  user:\n" +
         std::string(user);
}

}  // namespace

TEST_CASE("a kubeconfig with a token") {
  const test::TempDir folder;
  const auto cluster =
      read_kubeconfig(Env::real(), folder.write("config", config("    token: \"T0KEN\"\n")));
  REQUIRE(cluster.ok());
  CHECK(cluster->server == "https://k:6443");
  CHECK(cluster->token.reveal() == "T0KEN");
  CHECK(cluster->space == "cortex");
}

TEST_CASE("certificates inside the file are read from memory, files are beside it") {
  const test::TempDir folder;
  folder.write("token", "FROM-FILE\n");
  const auto cluster = read_kubeconfig(
      Env::real(), folder.write("config", config("    tokenFile: token\n",
                                                 "    server: https://k\n"
                                                 "    certificate-authority-data: Q0EgUEVN\n")));
  REQUIRE(cluster.ok());
  CHECK(cluster->token.reveal() == "FROM-FILE");
  CHECK(*Env::real().read_file(cluster->ca_file, 100) == "CA PEM");
}

TEST_CASE("kubeconfig: unsupported features are reported") {
  const test::TempDir folder;
  const auto why = [&](const std::string& text) {
    return read_kubeconfig(Env::real(), folder.write("config", text)).status().line();
  };
  CHECK(why(config("    exec: {command: aws}\n")).find("kubectl create token") !=
        std::string::npos);
  CHECK(why(config("    token: T\n", "    server: https://k\n    insecure-skip-tls-verify: true\n"))
            .find("insecure") != std::string::npos);
  CHECK(why(config("    nothing: x\n")).find("neither a token") != std::string::npos);
  CHECK(why("contexts: []\n").find("no context") != std::string::npos);
  CHECK(why("a: [\n").find("line 2") != std::string::npos);
  CHECK(why("").find("empty") != std::string::npos);
}

TEST_CASE("kubeconfig: where a cluster is looked for") {
  const test::TempDir folder;
  Places places;
  places.pod_folder = folder.path();
  CHECK(find_cluster(Env::real(), places).status().code() == ExitCode::usage);
  folder.write("token", "POD");
  folder.write("namespace", "soc");
  places.environment = {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"},
                        {"KUBERNETES_SERVICE_PORT", "6443"}};
  const auto pod = find_cluster(Env::real(), places);
  REQUIRE(pod.ok());
  CHECK(pod->server == "https://10.0.0.1:6443");
  CHECK(pod->space == "soc");
  CHECK(pod->token.reveal() == "POD");
  places.environment.emplace_back("KUBECONFIG",
                                  "/no/such:" + folder.write("config", config("    token: T\n")));
  CHECK(find_cluster(Env::real(), places)->server == "https://k:6443");
}
