// SPDX-License-Identifier: Apache-2.0
#include "http/curl_init.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <climits>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/shell_word.h"
#include "support/temp_dir.h"

namespace socbridge::http {

TEST_CASE("libcurl is set up once, whichever of several threads asks first") {
  std::array<bool, 8> done{};
  std::array<std::thread, 8> threads;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads.at(i) = std::thread([&done, i] { done.at(i) = ensure_global_init(); });
  }
  for (std::thread& one : threads) one.join();
  for (const bool one : done) CHECK(one);
  CHECK(ensure_global_init());
  CURL* easy = curl_easy_init();
  CHECK(easy != nullptr);
  curl_easy_cleanup(easy);
}

// Hidden: the case below runs it in a process of its own, in which OpenSSL is not set up yet.
TEST_CASE("in a fresh process the named openssl.cnf is not read", "[.openssl-config]") {
  REQUIRE(::getenv("OPENSSL_CONF") != nullptr);
  REQUIRE(ensure_global_init());
  REQUIRE(OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr) == 1);  // as TLS asks for it later
  CHECK(OBJ_txt2nid("socbridgeTest") == NID_undef);
}

TEST_CASE("OpenSSL reads no openssl.cnf, whatever the environment names") {
  const test::TempDir dir;
  const std::string config = dir.write("openssl.cnf",
                                       "openssl_conf = init\n[init]\noid_section = oids\n[oids]\n"
                                       "socbridgeTest = 1.2.3.4.5.6.7\n");
  std::array<char, PATH_MAX> self{};
  REQUIRE(::readlink("/proc/self/exe", self.data(), self.size() - 1) > 0);
  const std::string command = "OPENSSL_CONF=" + shell_word(config) + " " + shell_word(self.data()) +
                              " '[.openssl-config]' > " + shell_word(dir / "said") + " 2>&1";
  const int status = std::system(command.c_str());
  INFO(dir.read("said"));
  CHECK(status == 0);
  CHECK(dir.read("said").find("1 test case") != std::string::npos);
}

}  // namespace socbridge::http
