// SPDX-License-Identifier: Apache-2.0
#include "analysis/analyzer_selection.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "cortex/analyzer.h"
#include "observable/validate.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::analysis {
std::string Enabled::remark(std::string_view preset) const {
  if (missing.empty()) return {};
  const auto shown = [](const std::string& name) { return printable(name, 80); };
  return "preset " + printable(preset, 60) + ": there is no analyzer " + joined_as(missing, shown) +
         "; it is not enabled, or has another name in Cortex";
}

Result<Enabled> enabled_of(const std::vector<Analyzer>& all, const std::vector<std::string>& names,
                           std::string_view preset) {
  Enabled out;
  for (const std::string& name : names) {
    const bool there = std::any_of(all.begin(), all.end(),
                                   [&](const Analyzer& one) { return one.is_called(name); });
    (there ? out.names : out.missing).push_back(name);
  }
  if (!out.names.empty()) return out;
  return Status::error(ExitCode::usage,
                       "no analyzer of the preset " + printable(preset, 60) + " is enabled");
}

bool takes(const Analyzer& analyzer, const thehive::ObservableInfo& observable) {
  return analyzer.takes(observable.data_type) &&
         (!cortex::is_network(observable.data_type, observable.data) ||
          cortex::takes_networks(analyzer.name, analyzer.description));
}

std::string kind_of(const thehive::ObservableInfo& observable) {
  if (cortex::is_network(observable.data_type, observable.data)) return "a network";
  return observable.data_type;
}

std::string matching_analyzers(const std::vector<Analyzer>& all,
                               const thehive::ObservableInfo& observable) {
  std::vector<std::string> names;
  for (const Analyzer& one : all) {
    if (takes(one, observable)) names.push_back(printable(one.name, 80));
  }
  return names.empty() ? "no analyzer" : joined(names);
}

std::string why_not(const thehive::ObservableInfo& observable, const Limits& limits) {
  if (observable.tlp > limits.max_tlp) {
    return "TLP " + thehive::tlp_name(observable.tlp, limits.five_levels) + " is above " +
           thehive::tlp_name(limits.max_tlp, limits.five_levels);
  }
  if (!limits.private_addresses && observable.data_type == "ip") {
    const auto address = observable::parse_ip(observable.data);
    if (address && address->scope != observable::IpScope::global) {
      return "a private address, unknown outside the network";
    }
  }
  return {};
}

}  // namespace socbridge::analysis
