// SPDX-License-Identifier: Apache-2.0
#include "http/explain.h"

#include <initializer_list>

#include "base/text.h"
#include "http/error_page.h"
#include "json/answer.h"

namespace socbridge::http {
namespace {

constexpr std::size_t kMaxLine = 300;

std::string first_text(json::Value root, std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    if (const auto text = root.path(path).string(); text && !text->empty())
      return std::string(*text);
  }
  return {};
}

bool is_page(const Response& response) {
  return response.content_type == "text/html" || trim(response.body).starts_with('<');
}

Status no_answer(const std::string& prefix, const Outcome& outcome) {
  const std::string text = prefix + printable(outcome.error, kMaxLine);
  switch (outcome.failure) {
    case FailureKind::bad_url: return Status::error(ExitCode::usage, text, "fix its URL");
    case FailureKind::tls:
      return Status::error(ExitCode::unreachable, text,
                           "check its certificate, the host name in its URL and ca_file");
    default:
      return Status::error(ExitCode::unreachable, text,
                           "check that it runs and that its URL is right");
  }
}

ExitCode code_of(int status) {
  switch (status) {
    case 401:
    case 402:
    case 403: return ExitCode::auth;
    case 408:
    case 425:
    case 429: return ExitCode::unreachable;
    default: return status >= 200 && status < 500 ? ExitCode::refused : ExitCode::unreachable;
  }
}

std::string usual_cure(const Response& response, const ErrorBody& error,
                       const ProductErrors& product) {
  constexpr int kUnauthorized = 401;
  switch (code_of(response.status)) {
    case ExitCode::auth:
      return response.status == kUnauthorized ? "check the key"
                                              : "check the permissions of the key's user";
    case ExitCode::unreachable:
      if (response.status < 500) return "try again later";
      return is_page(response) ? "check the proxy in front of it and its own log" : "check its log";
    default: break;
  }
  // With a type it is the product, and the request is what it refuses.
  if (error.is_own && !error.type.empty()) return {};
  return "check that the URL is that of " + std::string(product.name);
}

}  // namespace

ErrorBody read_common_error(const Response& response, std::string_view member) {
  ErrorBody out;
  if (is_page(response)) return out;
  const auto document = json::parse_answer(response.body);
  if (!document.ok()) {
    out.is_own = true;
    out.message = trim(response.body);
    return out;
  }
  const json::Value root = document->root();
  out.is_own = member.empty() || !is_access_refusal(response.status) || !root[member].missing();
  out.message =
      first_text(root, {"message", "error.reason", "error.message", "detail", "error", "title"});
  if (out.message.empty()) out.message = first_text(root["errors"].at(0), {"message"});
  return out;
}

bool is_success(const Outcome& outcome) {
  return outcome.answered() && outcome.response.status >= 200 && outcome.response.status < 300;
}

std::string describe_answer(const Response& response, const ErrorBody& error,
                            const ProductErrors& product) {
  std::string line = "HTTP " + std::to_string(response.status);
  std::string text = error.message;
  if (error.is_own) {
    if (!error.type.empty()) line += " " + error.type;
    if (!error.details.empty()) text += (text.empty() ? "" : ": ") + error.details;
  } else {
    if (text.empty()) text = page_text(response.body);
    if (text.empty() && is_page(response)) text = "an HTML page";
    const bool foreign = !response.is_json() || response.status >= 400;
    if (!text.empty() && foreign) text += " (not an answer of " + std::string(product.name) + ")";
  }
  if (!text.empty()) line += ": " + text;
  return printable(line, kMaxLine);
}

Status explain(std::string_view what, const Outcome& outcome, const ProductErrors& product) {
  const std::string prefix = std::string(what) + ": ";
  if (!outcome.answered()) return no_answer(prefix, outcome);
  if (is_success(outcome)) return {};
  const Response& response = outcome.response;
  const int status = response.status;
  if (status >= 300 && status < 400) {
    return Status::error(ExitCode::refused, prefix + describe_redirect(response),
                         "give the final URL");
  }
  const ErrorBody error = product.read(response);
  const std::string text = prefix + describe_answer(response, error, product);
  constexpr int kProxyWantsPassword = 407;
  if (status == kProxyWantsPassword || (is_access_refusal(status) && !error.is_own)) {
    return refused_before(text, product.name);
  }
  std::string cure(product.cure == nullptr ? std::string_view() : product.cure(status, error));
  if (cure.empty()) cure = usual_cure(response, error, product);
  return Status::error(code_of(status), text, std::move(cure));
}

Result<json::Document> read_json(std::string_view what, const Outcome& outcome,
                                 const ProductErrors& product) {
  if (Status bad = explain(what, outcome, product); !bad.ok()) return bad;
  const Response& response = outcome.response;
  auto document = json::parse_answer(response.body);
  if (document.ok()) return document;
  const auto failed = [&](ExitCode code, const char* found, const char* cure) {
    return Status::error(code,
                         std::string(what) + ": HTTP " + std::to_string(response.status) +
                             " with " + found + " where JSON was expected",
                         cure);
  };
  constexpr const char* kOther = "check its URL: a proxy or another server answers there";
  if (json::has_too_many_values(response.body))
    return failed(ExitCode::refused, "too many values", kOther);
  if (is_page(response)) return failed(ExitCode::refused, "an HTML page", kOther);
  if (!response.is_json()) return failed(ExitCode::refused, "a body that is not JSON", kOther);
  return failed(ExitCode::unreachable, "truncated JSON", "try again later");
}

}  // namespace socbridge::http
