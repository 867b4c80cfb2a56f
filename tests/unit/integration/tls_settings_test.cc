// SPDX-License-Identifier: Apache-2.0
#include "integration/tls_settings.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "integration/settings.h"
#include "support/temp_dir.h"

namespace socbridge::integration {
namespace {

const std::string kPin = "sha256//" + std::string(43, 'A') + "=";

struct Fixture : socbridge::test::TempDir {
  std::string file(const std::string& name, mode_t mode = 0640) const {
    const std::string made = write(name, "x\n");
    REQUIRE(::chmod(made.c_str(), mode) == 0);
    return made;
  }
  // All errors, a line each.
  std::string errors(const std::string& config) {
    write("etc/w2thive.json", config);
    Sources sources;
    sources.home = path();
    sources.config_file = *this / "etc/w2thive.json";
    sources.hook_url = "https://t.example";
    sources.key = Secret("k");
    const Loaded loaded = load(Env::real(), sources);
    http = loaded.settings.http;
    std::string out;
    for (const Status& one : loaded.errors) {
      CHECK(one.code() == ExitCode::usage);
      out += one.line() + "\n";
    }
    return out;
  }
  http::ClientOptions http;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "without any of them everything is checked as usual") {
  CHECK(errors("{}").empty());
  CHECK_FALSE(http.tls.insecure);
  CHECK(http.tls.client_cert_file.empty());
  CHECK(http.tls.pinned_key.empty());
  CHECK(http.proxy_login.empty());
}

TEST_CASE_METHOD(Fixture,
                 "a certificate and its key go together; relative ones are below the home") {
  const std::string key = file("etc/client.key"), cert = file("etc/client.pem", 0644);
  CHECK(errors(R"({"client_cert_file":"etc/client.pem","client_key_file":"etc/client.key"})")
            .empty());
  CHECK(http.tls.client_cert_file == cert);
  CHECK(http.tls.client_key_file == key);
  CHECK_THAT(errors(R"({"client_cert_file":"etc/client.pem"})"),
             Catch::Contains("w2thive.json:1:21: client_cert_file needs client_key_file"));
  CHECK_THAT(errors(R"({"client_key_file":"etc/client.key"})"),
             Catch::Contains("client_key_file needs client_cert_file"));
}

TEST_CASE_METHOD(Fixture, "a client key that others may read or change is not used") {
  const std::string both = R"({"client_cert_file":"c","client_key_file":"client.key"})";
  CHECK_THAT(errors(both), Catch::Contains("client_key_file cannot be used: "));  // missing
  file("client.key", 0644);
  CHECK_THAT(errors(both), Catch::Contains("client_key_file can be read by all users"));
  file("client.key", 0662);
  CHECK_THAT(errors(both), Catch::Contains("client_key_file"));
  file("client.key", 0640);
  CHECK(errors(both).empty());
  REQUIRE(Env::real().unlink(*this / "client.key").ok());
  folder("client.key");
  CHECK_THAT(errors(both), Catch::Contains("client_key_file cannot be used: "));
}

TEST_CASE_METHOD(Fixture, "pinned keys have one form each") {
  CHECK(errors(R"({"pinned_key":")" + kPin + "\"}").empty());
  CHECK(http.tls.pinned_key == kPin);
  CHECK(errors(R"({"pinned_key":")" + kPin + ";" + kPin + "\"}").empty());
  for (const std::string& pin :
       {std::string("x"), kPin.substr(8), "sha1//" + kPin.substr(8), kPin + "=", kPin + ";",
        ";" + kPin, kPin + ";;" + kPin, "sha256//" + std::string(44, 'A'),
        "sha256//" + std::string(42, 'A') + "==", "sha256//" + std::string(42, 'A') + "-=",
        "sha256// " + std::string(42, 'A') + "=", kPin + "; " + kPin}) {
    CAPTURE(pin);
    const std::string said = errors(R"({"pinned_key":")" + pin + "\"}");
    CHECK_THAT(said, Catch::Contains("pinned_key must be sha256//BASE64"));
    CHECK_THAT(said, Catch::Contains("openssl"));
  }
}

TEST_CASE_METHOD(Fixture, "the checks are taken away by one switch only") {
  CHECK(errors(R"({"insecure":true})").empty());
  CHECK(http.tls.insecure);
  CHECK_FALSE(errors(R"({"insecure":"yes please"})").empty());
  CHECK_FALSE(http.tls.insecure);
}

TEST_CASE_METHOD(Fixture, "a login of a proxy needs the proxy and a colon, and is in no message") {
  write("etc/login", "user:s3cret\n");
  REQUIRE(::chmod((*this / "etc/login").c_str(), 0640) == 0);
  const std::string with = R"("proxy":"http://p.example:3128",)";
  CHECK(errors("{" + with + R"("proxy_login":"file:etc/login"})").empty());
  CHECK(http.proxy_login.reveal() == "user:s3cret");
  CHECK_THAT(errors(R"({"proxy_login":"file:etc/login"})"),
             Catch::Contains("proxy_login needs a proxy; set proxy too"));
  const std::string colon = errors("{" + with + R"("proxy_login":"s3cret"})");
  CHECK_THAT(colon, Catch::Contains("proxy_login must be user:password"));
  CHECK(colon.find("s3cret") == std::string::npos);
  CHECK_FALSE(errors("{" + with + R"("proxy_login":"file:etc/none"})").empty());
}

}  // namespace socbridge::integration
