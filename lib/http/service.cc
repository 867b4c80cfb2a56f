// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <utility>

#include "base/text.h"
#include "hash/base64.h"
#include "http/error_page.h"
#include "json/answer.h"

namespace socbridge::http {
namespace {

constexpr std::size_t kWordsMax = 200;

std::string first_text(json::Value root, std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    if (const auto text = root.path(path).string(); text && !text->empty())
      return std::string(*text);
  }
  return {};
}

// The server's own text on its refusal; empty if it has none of use.
std::string own_words(const Response& response) {
  if (const auto document = json::parse_answer(response.body); document.ok()) {
    const json::Value root = document->root();
    std::string text =
        first_text(root, {"message", "error.reason", "error.message", "detail", "error", "title"});
    if (text.empty()) text = first_text(root["errors"].at(0), {"message"});
    return printable(text, kWordsMax);
  }
  const bool page = response.content_type == "text/html" || response.body.starts_with('<');
  if (page) return "an HTML page, probably of a proxy";
  return printable(trim(response.body), kWordsMax);
}

bool is_page(const Response& response) {
  return response.content_type == "text/html" || trim(response.body).starts_with('<');
}

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

// A server may echo a request's headers in its error page.
void hide(Outcome& outcome, const Secret& secret) {
  outcome.error = redact(std::move(outcome.error), secret);
  Response& response = outcome.response;
  if (response.status >= 200 && response.status < 300) return;
  response.body = redact(std::move(response.body), secret);
  for (auto& field : response.headers) field.second = redact(std::move(field.second), secret);
}

}  // namespace

std::string basic_authorization(std::string_view user, const Secret& password) {
  std::string both = std::string(user) + ":" + std::string(password.reveal());
  std::string out = "Basic " + base64(both);
  secure_wipe(both.data(), both.size());
  return out;
}

Service::Service(Client& http, ServiceOptions options)
    : http_(&http), options_(std::move(options)) {}

Outcome Service::send(std::string method, std::string_view path, std::string body,
                      const Deadline& deadline) {
  Request request;
  request.method = std::move(method);
  request.url = join_url(options_.url, path);
  request.headers.emplace_back("Accept", "application/json");
  request.body = std::move(body);
  if (!request.body.empty()) request.content_type = "application/json";
  request.timeout_ms = deadline.left_ms();
  const Secret authorization = own_authorization();
  if (authorization.empty()) {
    request.bearer = options_.key;
  } else {
    request.headers.emplace_back("Authorization", authorization.reveal());
  }
  const std::int64_t started = steady_now_ms();
  Outcome outcome = http_->perform(request);
  if (first_ms_ < 0) first_ms_ = steady_now_ms() - started;
  if (!authorization.empty()) {
    std::string& line = request.headers.back().second;
    secure_wipe(line.data(), line.size());
  }
  hide(outcome, options_.key);
  hide(outcome, authorization);
  return outcome;
}

// The value of the Authorization header if it is not a bearer token; else empty.
Secret Service::own_authorization() const {
  if (!options_.user.empty()) return Secret(basic_authorization(options_.user, options_.key));
  if (options_.scheme.empty() || options_.key.empty()) return {};
  std::string both = options_.scheme + " " + std::string(options_.key.reveal());
  Secret out(both);
  secure_wipe(both.data(), both.size());
  return out;
}

// Whether the product itself may have answered, rather than a page or JSON of another server.
bool Service::is_own_refusal(const Response& response) const {
  constexpr int kProxyWantsPassword = 407;
  if (response.status == kProxyWantsPassword) return false;
  if (options_.is_guarded_by_proxy) return true;
  if (is_page(response)) return false;
  if (options_.error_member.empty()) return true;
  const auto document = json::parse_answer(response.body);
  return !document.ok() || !document->root()[options_.error_member].missing();
}

Status Service::explain(const Outcome& outcome) const {
  const std::string who = options_.product + ": ";
  if (outcome.failure == FailureKind::bad_url) {
    return Status::error(ExitCode::usage, who + printable(outcome.error, 300), "fix its URL");
  }
  if (!outcome.answered()) {
    const bool tls = outcome.failure == FailureKind::tls;
    return Status::error(ExitCode::unreachable, who + printable(outcome.error, 300),
                         tls ? "check its certificate, the host name in its URL and ca_file"
                             : "check that it runs and that its URL is right");
  }
  const Response& response = outcome.response;
  const int status = response.status;
  if (status >= 200 && status < 300) return {};
  std::string text = who + "HTTP " + std::to_string(status);
  if (status >= 300 && status < 400) {
    return Status::error(ExitCode::refused,
                         text + " redirects to " + printable(header(response, "location")),
                         "set the URL to the target");
  }
  if (const std::string words = own_words(response); !words.empty()) text += ": " + words;
  if (is_access_refusal(status) && !is_own_refusal(response)) {
    return refused_before(text, options_.product);
  }
  switch (status) {
    case 401: return Status::error(ExitCode::auth, text, "check the key");
    case 402:
    case 403: return Status::error(ExitCode::auth, text, "check the permissions of the key's user");
    case 408:
    case 425:
    case 429: return Status::error(ExitCode::unreachable, text, "try again later");
    default: break;
  }
  if (status >= 500) {
    return Status::error(
        ExitCode::unreachable, text,
        is_page(response) ? "check the proxy in front of it and its own log" : "check its log");
  }
  return Status::error(ExitCode::refused, text,
                       "check that the URL is that of " + options_.product);
}

Result<json::Document> Service::read(const Outcome& outcome) const {
  if (Status bad = explain(outcome); !bad.ok()) return bad;
  auto document = json::parse_answer(outcome.response.body);
  if (document.ok()) return document;
  std::string what = is_page(outcome.response) ? "an HTML page" : "text that is not JSON";
  if (json::has_too_many_values(outcome.response.body)) what = "too many values";
  return Status::error(ExitCode::refused,
                       options_.product + ": HTTP " + std::to_string(outcome.response.status) +
                           " with " + what + " instead of a JSON answer",
                       "check its URL: a proxy or another server answers there");
}

Result<json::Document> Service::get(std::string_view path, const Deadline& deadline) {
  return read(send("GET", path, {}, deadline));
}

Result<json::Document> Service::post(std::string_view path, std::string body,
                                     const Deadline& deadline) {
  return read(send("POST", path, std::move(body), deadline));
}

}  // namespace socbridge::http
