// SPDX-License-Identifier: Apache-2.0
#include "receive/gate.h"

#include <catch2/catch.hpp>

namespace socbridge::receive {
namespace {

class Clock {
 public:
  std::int64_t ms = 1000;
};

Gate gate_with(Clock& clock, std::uint64_t rate, bool token) {
  GateOptions options;
  options.rate = rate;
  if (token) options.tokens = *Tokens::of({Secret("0123456789abcdef")});
  return {std::move(options), [] { return web::plain_answer(200, "ok"); },
          [] { return web::plain_answer(200, "metrics"); }, [&clock] { return clock.ms; }};
}

int status(Gate& gate, const std::string& method, const std::string& path,
           const std::string& authorization = {}) {
  const auto answer = gate.screen({method, path, authorization});
  return answer ? answer->status : 0;
}

TEST_CASE("metrics that are served elsewhere are not served here") {
  GateOptions options;
  options.serves_metrics = false;
  const auto page = [] { return web::plain_answer(200, "page"); };
  Gate gate(std::move(options), page, page, [] { return 0; });
  CHECK(status(gate, "GET", "/metrics") == 404);
  CHECK(status(gate, "GET", "/healthz") == 200);
}

TEST_CASE("gate: pages need no token, alerts do") {
  Clock clock;
  Gate gate = gate_with(clock, 0, true);
  CHECK(status(gate, "GET", "/healthz") == 200);
  CHECK(status(gate, "HEAD", "/metrics") == 200);
  CHECK(status(gate, "POST", "/alerts") == 401);
  CHECK(status(gate, "POST", "/alerts", "Bearer 0123456789abcdef") == 0);
  CHECK(status(gate, "PATCH", "/", "Bearer 0123456789abcdef") == 0);
  CHECK(status(gate, "GET", "/") == 405);
  CHECK(status(gate, "POST", "/metrics") == 404);
  CHECK(status(gate, "POST", "/other", "Bearer 0123456789abcdef") == 404);
  CHECK(gate.counts().unauthorised == 1);
  CHECK(gate.counts().misdirected == 3);
}

TEST_CASE("the rate uses the monotonic clock, and refused tokens cost nothing") {
  Clock clock;
  Gate gate = gate_with(clock, 5, true);
  const std::string good = "Bearer 0123456789abcdef";
  for (int i = 0; i < 100; ++i) CHECK(status(gate, "POST", "/") == 401);
  for (int i = 0; i < 10; ++i) CHECK(status(gate, "POST", "/", good) == 0);
  CHECK(status(gate, "POST", "/", good) == 429);
  clock.ms += 200;
  CHECK(status(gate, "POST", "/", good) == 0);
  CHECK(status(gate, "POST", "/", good) == 429);
  clock.ms += 3600000;
  for (int i = 0; i < 10; ++i) CHECK(status(gate, "POST", "/", good) == 0);
  CHECK(status(gate, "POST", "/", good) == 429);
  CHECK(gate.counts().throttled == 3);
}

}  // namespace
}  // namespace socbridge::receive
