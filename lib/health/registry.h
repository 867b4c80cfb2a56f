// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "health/probe.h"

namespace socbridge::health {

// A probe is one file below probes/ and one line in the table of registry.cc.
struct Component {
  const char* name;     // as typed, and for profile::find
  const char* title;    // for people
  const char* summary;  // what is checked, one line
  void (*probe)(Probe&);
  // Whether it is checked although it has no endpoint; null: never.
  bool (*local)(Env&, const Options&);
};
std::span<const Component> components();

// The checks of `socctl indexer check`: the probe of OpenSearch and the <indexer> block of
// ossec.conf.
const Component& indexer_component();

struct Preset {
  const char* name;
  const char* summary;
  std::vector<std::string_view> components;
};
const std::vector<Preset>& presets();

// A component to probe, with its configuration.
struct Plan {
  const Component* component = nullptr;
  std::optional<profile::Endpoint> endpoint;
  Status error;          // its configuration cannot be used
  bool skipped = false;  // not configured
  std::string how;       // how to configure it, if skipped
};

// Plans for components and presets by name; no names mean all components. Errors (usage): an
// unknown name, with the nearest one; a named component that is not configured; a configuration
// file that none of them can use. The components of Options::required are planned too; one that is
// not configured gets an error instead of being skipped.
Result<std::vector<Plan>> make_plans(Env& env, const Options& options,
                                     const std::vector<std::string>& names);

// The probes.
void probe_wazuh(Probe& probe);
bool wazuh_is_here(Env& env, const Options& options);
void probe_thehive(Probe& probe);
bool may_have_destinations(Env& env, const Options& options);
void probe_cortex(Probe& probe);
void probe_opencti(Probe& probe);
void probe_opensearch(Probe& probe);
void probe_prometheus(Probe& probe);
void probe_grafana(Probe& probe);

}  // namespace socbridge::health
