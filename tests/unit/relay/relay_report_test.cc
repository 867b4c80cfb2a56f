// SPDX-License-Identifier: Apache-2.0
// What a relay reports: metrics, status, exit code.
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <thread>

#include "relay_fixture.h"

namespace socbridge::relay {
using namespace socbridge::test;

namespace {

RelayOptions once() {
  RelayOptions options = with_threads(1);
  options.once = true;
  return options;
}

ExitCode run_once(RelayFixture& fixture, const RelayOptions& options = once()) {
  Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
  return relay.run(fixture.signals, fixture.manager);
}

// The service manager's end.
class Listener {
 public:
  explicit Listener(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  std::string all() const {
    std::string out;
    std::array<char, 4096> bytes{};
    for (ssize_t got = 0; got >= 0;) {
      got = ::recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (got >= 0) out += std::string(bytes.data(), static_cast<std::size_t>(got)) + "\n";
    }
    return out;
  }

 private:
  Fd fd_;
};

}  // namespace

TEST_CASE("the exit code of one run says what kept alerts in the spool") {
  ExitCode expected = ExitCode::ok;
  std::vector<std::string> faults;
  bool damaged = false, misconfigured = false, no_lock = false;
  SECTION("nothing did") {}
  SECTION("the key was refused") {
    faults = {"status=401"};
    expected = ExitCode::auth;
  }
  SECTION("TheHive does not answer") {
    faults = {"status=503"};
    expected = ExitCode::unreachable;
  }
  SECTION("some went to corrupt") {
    damaged = true;
    expected = ExitCode::degraded;
  }
  SECTION("the configuration is wrong") {
    misconfigured = true;
    expected = ExitCode::usage;
  }
  SECTION("a lock file cannot be used") {
    no_lock = true;
    expected = ExitCode::failure;
  }
  RelayFixture fixture(0, faults);
  if (damaged) {
    fixture.home.write("queue/w2thive/queue/1741934401037-0123456789abcdef.alert", "damaged");
  }
  if (misconfigured) fixture.home.write("etc/w2thive.json", R"({"url":)");
  fixture.accept(2);
  if (no_lock) {
    std::filesystem::remove_all(fixture.spool.dir() + "/in-flight");
    fixture.home.folder("queue/w2thive/in-flight");
  }
  CHECK(run_once(fixture) == expected);
}

TEST_CASE("a signal while it runs once is its exit code") {
  RelayFixture fixture(0, {"hang"});
  fixture.accept(1);
  RelayOptions options = once();
  options.grace_ms = 0;
  Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
  std::optional<ExitCode> code;
  std::thread running([&] { code = relay.run(fixture.signals, fixture.manager); });
  const Deadline deadline = Deadline::after_ms(20000);
  while (fixture.server->request_count() == 0 && !deadline.passed()) ::usleep(2000);
  ::kill(::getpid(), SIGTERM);
  running.join();
  CHECK(code == ExitCode::interrupted);
  CHECK(fixture.home.entries("queue") == 1);
}

TEST_CASE("metrics are empty before a relay runs, and hold what it did after") {
  RelayFixture fixture;
  fixture.accept(3);
  Relay relay(Env::real(), fixture.spool, fixture.accounts, once(), fixture.log);
  CHECK(relay.metrics().empty());
  CHECK(relay.run(fixture.signals, fixture.manager) == ExitCode::ok);
  const std::string text = relay.metrics();
  CHECK_THAT(text, Catch::Contains("socbridge_relay_alerts_total{result=\"delivered\"} 3\n"));
  CHECK_THAT(text, Catch::Contains("socbridge_relay_waiting 0\n"));
  CHECK_THAT(text, Catch::Contains("socbridge_relay_delivery_seconds_count 3\n"));
}

TEST_CASE("a destination that refuses the key, or is silent, is counted as blocked") {
  RelayFixture refused(0, {"status=401"});
  refused.accept(2);
  Relay one(Env::real(), refused.spool, refused.accounts, once(), refused.log);
  one.run(refused.signals, refused.manager);
  CHECK_THAT(one.metrics(), Catch::Contains("blocked{reason=\"key_refused\"} 1\n"));
  CHECK_THAT(one.metrics(), Catch::Contains("blocked{reason=\"not_answering\"} 0\n"));
  RelayFixture silent(0, {"status=503"});
  silent.accept(60);
  Relay two(Env::real(), silent.spool, silent.accounts, once(), silent.log);
  two.run(silent.signals, silent.manager);
  CHECK_THAT(two.metrics(), Catch::Contains("blocked{reason=\"key_refused\"} 0\n"));
  CHECK_THAT(two.metrics(), Catch::Contains("blocked{reason=\"not_answering\"} 1\n"));
}

TEST_CASE("the metrics file is written at the end too, with what stands behind it") {
  RelayFixture fixture;
  fixture.accept(2);
  RelayOptions options = once();
  options.metrics_file = fixture.home / "relay.prom";
  options.more_metrics = [] { return "more 1\n"; };
  CHECK(run_once(fixture, options) == ExitCode::ok);
  const std::string text = fixture.home.read("relay.prom");
  CHECK_THAT(text, Catch::Contains("result=\"delivered\"} 2\n") && Catch::EndsWith("\nmore 1\n"));
  CHECK((Env::real().stat(options.metrics_file)->mode & 0777) == 0644);
}

TEST_CASE("a metrics file that cannot be written is a warning and hinders no delivery") {
  RelayFixture fixture;
  fixture.accept(2);
  RelayOptions options = once();
  options.metrics_file = fixture.home / "none/relay.prom";
  CHECK(run_once(fixture, options) == ExitCode::ok);
  CHECK(fixture.server->alert_count() == 2);
  CHECK_THAT(fixture.lines, Catch::StartsWith("metrics are not written: "));
}

TEST_CASE("the service manager gets the state of the relay in one line") {
  RelayFixture fixture(0, {"status=401"});
  const Listener listener(fixture.home / "notify");
  fixture.manager = ServiceManager(fixture.home / "notify", "", "");
  fixture.accept(1);
  Relay relay(Env::real(), fixture.spool, fixture.accounts, with_threads(1), fixture.log);
  std::thread running([&] { relay.run(fixture.signals, fixture.manager); });
  std::string got;
  const Deadline deadline = Deadline::after_ms(20000);
  const std::string blocked = "; " + fixture.server->url() + ": ";
  while (got.find(blocked) == std::string::npos && !deadline.passed()) {
    got += listener.all();
    ::usleep(2000);
  }
  ::kill(::getpid(), SIGTERM);
  running.join();
  got += listener.all();
  CHECK_THAT(got, Catch::StartsWith("READY=1\nSTATUS="));
  CHECK_THAT(got, Catch::Contains("STATUS=0 in flight, 1 waiting, 0 delivered" + blocked));
  CHECK_THAT(got, Catch::Contains("STOPPING=1\n"));
  CHECK_THAT(fixture.lines, Catch::Contains("stopped: 0 delivered, 1 waiting\n"));
}

}  // namespace socbridge::relay
