// SPDX-License-Identifier: Apache-2.0
#include "mapping/mapping.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "mapping/conversion.h"

namespace socbridge::mapping {
namespace {

// The row of `include` that matches, and why.
std::optional<std::pair<std::size_t, std::string>> including_row(const wazuh::Alert& alert,
                                                                 const Options& options) {
  for (std::size_t i = 0; i < options.include.size(); ++i) {
    if (auto why = options.include[i].matches(alert)) return std::pair(i, std::move(*why));
  }
  return std::nullopt;
}

// Adds nothing if the configuration has no destinations.
void explain_destinations(const Destinations& destinations, std::vector<Explanation>& out) {
  if (destinations.rule.empty() && destinations.remarks.empty()) return;
  std::string names;
  for (const std::string& name : destinations.names) {
    names += (names.empty() ? "" : ", ") + shown_destination(name);
  }
  out.push_back(
      {"destination", names, destinations.rule.empty() ? "no rule names one" : destinations.rule});
  for (const std::string& remark : destinations.remarks) {
    out.push_back({"destination", "remark", remark});
  }
}

}  // namespace

std::string skip_reason(const wazuh::Alert& alert, const Options& options) {
  if (!alert.is_v5 && !alert.root()["rule"].is_object()) return "it has no rule";
  if (alert.level < options.min_level) {
    const std::string least = options.min_level_from.empty() ? "min_level" : options.min_level_from;
    return "level " + std::to_string(alert.level) + " is below " + least + " " +
           std::to_string(options.min_level);
  }
  for (std::size_t i = 0; i < options.exclude.size(); ++i) {
    if (const auto why = options.exclude[i].matches(alert)) {
      return "exclude[" + std::to_string(i) + "]: " + printable(*why);
    }
  }
  if (!options.include.empty() && !including_row(alert, options))
    return "no row of include matches";
  return options.rules.dropped_by(alert);
}

Destinations destinations_of(const wazuh::Alert& alert, const Options& options) {
  if (!options.rules.sets_destination()) return {};
  const std::string ref = wazuh::source_ref(alert, options.manager_alias);
  return rules::destinations_of({alert, ref, alert.time_ms.value_or(0), {}}, options.rules,
                                options.destinations);
}

thehive::Alert to_thehive(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms) {
  thehive::Alert out;
  convert(alert, options, now_ms, out, nullptr);
  return out;
}

Mapped map(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms, bool explain) {
  Mapped mapped;
  mapped.skip_reason = skip_reason(alert, options);
  mapped.forwarded = mapped.skip_reason.empty();
  if (!mapped.forwarded) return mapped;

  if (explain) {
    if (const auto row = including_row(alert, options)) {
      mapped.explanations.push_back(
          {"forwarded", "include[" + std::to_string(row->first) + "]", row->second});
    }
  }
  Destinations destinations = destinations_of(alert, options);
  if (explain) explain_destinations(destinations, mapped.explanations);
  mapped.destinations = std::move(destinations.names);
  convert(alert, options, now_ms, mapped.alert, explain ? &mapped.explanations : nullptr);
  return mapped;
}

}  // namespace socbridge::mapping
