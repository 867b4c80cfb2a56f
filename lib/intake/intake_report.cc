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

std::string failure_in_own_words(const delivery::Outcome& outcome) {
  using Kind = delivery::Outcome::Kind;
  // Without an answer the text is this program's: host and reason.
  if (outcome.http_status == 0) return outcome.message;
  const std::string status = std::to_string(outcome.http_status);
  const std::string answered = "TheHive answered " + status;
  switch (outcome.kind) {
    case Kind::key_refused: return answered + ": it refuses the key, its permission or the licence";
    case Kind::wrong_url:
    case Kind::reduced:
    case Kind::refused: return answered + ": it refuses this alert";
    case Kind::blocked:
      return "a proxy or firewall before TheHive answered " + status + ": it refuses this alert";
    case Kind::too_large: return answered + ": the alert is too large for it";
    default: return answered + ": the answer does not prove that the alert exists";
  }
}

}  // namespace socbridge::intake
