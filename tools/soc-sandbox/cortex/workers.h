// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/cortex/analyzers.h"

namespace socbridge::sandbox::cortex {

// An analyzer of the catalogue, as in GET /api/analyzerdefinition.
std::string definition_json(const Analyzer& analyzer);
// Errors in the configuration of an analyzer to be enabled: missing required items and unknown
// items. Empty: none. Each has a name, and "Missing" or "Unknown".
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
  // False if the organisation already has an analyzer with that name.
  bool add(const Analyzer& analyzer);
  void replace(const Analyzer& analyzer);
  void remove(std::string_view id);

 private:
  mutable std::mutex mutex_;
  std::vector<Analyzer> enabled_;
};

}  // namespace socbridge::sandbox::cortex
