// SPDX-License-Identifier: Apache-2.0
#include "http/certificate.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "support/temp_dir.h"

namespace socbridge::http {
namespace {

// Two certificates with their keys, created once, and an encrypted key.
struct Made : socbridge::test::TempDir {
  Made() {
    for (const char* name : {"one", "two"}) {
      run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
          "/CN=x "
          "-keyout " +
          std::string(name) + ".key -out " + name + ".pem");
    }
    run("openssl ec -in one.key -aes256 -passout pass:s3cret -out locked.key");
  }
  void run(const std::string& command) const {
    REQUIRE(std::system(("cd " + path() + " && " + command + " >/dev/null 2>&1").c_str()) == 0);
  }
  static const Made& get() {
    static const Made made;
    return made;
  }
};

std::string pem(const char* name) { return Made::get().read(name); }

std::string refusal(std::string_view certificate) {
  const auto dates = certificate_dates(certificate);
  REQUIRE_FALSE(dates.ok());
  CHECK(dates.status().code() == ExitCode::bad_input);
  return dates.status().message();
}

}  // namespace

TEST_CASE("a certificate has a validity period") {
  const auto dates = certificate_dates(pem("one.pem"));
  REQUIRE(dates.ok());
  const UnixMillis now = wall_now_ms();
  constexpr UnixMillis kDay = 86400000;
  CHECK(dates->begins_ms <= now + 60000);
  CHECK(dates->begins_ms > now - kDay);
  CHECK(dates->ends_ms - dates->begins_ms == 2 * kDay);
}

TEST_CASE("the first of several certificates is used, whatever text surrounds it") {
  const auto first = certificate_dates(pem("one.pem"));
  const auto both =
      certificate_dates("comment\n" + pem("one.key") + pem("one.pem") + pem("two.pem"));
  REQUIRE(both.ok());
  CHECK(both->begins_ms == first->begins_ms);
  CHECK(*is_key_of(pem("one.pem") + pem("two.pem"), pem("one.key")));
  CHECK_FALSE(*is_key_of(pem("two.pem") + pem("one.pem"), pem("one.key")));
}

TEST_CASE("a text without a certificate is bad input") {
  for (const std::string& text :
       {std::string(), std::string("x"), pem("one.key"), std::string("\0\xff", 2),
        std::string("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        pem("one.pem").substr(0, pem("one.pem").size() / 2)}) {
    CAPTURE(text.substr(0, 40));
    CHECK(refusal(text) == "it holds no certificate in PEM form");
  }
  CHECK(refusal(std::string_view()) == "it holds no certificate in PEM form");
}

TEST_CASE("a key belongs to its certificate and to no other") {
  CHECK(*is_key_of(pem("one.pem"), pem("one.key")));
  CHECK(*is_key_of(pem("two.pem"), pem("two.key")));
  CHECK_FALSE(*is_key_of(pem("one.pem"), pem("two.key")));
  // One file may contain both.
  const std::string both = pem("one.pem") + pem("one.key");
  CHECK(*is_key_of(both, both));
}

TEST_CASE("a key that cannot be read, or that has a password, is bad input, without a question") {
  for (const std::string& key : {std::string(), std::string("x"), pem("one.pem"), pem("locked.key"),
                                 pem("one.key").substr(0, 60)}) {
    const auto fits = is_key_of(pem("one.pem"), key);
    REQUIRE_FALSE(fits.ok());
    CHECK(fits.status().code() == ExitCode::bad_input);
    CHECK(fits.status().message() == "it holds no private key in PEM form without a password");
  }
  CHECK(is_key_of("x", pem("one.key")).status().message() == "it holds no certificate in PEM form");
}

TEST_CASE("after a failure the next read starts afresh") {
  static_cast<void>(is_key_of(pem("one.pem"), pem("locked.key")));
  CHECK(certificate_dates(pem("one.pem")).ok());
  CHECK(*is_key_of(pem("one.pem"), pem("one.key")));
}

}  // namespace socbridge::http
