// SPDX-License-Identifier: Apache-2.0
// Detects the version of TheHive and explains its refusals.
#include <string>

#include "base/text.h"
#include "json/answer.h"
#include "thehive/answer.h"
#include "thehive/client.h"
#include "thehive/exchange.h"
#include "thehive/requests.h"

namespace socbridge::thehive {
namespace {

constexpr const char* kCheckPrefix = "check the URL and its path prefix";

Status not_thehive(const std::string& url, const http::Outcome& outcome) {
  const ErrorBody error = read_error(outcome.response);
  const std::string answer = http::describe_answer(outcome.response, error, kErrors);
  if (is_unknown_route(error)) {
    return Status::error(ExitCode::refused,
                         "TheHive answers, but not below " + printable(url) + ": " + answer,
                         kCheckPrefix);
  }
  return Status::error(ExitCode::refused,
                       printable(url) + " does not look like TheHive 4 or 5: " + answer,
                       kCheckPrefix);
}

std::string version_at(const http::Outcome& outcome, std::string_view path) {
  if (!outcome.answered() || outcome.response.status != 200) return {};
  const auto document = json::parse_answer(outcome.response.body);
  if (!document.ok()) return {};
  return printable(document->root().path(path).string_or_empty(), 40);
}

}  // namespace

// Sent without the key: both endpoints are public, and failed keys count towards a ban.
http::Request VersionQuestion::request(std::int64_t timeout_ms) const {
  http::Request ask = make_request(*endpoint_, "GET",
                                   second_ ? "/api/status" : "/api/v1/status/public", timeout_ms);
  ask.bearer = Secret();
  return ask;
}

std::optional<Result<Client::VersionInfo>> VersionQuestion::answered(const http::Outcome& outcome) {
  const std::string version = version_at(outcome, second_ ? "versions.TheHive" : "version");
  const bool elsewhere = http::is_success(outcome) || outcome.response.status == 404;
  if (version.empty()) {
    if (!elsewhere) {
      return http::explain("asking " + printable(endpoint_->url) + " for its version", outcome,
                           kErrors);
    }
    if (second_) return not_thehive(endpoint_->url, outcome);
    second_ = true;
    return {};
  }
  if (version.front() == '4') return Client::VersionInfo{ApiVersion::v4, version};
  if (version.front() >= '0' && version.front() <= '3') {
    return Status::error(ExitCode::refused, "TheHive " + version + " is not supported",
                         "use TheHive 4 or 5");
  }
  return Client::VersionInfo{ApiVersion::v5, version};
}

Result<Client::VersionInfo> Client::probe_version(const Deadline& deadline) {
  VersionQuestion question(endpoint_);
  while (true) {
    auto answer =
        question.answered(exchange(*http_, question.request(deadline.left_ms()), endpoint_.key));
    if (answer) return std::move(*answer);
  }
}

Result<Client::VersionInfo> Client::version(const Deadline& deadline) {
  if (!version_) {
    auto probed = probe_version(deadline);
    if (!probed.ok()) return probed;
    version_ = std::move(*probed);
  }
  return *version_;
}

bool Client::VersionInfo::at_least(int major, int minor) const {
  const auto parts = split(version, '.');
  const auto number = [&](std::size_t i) {
    return i < parts.size() ? static_cast<int>(parse_u64(parts[i]).value_or(0)) : 0;
  };
  return number(0) != major ? number(0) > major : number(1) >= minor;
}

}  // namespace socbridge::thehive
