// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <cstdlib>

#include "health/probes/wazuh.h"
#include "probed.h"
#include "support/closed_env.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;
using Routes = RouteServer::Routes;

constexpr std::int64_t kDay = 86400000;

// Two certificates of 400 days with their keys, made once, in etc/ of a home.
struct Home : socbridge::test::TempDir {
  Home() {
    folder("etc");
    for (const char* name : {"one", "two"}) {
      const std::string command = "cd " + path() +
                                  "/etc && openssl req -x509 -newkey ec -pkeyopt "
                                  "ec_paramgen_curve:P-256 -nodes -days 400 -subj /CN=x -keyout " +
                                  name + ".key -out " + name + ".pem >/dev/null 2>&1";
      REQUIRE(std::system(command.c_str()) == 0);
    }
    write("etc/not.pem", "no certificate");
  }
  static const Home& get() {
    static const Home made;
    return made;
  }
};

std::string files(const std::string& ca, const std::string& certificate, const std::string& key) {
  return "<ssl><certificate_authorities><ca>" + ca +
         "</ca></certificate_authorities><certificate>" + certificate + "</certificate><key>" +
         key + "</key></ssl>";
}
std::string hosts(const std::vector<std::string>& urls) {
  std::string out = "<hosts>";
  for (const std::string& url : urls) out += "<host>" + url + "</host>";
  return out + "</hosts>";
}

struct Checked {
  // `days`: how far the clock is from now; `inside`: content of the block.
  explicit Checked(const std::string& inside, std::int64_t days = 0, Env& env = Env::real()) {
    const UnixMillis now = Clock::real().wall_ms();
    FakeClock clock;
    clock.jump_ms(now - FakeClock::kStart + days * kDay);
    Options options = test::nothing_here();
    options.wazuh_home = Home::get().path();
    Probe probe(env, options, std::nullopt, {"wazuh", "Wazuh"}, Deadline::after_ms(20000));
    check_indexer_block(
        probe, Home::get().write("etc/ossec.conf", "<ossec_config>" + inside + "</ossec_config>"));
    report = std::move(probe.report());
  }
  std::string said() const { return test::said(report, "indexer block"); }
  std::string next() const { return test::next_of(report, "indexer block"); }
  Report report;
};

std::string block(const std::string& inside) { return "<indexer>" + inside + "</indexer>"; }

// May not read certificates, as a user outside of the group wazuh.
bool is_secret(const std::string& path) { return path.ends_with(".pem") || path.ends_with(".key"); }

}  // namespace

TEST_CASE("indexer block: none, one that is off, one without hosts") {
  CHECK(Checked("").said().starts_with("skipped: there is none"));
  CHECK(Checked(block("<enabled>no</enabled>" + hosts({"http://x"}))).said() ==
        "skipped: it is not enabled");
  CHECK(Checked(block("")).said() == "degraded configuration: it has no <host>");
  // An ossec.conf that is not XML is reported by the check of the integration block.
  CHECK(Checked("<indexer>").report.checks.empty());
}

TEST_CASE("indexer block: hosts that answer, whatever they say of the login") {
  const RouteServer one(Routes{{"GET / ", {http_answer(401, "{}")}}}),
      two(Routes{{"GET / ", {"{}"}}});
  const Checked well(block(hosts({one.url(), two.url() + "/"}) +
                           files("etc/two.pem", "etc/one.pem", Home::get() / "etc/one.key")));
  CHECK(well.said() == "ok: all 2 hosts answer");
  CHECK(Checked(block(hosts({one.url()}))).said() == "ok: all 1 hosts answer");
}

TEST_CASE("indexer block: hosts that do not answer are named, with the first reason") {
  const RouteServer well(Routes{{"GET / ", {"{}"}}}),
      sick(Routes{{"GET / ", {http_answer(503, "{}")}}});
  const std::string dead = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  CHECK(Checked(block(hosts({well.url(), sick.url(), dead}))).said() ==
        "degraded unreachable: 2 of 3 hosts do not answer: " + sick.url() + ", " + dead +
            " (HTTP 503)");
  const Checked odd(block(hosts({"ftp://x"})));
  CHECK(odd.said().starts_with("degraded unreachable: 1 of 1 hosts do not answer: ftp://x ("));
  CHECK(odd.next().find("<hosts>") != std::string::npos);
}

TEST_CASE("indexer block: files that are not there or may not be read, before any host is asked") {
  const RouteServer server(Routes{{"GET / ", {"{}"}}});
  const std::string own = files("etc/one.pem", "etc/one.pem", "etc/one.key");
  CHECK(Checked(block(hosts({server.url()}) + files("etc/none.pem", "/no/such.pem", "etc/one.key")))
            .said() ==
        "degraded missing: not there: " + (Home::get() / "etc/none.pem") + ", /no/such.pem");
  socbridge::test::ClosedEnv closed(is_secret);
  const Checked hidden(block(hosts({server.url()}) + own), 0, closed);
  CHECK(hidden.said().starts_with("skipped: this user may not read " + Home::get().path()));
  CHECK(hidden.next() ==
        "as root: openssl x509 -noout -enddate -in " + (Home::get() / "etc/one.pem"));
  CHECK(server.requests().empty());
}

TEST_CASE("indexer block: certificates that ended, end soon or do not count yet") {
  const RouteServer server(Routes{{"GET / ", {"{}"}}});
  const std::string inside =
      block(hosts({server.url()}) + files("etc/two.pem", "etc/one.pem", "etc/one.key"));
  const std::string one = Home::get() / "etc/one.pem", two = Home::get() / "etc/two.pem";
  CHECK(Checked(inside, 390).said() ==
        "degraded configuration: " + two + " expires in 9 days; " + one + " expires in 9 days");
  CHECK(Checked(inside, 410).said() ==
        "degraded configuration: " + two + " expired 10 days ago; " + one + " expired 10 days ago");
  CHECK(Checked(inside, -10).said() == "degraded configuration: " + two +
                                           " is valid only in 9 days; " + one +
                                           " is valid only in 9 days");
  CHECK(server.requests().empty());
  CHECK(Checked(inside, 360).said() == "ok: all 1 hosts answer");
}

TEST_CASE("indexer block: a key of another certificate, a file that holds no certificate") {
  const std::string host = hosts({"http://127.0.0.1:1"});
  CHECK(Checked(block(host + files("etc/two.pem", "etc/one.pem", "etc/two.key"))).said() ==
        "degraded configuration: " + (Home::get() / "etc/two.key") + " is not the key of " +
            (Home::get() / "etc/one.pem"));
  const Checked none(block(host + files("etc/not.pem", "etc/one.pem", "etc/not.pem")));
  CHECK(none.said().starts_with("degraded configuration: " + (Home::get() / "etc/not.pem") +
                                ": it holds no certificate in PEM form; "));
  CHECK(none.next().find("wazuh-certs-tool.sh") != std::string::npos);
}

}  // namespace socbridge::health
