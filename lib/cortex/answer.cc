// SPDX-License-Identifier: Apache-2.0
#include "cortex/answer.h"

#include <algorithm>

#include "base/text.h"
#include "http/error_page.h"
#include "json/answer.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxLine = 300, kMaxErrorBytes = std::size_t{1} << 20;

std::string describe(const http::Response& response, const ErrorBody& error) {
  std::string line = "HTTP " + std::to_string(response.status);
  if (error.from_cortex) {
    line += " " + error.type;
    const std::string& words = error.message.empty() ? error.details : error.message;
    if (!words.empty()) line += ": " + words;
  } else if (!response.is_json()) {
    const std::string page = http::page_text(response.body);
    if (!page.empty()) line += ": " + page + " (not an answer of Cortex)";
  }
  return printable(line, kMaxLine);
}

}  // namespace

ErrorBody read_error(const http::Response& response) {
  ErrorBody out;
  if (response.body.size() > kMaxErrorBytes) return out;
  const std::string_view body = trim(response.body);
  if (!body.starts_with('{')) return out;
  const auto document = json::parse_answer(body);
  if (!document.ok()) return out;
  const json::Value root = document->root();
  out.type = root["type"].string_text();
  out.from_cortex = !out.type.empty();
  out.message = root["message"].string_text();
  const json::Value errors = root["errors"];
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 0; i < std::min(errors.size(), kMost); ++i) {
    if (!out.details.empty()) out.details += ", ";
    const std::string message = errors.at(i)["message"].string_text();
    out.details += message.empty() ? errors.at(i)["name"].string_text() : message;
  }
  return out;
}

Status failure_status(std::string_view what, const http::Outcome& outcome) {
  const std::string prefix = std::string(what) + ": ";
  if (outcome.failure == http::FailureKind::bad_url)
    return Status::error(ExitCode::usage, prefix + printable(outcome.error, kMaxLine));
  if (!outcome.answered())
    return Status::error(ExitCode::unreachable, prefix + printable(outcome.error, kMaxLine));
  const http::Response& response = outcome.response;
  if (response.status >= 300 && response.status < 400)
    return Status::error(ExitCode::refused, prefix + http::describe_redirect(response));
  const ErrorBody error = read_error(response);
  const std::string line = prefix + describe(response, error);
  if (http::is_access_refusal(response.status) && !error.from_cortex) {
    return http::refused_before(line, "Cortex");
  }
  switch (response.status) {
    case 401: return Status::error(ExitCode::auth, line, "check the API key");
    case 403:
      return Status::error(
          ExitCode::auth, line,
          "the key's user needs the roles read and analyze in an organisation of its own");
    case 413:
      return Status::error(ExitCode::refused, line,
                           "raise play.http.parser.maxDiskBuffer of Cortex, or send less");
    case 429: return Status::error(ExitCode::unreachable, line, "try again later");
    case 520:
      return Status::error(
          ExitCode::unreachable, prefix + "HTTP 520: Cortex has no index yet",
          "open Cortex in a browser once, or POST /api/maintenance/migrate, and create a user");
    default: break;
  }
  if (error.type == "NoNodeAvailable")
    return Status::error(ExitCode::unreachable, line, "Elasticsearch behind Cortex is down");
  const bool refused = response.status >= 200 && response.status < 500;
  return Status::error(refused ? ExitCode::refused : ExitCode::unreachable, line);
}

Result<json::Document> read_json(std::string_view what, const http::Outcome& outcome) {
  const int status = outcome.response.status;
  if (!outcome.answered() || status < 200 || status >= 300) return failure_status(what, outcome);
  if (trim(outcome.response.body).empty()) return json::Document();
  auto document = json::parse_answer(outcome.response.body);
  if (document.ok()) return document;
  if (json::has_too_many_values(outcome.response.body)) {
    return Status::error(ExitCode::refused, std::string(what) + ": " + document.status().message());
  }
  const std::string page = outcome.response.is_json() ? "" : http::page_text(outcome.response.body);
  return Status::error(ExitCode::refused,
                       std::string(what) + ": HTTP " + std::to_string(status) + " is not JSON" +
                           (page.empty() ? "" : ": " + printable(page, 100)),
                       "check that the URL is Cortex's own");
}

// "Rate limit of 500 per Day reached for the analyzer …"
std::string limit_unit(const ErrorBody& error) {
  const std::string_view message = error.message;
  constexpr std::string_view kMark = " per ";
  const std::size_t mark = message.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view rest = message.substr(mark + kMark.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

}  // namespace socbridge::cortex
