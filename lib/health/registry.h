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

// A probe is one file under probes/ and one line in the table of registry.cc.
struct Component {
  const char* name;     // as typed and as named by profile::find
  const char* title;    // for people
  const char* summary;  // what is checked, one line
  void (*probe)(Probe&);
  // True if it is checked although it has no endpoint; null: never.
  bool (*local)(Env&, const Options&);
};
std::span<const Component> components();

// What `socctl indexer check` runs: the probe of OpenSearch and the <indexer> block of ossec.conf.
const Component& indexer_component();

struct Preset {
  const char* name;
  const char* summary;
  std::vector<std::string_view> components;
};
const std::vector<Preset>& presets();

// A component that is to be probed, with what was found out of its configuration beforehand.
struct Plan {
  const Component* component = nullptr;
  std::optional<profile::Endpoint> endpoint;
  Status error;          // its configuration cannot be used
  bool skipped = false;  // not configured
  std::string how;       // how to configure it, if skipped
};

// Turns names of components and presets into plans; no names mean all components. Errors (usage):
// an unknown name, with the nearest one; a component that was named but is not configured; a
// configuration file that cannot be used by any of them. The components of Options::required are
// planned too; one that is not configured gets an error instead of being skipped.
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
