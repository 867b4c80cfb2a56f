// SPDX-License-Identifier: Apache-2.0
#include "http/failure.h"

#include <catch2/catch.hpp>

#include <set>

namespace socbridge::http {

TEST_CASE("failure: TLS reasons keep the useful part") {
  CHECK(tls_reason("SSL certificate problem: certificate has expired") ==
        "SSL certificate problem: certificate has expired");
  CHECK(tls_reason("error:0A000410:SSL routines::sslv3 alert handshake failure") ==
        "sslv3 alert handshake failure");
  CHECK(tls_reason("error:0A00010B:SSL routines::wrong version number").find("http://") !=
        std::string::npos);
  CHECK(tls_reason("") == "handshake failed");
  CHECK(tls_reason("a\nb").find('\n') == std::string::npos);
}

TEST_CASE("failure: every kind has a distinct name") {
  std::set<std::string> names;
  for (const FailureKind kind :
       {FailureKind::none, FailureKind::bad_url, FailureKind::name_lookup, FailureKind::connect,
        FailureKind::tls, FailureKind::interrupted_send, FailureKind::too_large}) {
    names.insert(failure_kind_name(kind));
  }
  CHECK(names.size() == 7);
  CHECK(names.count("unknown") == 0);
}

}  // namespace socbridge::http
