// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/cortex/analyzers.h"

namespace socbridge::sandbox::cortex {

// An analyzer of the catalogue, as GET /api/analyzerdefinition shows it.
std::string definition_json(const Analyzer& analyzer);
// What Cortex refuses in the configuration of an analyzer that is to be enabled: items that are
// required and missing, unknown items. Empty: nothing. Each: name, and "Missing" or
// "Unknown".
struct ConfigurationError {
  std::string name, kind;
};
std::vector<ConfigurationError> check_configuration(const Analyzer& analyzer, json::Value given);

// The analyzers that are enabled in each organisation. Thread-safe.
class Workers {
 public:
  explicit Workers(const Setup& setup) : enabled_(setup.analyzers) {}
  std::vector<Analyzer> of(std::string_view organisation) const;
  std::optional<Analyzer> find(std::string_view organisation, std::string_view id) const;
  // False if the organisation has it under that name already.
  bool add(const Analyzer& analyzer);
  void replace(const Analyzer& analyzer);
  void remove(std::string_view id);

 private:
  mutable std::mutex mutex_;
  std::vector<Analyzer> enabled_;
};

}  // namespace socbridge::sandbox::cortex
