// SPDX-License-Identifier: Apache-2.0
#include "receive/gate.h"

#include <algorithm>
#include <utility>

namespace socbridge::receive {
namespace {

using web::plain_answer;

constexpr double kMsOfSecond = 1000;

double burst(std::uint64_t rate) { return 2 * static_cast<double>(rate); }

}  // namespace

Gate::Gate(GateOptions options, Page health, Page metrics, std::function<std::int64_t()> now_ms)
    : options_(std::move(options)),
      health_(std::move(health)),
      metrics_(std::move(metrics)),
      now_ms_(std::move(now_ms)),
      allowance_(burst(options_.rate)),
      filled_ms_(now_ms_()) {}

bool Gate::within_rate() {
  if (options_.rate == 0) return true;
  const std::int64_t now = now_ms_();
  const double passed = static_cast<double>(now - filled_ms_) / kMsOfSecond;
  filled_ms_ = now;
  allowance_ =
      std::min(burst(options_.rate), allowance_ + passed * static_cast<double>(options_.rate));
  if (allowance_ < 1) return false;
  allowance_ -= 1;
  return true;
}

std::optional<web::HttpAnswer> Gate::screen(const web::RequestHead& head) {
  const bool reads = head.method == "GET" || head.method == "HEAD";
  if (reads && head.path == "/healthz") return health_();
  if (reads && head.path == "/metrics" && options_.serves_metrics) return metrics_();
  if (head.path != "/" && head.path != "/alerts") {
    ++misdirected_;
    return plain_answer(404, "send alerts to /alerts; other pages are /healthz and /metrics");
  }
  if (head.method != "POST" && head.method != "PUT" && head.method != "PATCH") {
    ++misdirected_;
    return plain_answer(405, "send alerts with POST, PUT or PATCH");
  }
  if (!options_.tokens.empty() && !options_.tokens.allow(head.authorization)) {
    ++unauthorised_;
    return plain_answer(401, "the token is missing or wrong: Authorization: Bearer TOKEN");
  }
  if (!within_rate()) {
    ++throttled_;
    return plain_answer(429, "too many requests; send it again later");
  }
  return {};
}

}  // namespace socbridge::receive
