// SPDX-License-Identifier: Apache-2.0
#include "opencti/answer.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "http/error_page.h"
#include "json/answer.h"

namespace socbridge::opencti {
namespace {

constexpr std::size_t kMaxErrors = 100;
constexpr std::size_t kMaxText = 300;

std::string path_text(json::Value path) {
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(path.size(), 20); ++i) {
    if (!out.empty()) out += '.';
    out += path.at(i).text();
  }
  return out;
}

// Details that the message omits: OpenCTI 6.8 puts them into extensions.data.
std::string reason_of(json::Value data) {
  std::string out = data["reason"].string_text();
  const json::Value keys = data["keys"];
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(keys.size(), 20); ++i) {
    names += (names.empty() ? "" : ", ") + keys.at(i).string_text();
  }
  for (const std::string& more : {names, data["doc_code"].string_text()}) {
    if (!more.empty()) out += (out.empty() ? "" : "; ") + more;
  }
  return out;
}

GraphqlError read_error(json::Value value) {
  GraphqlError out;
  out.message = value["message"].string_text();
  out.code = value["extensions"]["code"].string_text();
  if (out.code.empty()) out.code = value["name"].string_text();
  out.reason = reason_of(value["extensions"]["data"]);
  out.path = path_text(value["path"]);
  return out;
}

int weight(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::auth: return 4;
    case ErrorKind::query_invalid: return 3;
    case ErrorKind::retry: return 2;
    case ErrorKind::too_many:
    case ErrorKind::refused: return 1;
  }
  return 0;
}

}  // namespace

ErrorKind classify(const GraphqlError& error) {
  const std::string_view code = error.code;
  for (const std::string_view auth : {"AUTH_REQUIRED", "AUTH_FAILURE", "OTP_REQUIRED",
                                      "OTP_REQUIRED_ACTIVATION", "FORBIDDEN_ACCESS"}) {
    if (code == auth) return ErrorKind::auth;
  }
  for (const std::string_view again : {"LOCK_ERROR", "DATABASE_ERROR", "UNKNOWN_ERROR",
                                       "INTERNAL_SERVER_ERROR", "CONFIGURATION_ERROR"}) {
    if (code == again) return ErrorKind::retry;
  }
  for (const std::string_view invalid :
       {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"}) {
    if (code == invalid) return ErrorKind::query_invalid;
  }
  return code == "COMPLEX_SEARCH_ERROR" ? ErrorKind::too_many : ErrorKind::refused;
}

http::ErrorBody read_http_error(const http::Response& response) {
  http::ErrorBody out = http::read_common_error(response);
  if (http::is_access_refusal(response.status)) out.is_own = false;
  return out;
}

Result<Answer> read_answer(std::string_view body) {
  auto document = json::parse_answer(body);
  if (!document.ok()) {
    // It was announced as JSON (see accept()), so it is truncated.
    return Status::error(ExitCode::unreachable,
                         "the answer is not JSON (" + document.status().message() + ")");
  }
  Answer out;
  out.document = std::move(*document);
  const json::Value root = out.document.root();
  const json::Value errors = root["errors"];
  if (!errors.is_array() && !root["data"].is_object()) {
    return Status::error(ExitCode::refused, "the answer is JSON, but not a GraphQL answer");
  }
  for (std::size_t i = 0; i < std::min(errors.size(), kMaxErrors); ++i) {
    if (errors.is_array()) out.errors.push_back(read_error(errors.at(i)));
  }
  return out;
}

Result<Answer> accept(std::string_view what, const http::Outcome& outcome) {
  const http::Response& response = outcome.response;
  const bool success = http::is_success(outcome);
  if (success && !response.is_json()) {
    const std::string type =
        response.content_type.empty() ? "no content type" : printable(response.content_type, 60);
    return Status::error(
        ExitCode::refused,
        std::string(what) + ": HTTP " + std::to_string(response.status) + " with " + type +
            " instead of JSON: not OpenCTI's API",
        "check the URL and its base path; a proxy's login page also looks like this");
  }
  // Some GraphQL errors keep their HTTP status behind proxies and in other versions.
  auto answer = read_answer(response.body);
  if (!success && (!answer.ok() || answer->errors.empty() || response.status >= 500)) {
    return http::explain(what, outcome, kErrors);
  }
  if (!answer.ok()) {
    return Status::error(answer.status().code(),
                         std::string(what) + ": " + answer.status().message(),
                         "check that the URL is OpenCTI's own");
  }
  return answer;
}

Status errors_status(std::string_view what, const Answer& answer) {
  const GraphqlError* worst = nullptr;
  for (const GraphqlError& error : answer.errors) {
    if (worst == nullptr || weight(classify(error)) > weight(classify(*worst))) worst = &error;
  }
  if (worst == nullptr) return {};
  std::string text = std::string(what) + ": ";
  if (!worst->code.empty()) text += printable(worst->code, 60) + ": ";
  text += printable(worst->message.empty() ? "no reason given" : worst->message, kMaxText);
  if (!worst->reason.empty()) text += " (" + printable(worst->reason, kMaxText) + ")";
  if (answer.errors.size() > 1) {
    text += " (and " + std::to_string(answer.errors.size() - 1) + " more)";
  }
  switch (classify(*worst)) {
    case ErrorKind::auth:
      return Status::error(ExitCode::auth, text,
                           worst->code == "FORBIDDEN_ACCESS"
                               ? "give the token's user the capability; socctl opencti "
                                 "whoami shows which it has"
                               : "check the token: socctl opencti whoami");
    case ErrorKind::retry:
      return Status::error(ExitCode::unreachable, text,
                           worst->code == "LOCK_ERROR"
                               ? "try again later"
                               : "check the platform's search engine: does it run, does its disk "
                                 "have room, is its search queue full");
    case ErrorKind::too_many: return Status::error(ExitCode::refused, text, "give fewer values");
    case ErrorKind::query_invalid:
      return Status::error(ExitCode::refused, text,
                           "this version of OpenCTI has another schema; compare GET /schema");
    case ErrorKind::refused: break;
  }
  return Status::error(ExitCode::refused, text);
}

}  // namespace socbridge::opencti
