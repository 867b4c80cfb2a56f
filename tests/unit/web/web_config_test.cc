// SPDX-License-Identifier: Apache-2.0
#include "web/web_config.h"

#include <catch2/catch.hpp>
#include <string>

#include "support/temp_dir.h"

using namespace socbridge;
using web::read_web_config;

namespace {

const std::string kHash = "$2b$04$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW";

std::string refusal(const test::TempDir& dir, const std::string& text) {
  const auto config = read_web_config(Env::real(), dir.write("web.yml", text));
  return config.ok() ? std::string() : config.status().line();
}

}  // namespace

TEST_CASE("web config: a file as accepted by Prometheus") {
  const test::TempDir dir;
  const std::string path = dir.write(
      "web.yml",
      "tls_server_config:\n  cert_file: a.pem\n  key_file: /k/b.key\n  client_ca_file: ca.pem\n"
      "  client_auth_type: VerifyClientCertIfGiven\n  min_version: TLS13\n"
      "http_server_config:\n  http2: true\n  headers:\n    X-Frame-Options: deny\n"
      "basic_auth_users:\n  prometheus: " +
          kHash + "\n");
  const auto config = read_web_config(Env::real(), path);
  REQUIRE(config.ok());
  CHECK(config->server.cert_file == dir.path() + "/a.pem");
  CHECK(config->server.key_file == "/k/b.key");
  CHECK(config->server.client_ca_file == dir.path() + "/ca.pem");
  CHECK(config->server.client_certificate == web::ClientCertificate::if_given);
  CHECK(config->server.least_tls == web::LeastTls::v1_3);
  CHECK(config->server.headers ==
        std::vector<std::pair<std::string, std::string>>{{"X-Frame-Options", "deny"}});
  CHECK_FALSE(config->users.empty());
}

TEST_CASE("web config: an empty file requires nothing") {
  const test::TempDir dir;
  const auto config = read_web_config(Env::real(), dir.write("web.yml", "\n"));
  REQUIRE(config.ok());
  CHECK(config->server.cert_file.empty());
  CHECK(config->users.empty());
}

TEST_CASE("web config: mistakes") {
  const test::TempDir dir;
  const std::string tls = "tls_server_config: {cert_file: a, key_file: b, ";
  CHECK_THAT(refusal(dir, "tls: {}"), Catch::Contains("\"tls\" is unknown"));
  CHECK_THAT(refusal(dir, "a: ["), Catch::Contains("web.yml: line"));
  CHECK_THAT(refusal(dir, "tls_server_config: {cert_file: a}"), Catch::Contains("key_file"));
  CHECK_THAT(refusal(dir, tls + "min_version: TLS10}"), Catch::Contains("TLS12 or TLS13"));
  CHECK_THAT(refusal(dir, tls + "client_ca_file: c}"), Catch::Contains("client_auth_type"));
  CHECK_THAT(refusal(dir, tls + "client_auth_type: [RequireAndVerifyClientCert]}"),
             Catch::Contains("\"client_auth_type\" must be a text"));
  CHECK_THAT(refusal(dir, tls + "min_version: {TLS13: 1}}"), Catch::Contains("must be a text"));
  CHECK_THAT(refusal(dir, tls + "client_auth_type: RequireAndVerifyClientCert}"),
             Catch::Contains("needs client_ca_file"));
  CHECK_THAT(refusal(dir, tls + "client_auth_type: RequestClientCert}"),
             Catch::Contains("not supported"));
  CHECK_THAT(refusal(dir, "http_server_config: {headers: {Set-Cookie: x}}"),
             Catch::Contains("Set-Cookie"));
  CHECK_THAT(refusal(dir, "basic_auth_users:"), Catch::Contains("must be a mapping"));
  CHECK_THAT(refusal(dir, "basic_auth_users: {u: plain-password}"),
             Catch::Contains("bcrypt") && !Catch::Contains("plain-password"));
  CHECK(read_web_config(Env::real(), dir.path() + "/none").status().code() == ExitCode::usage);
}
