// SPDX-License-Identifier: Apache-2.0
#include "web/tls_context.h"

#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "http_fixture.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::web {
namespace {

using test::Client;
using test::Server;

// A folder with certificates: own.pem and other.pem with their keys.
struct Files : socbridge::test::TempDir {
  Files() {
    for (const std::string name : {"own", "other"}) {
      run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
          "/CN=" +
          name + " -keyout " + name + ".key -out " + name + ".pem");
    }
    options.cert_file = *this / "own.pem";
    options.key_file = *this / "own.key";
    options.complain = [this](const Status& why) { complaints.push_back(why.line()); };
  }
  void run(const std::string& command) const {
    REQUIRE(std::system(("cd " + path() + " && " + command + " >/dev/null 2>&1").c_str()) == 0);
  }
  void copy(const std::string& from, const std::string& to) const { write(to, read(from)); }
  std::unique_ptr<TlsContext> open() const {
    auto made = TlsContext::open(Env::real(), options);
    INFO(made.status().line());
    REQUIRE(made.ok());
    return std::move(*made);
  }
  Status refused() const {
    const auto made = TlsContext::open(Env::real(), options);
    REQUIRE_FALSE(made.ok());
    CHECK(made.status().code() == ExitCode::usage);
    CHECK(made.status().hint().starts_with("use PEM files: "));
    return made.status();
  }
  ServerOptions options;
  std::vector<std::string> complaints;
};

// The name in the certificate that is shown.
std::string shown_by(TlsContext& tls) {
  const X509* certificate = ::SSL_CTX_get0_certificate(tls.current().native_handle());
  char name[100] = "";
  ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, name,
                              sizeof name);
  return name;
}

TEST_CASE("a CA file without a certificate is refused when clients are asked for theirs later") {
  FakeClock clock;  // the files are read again after a second
  const socbridge::test::TempDir dir;
  REQUIRE(std::system(("cd " + dir.path() +
                       " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                       "-days 2 -subj /CN=x -keyout own.key -out own.pem >/dev/null 2>&1")
                          .c_str()) == 0);
  std::vector<std::string> complaints;  // of the serving thread
  ServerOptions options;
  options.cert_file = dir / "own.pem";
  options.key_file = dir / "own.key";
  options.renew = [ca = dir.write("ca.pem", "")](ServerOptions& now) { now.client_ca_file = ca; };
  options.complain = [&](const Status& why) { complaints.push_back(why.line()); };
  Server server(std::move(options));
  clock.advance_ms(1001);
  Client client(server);
  client.ask("no TLS\r\n\r\n", "\n\n");
  server.stop();
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].find("ca.pem: it has no certificate") != std::string::npos);
}

TEST_CASE("tls context: files that are not certificate") {
  auto socket = ListeningSocket::open("127.0.0.1:0");
  ServerOptions options;
  options.cert_file = options.key_file = "/nowhere";
  const auto opened = HttpServer::open(Env::real(), std::move(*socket), options);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.status().code() == ExitCode::usage);
  CHECK(opened.status().line().find("/nowhere") != std::string::npos);
}

TEST_CASE_METHOD(Files, "files that are missing, no PEM, or do not belong together are named") {
  options.cert_file = *this / "none.pem";
  CHECK(refused().message().starts_with("cannot use the certificate " + options.cert_file + ": "));
  options.cert_file = write("empty.pem", "");
  CHECK(refused().message().starts_with("cannot use the certificate " + options.cert_file + ": "));
  options.cert_file = *this / "own.key";
  CHECK(refused().message().starts_with("cannot use the certificate "));
  options.cert_file = *this / "own.pem";
  options.key_file = *this / "own.pem";
  CHECK(refused().message().starts_with("cannot use the key " + options.key_file + ": "));
  options.key_file = *this / "other.key";
  CHECK(refused().message().starts_with("cannot use the key "));
  options.key_file = *this / "own.key";
  options.client_ca_file = *this / "none.pem";
  CHECK(refused().message().starts_with("cannot use the CA of the clients "));
}

TEST_CASE_METHOD(Files, "a key with a password is refused and not asked at the terminal") {
  run("openssl ec -in own.key -aes256 -passout pass:s3cret -out locked.key");
  options.key_file = *this / "locked.key";
  CHECK(refused().message().starts_with("cannot use the key " + options.key_file + ": "));
}

TEST_CASE_METHOD(Files, "a changed certificate holds for the next connections, within a second") {
  FakeClock clock;
  const auto tls = open();
  CHECK(shown_by(*tls) == "own");
  copy("other.pem", "own.pem");
  copy("other.key", "own.key");
  clock.advance_ms(999);
  CHECK(shown_by(*tls) == "own");  // the files are not read at each connection
  clock.advance_ms(1);
  CHECK(shown_by(*tls) == "other");
  CHECK(complaints.empty());
}

TEST_CASE_METHOD(Files,
                 "what cannot be used is said once, and the certificate from before is kept") {
  FakeClock clock;
  const auto tls = open();
  const auto later = [&] {
    clock.advance_ms(1000);
    return shown_by(*tls);
  };
  copy("other.pem", "own.pem");  // its key is not there yet
  CHECK(later() == "own");
  CHECK(later() == "own");
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].find("cannot use the key ") == 0);
  write("own.pem", "");
  CHECK(later() == "own");
  REQUIRE(complaints.size() == 2);
  copy("other.pem", "own.pem");
  copy("other.key", "own.key");
  CHECK(later() == "other");
  CHECK(complaints.size() == 2);
  write("own.pem", "");
  CHECK(later() == "other");
  CHECK(complaints.size() == 3);  // again, as it worked meanwhile
}

TEST_CASE_METHOD(Files, "clients are asked for certificates as the options say") {
  const auto mode = [&] { return ::SSL_CTX_get_verify_mode(open()->current().native_handle()); };
  CHECK(mode() == SSL_VERIFY_NONE);
  options.client_ca_file = *this / "other.pem";
  CHECK(mode() == (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT));
  options.client_certificate = ClientCertificate::if_given;
  CHECK(mode() == SSL_VERIFY_PEER);
}

TEST_CASE_METHOD(Files, "a changed rule holds as a changed file does") {
  FakeClock clock;
  const auto tls = open();
  CHECK(::SSL_CTX_get_verify_mode(tls->current().native_handle()) == SSL_VERIFY_NONE);
  options.client_ca_file = *this / "other.pem";
  clock.advance_ms(1000);
  CHECK(::SSL_CTX_get_verify_mode(tls->current().native_handle()) != SSL_VERIFY_NONE);
  options.least_tls = LeastTls::v1_3;
  clock.advance_ms(1000);
  CHECK(::SSL_CTX_get_min_proto_version(tls->current().native_handle()) == TLS1_3_VERSION);
}

TEST_CASE_METHOD(Files, "old versions of TLS, renegotiation and kept sessions are off") {
  const auto tls = open();
  SSL_CTX* context = tls->current().native_handle();
  const auto options_of = ::SSL_CTX_get_options(context);
  for (const auto off : {SSL_OP_NO_SSLv3, SSL_OP_NO_TLSv1, SSL_OP_NO_TLSv1_1,
                         SSL_OP_NO_RENEGOTIATION, SSL_OP_NO_TICKET}) {
    CAPTURE(off);
    CHECK((options_of & off) != 0);
  }
  CHECK(::SSL_CTX_get_session_cache_mode(context) == SSL_SESS_CACHE_OFF);
}

}  // namespace
}  // namespace socbridge::web
