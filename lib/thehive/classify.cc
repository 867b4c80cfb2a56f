#include <string_view>

#include "base/text.h"
#include "http/words.h"
#include "json/value.h"
#include "thehive/answer.h"
#include "thehive/client.h"

namespace socbridge::thehive {
namespace {

bool contains(const std::string& lower_text, std::string_view part) {
  return lower_text.find(part) != std::string::npos;
}

// TheHive facts 2.1. "Observable already exists" of 4.0 means that the alert was NOT created: only
// a message about the alert itself counts.
bool is_duplicate(const ErrorBody& error) {
  const std::string message = ascii_lower(error.message);
  if (iequals(error.type, "ConflictError") || contains(message, "document already exists"))
    return true;
  return istarts_with(message, "alert ") && contains(message, "already exist");
}

// A platform whose licence ended is read-only; how it says so is not documented (facts 2.3). Errors
// that repeat the request's own values are left out: an alert's text may hold the word.
bool is_licence(const ErrorBody& error) {
  if (iequals(error.type, "AttributeCheckingError") || iequals(error.type, "CreateError"))
    return false;
  const std::string text = ascii_lower(error.type + " " + error.message);
  return contains(text, "license") || contains(text, "licence");
}

std::string created_id(const http::Response& response) {
  const auto document = json::Document::parse(response.body);
  if (!document.ok()) return {};
  for (const char* name : {"_id", "id"}) {
    const auto id = document->root()[name].string();
    if (id && !id->empty()) return printable(*id, 128);
  }
  return {};
}

Verdict client_error(int status, const ErrorBody& error) {
  switch (status) {
    case 401:
    case 402:
    case 403: return Verdict::auth;
    case 408:
    case 425:
    case 429: return Verdict::retry;
    case 413: return Verdict::too_large;
    case 400:
    case 409:
      if (is_duplicate(error)) return Verdict::duplicate;
      break;
    case 404:
      // A page of a proxy whose backend is away says nothing about the alert.
      if (!error.from_thehive) return Verdict::retry;
      // v4 says so of a key that may not create alerts (facts 2.3).
      if (iequals(error.message, "Organisation not found")) return Verdict::auth;
      break;
    default: break;
  }
  return is_licence(error) ? Verdict::auth : Verdict::refused;
}

void sort_success(const http::Response& response, Delivery& out) {
  out.alert_id = created_id(response);
  if (!out.alert_id.empty()) {
    out.verdict = Verdict::created;
    out.message = "HTTP " + std::to_string(response.status) + ": created " + out.alert_id;
    return;
  }
  out.verdict = Verdict::retry;
  out.ambiguous = true;
  out.message = printable(describe_answer(response, read_error(response)), 200) +
                " (no alert id: nothing proves that the alert was created)";
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
  return "unknown";
}

Delivery classify_create(const http::Outcome& outcome) {
  Delivery out;
  if (!outcome.answered()) {
    // Also a bad URL or certificate: the alert is well, what stands before it can be mended.
    out.verdict = Verdict::retry;
    out.ambiguous = outcome.ambiguous();
    out.message = printable(outcome.error, 300);
    return out;
  }
  const http::Response& response = outcome.response;
  out.http_status = response.status;
  if (response.status >= 200 && response.status < 300) {
    sort_success(response, out);
    return out;
  }
  if (response.status >= 300 && response.status < 400) {
    out.verdict = Verdict::refused;
    out.wrong_place = true;
    out.message = http::describe_redirect(response);
    return out;
  }
  const ErrorBody error = read_error(response);
  out.message = describe_answer(response, error);
  if (response.status >= 400 && response.status < 500) {
    out.verdict = client_error(response.status, error);
    out.wrong_place = out.verdict == Verdict::refused &&
                      (response.status == 405 || iequals(error.type, "NotFound"));
  } else {
    out.verdict = Verdict::retry;
    // A proxy that gave up on a server which may still be at work.
    out.ambiguous = response.status == 502 || response.status == 504;
  }
  if (out.verdict == Verdict::retry) out.retry_after_ms = response.retry_after_ms;
  return out;
}

}  // namespace socbridge::thehive
