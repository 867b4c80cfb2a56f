#include <algorithm>

#include "base/text.h"
#include "thehive/client.h"

namespace socbridge::thehive {
namespace {

struct ServerError {
  std::string type, message;
};

ServerError read_error(const http::Response& response) {
  ServerError error;
  const auto document = json::Document::parse(response.body);
  if (!document.ok()) return error;
  error.type = document->root()["type"].scalar_text().value_or("");
  error.message = document->root()["message"].scalar_text().value_or("");
  return error;
}

bool contains(const std::string& text, std::string_view part) {
  return ascii_lower(text).find(part) != std::string::npos;
}

// Only the alert's own "already exists" counts: 4.0 says the same of an observable and then has
// rolled the alert back (facts 2.1).
bool is_duplicate(int status, const ServerError& error) {
  if (status != 400 && status != 409) return false;
  if (contains(error.message, "already exist") && istarts_with(error.message, "Alert ")) return true;
  return iequals(error.type, "ConflictError") || contains(error.message, "document already exists");
}

std::string describe(const http::Response& response, const ServerError& error) {
  constexpr std::size_t kMost = 300;
  std::string text = "HTTP " + std::to_string(response.status);
  if (!error.type.empty()) text += " " + error.type;
  if (!error.message.empty()) {
    text += ": " + error.message;
  } else if (!response.body.empty() && error.type.empty()) {
    text += response.is_json() ? ": an answer without a message"
                               : ": not TheHive's answer but " +
                                     (response.content_type.empty() ? std::string("bytes without a type")
                                                                    : response.content_type);
  }
  return printable(text, kMost);
}

Verdict verdict_of(int status) {
  switch (status) {
    case 401:
    case 402:
    case 403: return Verdict::auth;
    case 413: return Verdict::too_large;
    case 408:
    case 425:
    case 429: return Verdict::retry;
    default: break;
  }
  if (status >= 500 || status < 300) return Verdict::retry;
  return Verdict::refused;
}

Delivery success(const http::Response& response) {
  Delivery d;
  d.http_status = response.status;
  const auto document = json::Document::parse(response.body);
  if (document.ok()) {
    const json::Value root = document->root();
    d.alert_id = root["_id"].scalar_text().value_or(root["id"].scalar_text().value_or(""));
  }
  if (d.alert_id.empty()) {
    d.verdict = Verdict::retry;
    d.ambiguous = true;
    d.message = "HTTP " + std::to_string(response.status) +
                " without an alert id: this is not TheHive, check the URL";
    return d;
  }
  d.alert_id = printable(d.alert_id, 100);
  d.verdict = Verdict::created;
  d.message = "HTTP " + std::to_string(response.status);
  return d;
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::created: return "created";
    case Verdict::duplicate: return "duplicate";
    case Verdict::retry: return "retry";
    case Verdict::auth: return "auth";
    case Verdict::refused: return "refused";
    case Verdict::too_large: return "too_large";
  }
  return "";
}

Delivery classify_create(const http::Outcome& outcome) {
  Delivery d;
  if (!outcome.answered()) {
    d.verdict = Verdict::retry;
    d.ambiguous = outcome.ambiguous();
    d.message = outcome.error;
    return d;
  }
  const http::Response& response = outcome.response;
  if (response.status >= 200 && response.status < 300) return success(response);
  const ServerError error = read_error(response);
  d.http_status = response.status;
  d.retry_after_ms = response.retry_after_ms;
  d.message = describe(response, error);
  if (is_duplicate(response.status, error)) {
    d.verdict = Verdict::duplicate;
  } else {
    d.verdict = verdict_of(response.status);
  }
  if (response.status >= 300 && response.status < 400) {
    d.message += ": the server redirects, use its final address as URL";
  }
  return d;
}

Status failure_status(std::string_view what, const http::Outcome& outcome) {
  const std::string name(what);
  if (!outcome.answered()) {
    const bool url = outcome.failure == http::FailureKind::bad_url;
    return Status::error(url ? ExitCode::usage : ExitCode::unreachable, name + ": " + outcome.error,
                         "check the URL and that the server runs");
  }
  const http::Response& response = outcome.response;
  const std::string text = name + ": " + describe(response, read_error(response));
  switch (verdict_of(response.status)) {
    case Verdict::auth: return Status::error(ExitCode::auth, text, "check the key and its permissions");
    case Verdict::retry:
      return Status::error(ExitCode::unreachable, text, "check the URL and that the server runs");
    default: return Status::error(ExitCode::refused, text, "check the URL");
  }
}

}  // namespace socbridge::thehive
