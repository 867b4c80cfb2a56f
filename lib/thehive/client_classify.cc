// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "base/text.h"
#include "http/error_page.h"
#include "json/answer.h"
#include "json/value.h"
#include "thehive/answer.h"
#include "thehive/client.h"

namespace socbridge::thehive {
namespace {

bool contains(std::string_view lower_text, std::string_view part) {
  return lower_text.find(part) != std::string_view::npos;
}

bool names_licence(std::string_view lower_text) {
  return contains(lower_text, "license") || contains(lower_text, "licence");
}

// TheHive says that the alert exists. "Observable already exists" of 4.0 means that the alert was
// NOT created.
bool is_duplicate(const ErrorBody& error) {
  if (iequals(error.type, "ConflictError")) return true;
  if (iequals(error.type, "AttributeCheckingError")) return false;
  return istarts_with(error.message, "alert ") &&
         contains(ascii_lower(error.message), "already exist");
}

// A platform whose licence expired is read-only; its message is not documented. So the words count
// only in text that TheHive writes itself: the type, the sentence of a 402 or 403, or the beginning
// of another refusal. There they count only if they cannot be an echo of the request.
bool is_licence(int status, const ErrorBody& error, std::string_view sent) {
  if (names_licence(ascii_lower(error.type))) return true;
  const std::string words = own_words(error.message);
  constexpr int kPaymentRequired = 402, kForbidden = 403;
  if (status == kPaymentRequired || status == kForbidden) return names_licence(words);
  if (iequals(error.type, "AttributeCheckingError") || iequals(error.type, "CreateError"))
    return false;
  std::string_view rest = words;
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view word :
         {"no ", "the ", "your ", "a ", "valid ", "invalid ", "expired ", "missing "}) {
      if (!rest.starts_with(word)) continue;
      rest.remove_prefix(word.size());
      cut = true;
    }
  }
  const bool begins = rest.starts_with("license") || rest.starts_with("licence");
  return begins && !names_licence(ascii_lower(sent));
}

std::string about(const ErrorBody& error) {
  const bool entity = iequals(error.type, "NotFoundError") && error.message.ends_with(" not found");
  if (entity || is_duplicate(error)) return ascii_lower(error.message);
  if (!error.details.empty()) return ascii_lower(error.details);
  return own_words(error.message);
}

Verdict foreign_error(int status) {
  switch (status) {
    case 404:  // also a proxy whose backend is away
    case 408:
    case 425:
    case 429: return Verdict::retry;
    case 405: return Verdict::refused;
    case 413: return Verdict::too_large;
    default: return Verdict::blocked;
  }
}

Verdict own_error(int status, const ErrorBody& error) {
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
      // TheHive 4 answers this if the key may not create alerts.
      if (iequals(error.message, "Organisation not found")) return Verdict::auth;
      break;
    default: break;
  }
  return Verdict::refused;
}

void sort_success(const http::Response& response, Delivery& out) {
  const auto document = json::parse_answer(response.body);
  const json::Value root = document.ok() ? document->root() : json::Value();
  for (const char* name : {"_id", "id"}) {
    const auto id = root[name].string();
    if (id && !id->empty() && out.alert_id.empty()) out.alert_id = printable(*id, 128);
  }
  if (!out.alert_id.empty()) {
    out.verdict = Verdict::created;
    out.by_version4 = root["read"].boolean().has_value() && root["stage"].missing();
    out.message = "HTTP " + std::to_string(response.status) + ": created " + out.alert_id;
    return;
  }
  out.verdict = Verdict::retry;
  out.ambiguous = true;
  out.foreign = !response.is_json();
  out.message = printable(http::describe_answer(response, read_error(response), kErrors), 200) +
                " (no alert id: nothing proves that the alert was created)";
}

void sort_refusal(const http::Response& response, std::string_view sent, Delivery& out) {
  const ErrorBody error = read_error(response);
  out.message = http::describe_answer(response, error, kErrors);
  out.about = about(error);
  constexpr int kNoMethod = 405;
  if (!error.is_own) {
    out.verdict = foreign_error(response.status);
    // Gateways also report overload as JSON; a refusal in JSON is still from a gateway.
    out.foreign = out.verdict != Verdict::retry || !response.is_json();
    out.wrong_place = response.status == kNoMethod;
    return;
  }
  out.verdict = own_error(response.status, error);
  out.licence = out.verdict != Verdict::duplicate && out.verdict != Verdict::retry &&
                is_licence(response.status, error, sent);
  if (out.licence) out.verdict = Verdict::auth;
  out.wrong_place =
      out.verdict == Verdict::refused && (response.status == kNoMethod || is_unknown_route(error));
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::created: return "created";
    case Verdict::duplicate: return "duplicate";
    case Verdict::retry: return "retry";
    case Verdict::auth: return "auth";
    case Verdict::refused: return "refused";
    case Verdict::blocked: return "blocked";
    case Verdict::too_large: return "too_large";
  }
  return "unknown";
}

Delivery classify_create(const http::Outcome& outcome, std::string_view sent) {
  Delivery out;
  if (!outcome.answered()) {
    // A bad URL or certificate is retried too: the alert is valid, the configuration can be fixed.
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
    out.foreign = true;
    out.message = http::describe_redirect(response) + "; give the final URL";
    return out;
  }
  if (response.status >= 400 && response.status < 500) {
    sort_refusal(response, sent, out);
  } else {
    const ErrorBody error = read_error(response);
    out.message = http::describe_answer(response, error, kErrors);
    out.verdict = Verdict::retry;
    out.foreign = !error.is_own && !response.is_json();
    // A proxy that gave up on a server which may still be at work.
    out.ambiguous = response.status == 502 || response.status == 504;
  }
  if (out.verdict == Verdict::retry) out.retry_after_ms = response.retry_after_ms;
  return out;
}

}  // namespace socbridge::thehive
