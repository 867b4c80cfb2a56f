// SPDX-License-Identifier: Apache-2.0
#include "opensearch/connection.h"

#include <algorithm>
#include <utility>

#include "service/backoff.h"
#include "service/wait_unless.h"

namespace socbridge::opensearch {
namespace {

constexpr std::int64_t kFirstPauseMs = 250;
constexpr std::int64_t kLongestPauseMs = 10000;

enum class Retry {
  never,
  other_node,
  later,  // retry, also on the same node
};

Retry retry_after(const http::Outcome& outcome) {
  switch (outcome.failure) {
    case http::FailureKind::none: break;
    case http::FailureKind::bad_url:
    case http::FailureKind::too_large: return Retry::never;
    case http::FailureKind::tls: return Retry::other_node;
    case http::FailureKind::name_lookup:
    case http::FailureKind::connect:
    case http::FailureKind::interrupted_send: return Retry::later;
  }
  switch (outcome.response.status) {
    case 429:
    case 502:
    case 503:
    case 504: return Retry::later;
    default: return Retry::never;
  }
}

}  // namespace

Connection::Connection(http::Client& http, ConnectionOptions options)
    : options_(std::move(options)) {
  for (const std::string& url : options_.urls) {
    services_.emplace_back(
        http, http::ServiceOptions{kErrors, url, options_.user, options_.key, options_.scheme});
  }
}

// A silent node must leave time for the others.
http::Outcome Connection::ask(const std::string& method, std::string_view path,
                              const std::string& body, const Deadline& deadline,
                              std::size_t hosts_left) {
  const std::int64_t share =
      deadline.left_ms() / static_cast<std::int64_t>(std::max<std::size_t>(hosts_left, 1));
  const Deadline until = Deadline::after_ms(std::min(options_.request_ms, share));
  http::Service& service = services_[current_];
  http::Outcome outcome = service.send(method, path, body, until);
  if (first_ms_ < 0) first_ms_ = service.first_ms();
  return outcome;
}

http::Outcome Connection::send(const std::string& method, std::string_view path,
                               const std::string& body, const Deadline& deadline) {
  Backoff backoff(kFirstPauseMs, kLongestPauseMs);
  const std::size_t hosts = services_.size();
  const std::int64_t begun = steady_now_ms();
  bool may_wait = false;
  for (std::size_t asked = 0;; ++asked) {
    http::Outcome outcome = ask(method, path, body, deadline, hosts - asked % hosts);
    const Retry retry = retry_after(outcome);
    if (retry == Retry::never) return outcome;
    may_wait = may_wait || retry == Retry::later;
    if ((asked + 1) % hosts == 0) {  // all nodes were asked
      const std::int64_t pause = backoff.failed(outcome.response.retry_after_ms);
      const std::int64_t spent = steady_now_ms() - begun;
      if (!may_wait || spent + pause > options_.retry_for_ms || pause >= deadline.left_ms() ||
          !wait(pause)) {
        return outcome;
      }
      may_wait = false;
    }
    ++repeats_;
    current_ = (current_ + 1) % hosts;
  }
}

bool Connection::wait(std::int64_t ms) const { return wait_unless(options_.stop, ms); }

Result<json::Document> Connection::get(std::string_view path, const Deadline& deadline) {
  const http::Outcome outcome = send("GET", path, {}, deadline);
  return read(outcome);
}

Result<json::Document> Connection::post(std::string_view path, const std::string& body,
                                        const Deadline& deadline) {
  const http::Outcome outcome = send("POST", path, body, deadline);
  return read(outcome);
}

}  // namespace socbridge::opensearch
