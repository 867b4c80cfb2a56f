// SPDX-License-Identifier: Apache-2.0
#include "analysis/analyzer_selection.h"

#include <algorithm>

#include "base/text.h"
#include "cortex/analyzer.h"
#include "observable/validate.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::analysis {
namespace {

// The name without the version that Cortex appends: both forms are candidates for "did you mean".
std::string short_name(const std::string& name) {
  std::size_t end = name.size();
  while (end > 0 && (name[end - 1] == '_' || (name[end - 1] >= '0' && name[end - 1] <= '9'))) --end;
  return name.substr(0, end);
}

Status unknown(const std::vector<Analyzer>& all, const std::string& name) {
  std::vector<std::string> names;
  for (const Analyzer& one : all) {
    names.push_back(one.name);
    if (const std::string brief = short_name(one.name); one.is_called(brief))
      names.push_back(brief);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = nearest(name, views);
  std::string hint = "known are ";
  for (std::size_t i = 0; i < all.size(); ++i)
    hint += (i == 0 ? "" : ", ") + printable(all[i].name);
  if (!near.empty()) hint = "did you mean \"" + printable(near) + "\"?";
  if (all.empty()) hint = "no analyzer is enabled in the organisation";
  return Status::error(ExitCode::usage, "there is no analyzer \"" + printable(name, 80) + "\"",
                       std::move(hint));
}

}  // namespace

Result<std::vector<Analyzer>> pick(const std::vector<Analyzer>& all,
                                   const std::vector<std::string>& names) {
  if (names.empty()) return all;
  std::vector<bool> wanted(all.size(), false);
  for (const std::string& name : names) {
    bool found = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].is_called(name)) continue;
      wanted[i] = found = true;
    }
    if (!found) return unknown(all, name);
  }
  std::vector<Analyzer> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (wanted[i]) out.push_back(all[i]);
  }
  return out;
}

std::string Enabled::remark(std::string_view preset) const {
  if (missing.empty()) return {};
  std::string list;
  for (const std::string& name : missing) {
    list += (list.empty() ? "" : ", ") + printable(name, 80);
  }
  return "preset " + printable(preset, 60) + ": there is no analyzer " + list +
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
  std::string out;
  for (const Analyzer& one : all) {
    if (!takes(one, observable)) continue;
    if (!out.empty()) out += ", ";
    out += printable(one.name, 80);
  }
  return out.empty() ? "no analyzer" : out;
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
