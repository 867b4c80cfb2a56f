// SPDX-License-Identifier: Apache-2.0
#include "intake/intake_report.h"

#include <algorithm>

namespace socbridge::intake {
namespace {

bool all_digits(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_alert_id(std::string_view id) {
  constexpr std::size_t kMaxPart = 20;
  const std::size_t dot = id.find('.');
  return dot != std::string_view::npos && all_digits(id.substr(0, dot), kMaxPart) &&
         all_digits(id.substr(dot + 1), kMaxPart);
}

}  // namespace

std::string alert_ids(const wazuh::Alert& alert) {
  constexpr std::size_t kMaxRule = 12;
  std::string ids;
  if (is_alert_id(alert.id)) ids = "alert " + alert.id;
  if (all_digits(alert.rule_id, kMaxRule)) {
    ids += (ids.empty() ? "rule " : ", rule ") + alert.rule_id;
  }
  return ids.empty() ? ids : " (" + ids + ")";
}

std::string failure_in_own_words(const delivery::Attempt& attempt) {
  const thehive::Delivery& delivery = attempt.delivery;
  // Without an answer the text is our own: host and reason.
  if (delivery.http_status == 0) return delivery.message;
  const std::string answered = "TheHive answered " + std::to_string(delivery.http_status);
  switch (delivery.verdict) {
    case thehive::Verdict::auth:
      return answered + ": it refuses the key, its permission or the licence";
    case thehive::Verdict::refused: return answered + ": it refuses this alert";
    case thehive::Verdict::blocked:
      return "a proxy or firewall before TheHive answered " + std::to_string(delivery.http_status) +
             ": it refuses this alert";
    case thehive::Verdict::too_large: return answered + ": the alert is too large for it";
    default: return answered + ": not an answer that proves the alert is there";
  }
}

ExitCode failure_code(const delivery::Attempt& attempt) {
  switch (attempt.delivery.verdict) {
    case thehive::Verdict::created:
    case thehive::Verdict::duplicate: return ExitCode::ok;
    case thehive::Verdict::retry: return ExitCode::unreachable;
    case thehive::Verdict::auth: return ExitCode::auth;
    case thehive::Verdict::refused:
    case thehive::Verdict::blocked:
    case thehive::Verdict::too_large: return ExitCode::refused;
  }
  return ExitCode::failure;
}

}  // namespace socbridge::intake
