// SPDX-License-Identifier: Apache-2.0
#include "health/registry.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace socbridge::health {
namespace {

constexpr std::array kComponents = {
    Component{"wazuh", "Wazuh manager", "integration block, executable, spool, log, API, indexer",
              probe_wazuh, wazuh_is_here},
    Component{"thehive", "TheHive", "status, licence, permissions of the key, Cortex connector",
              probe_thehive, may_have_destinations},
    Component{"cortex", "Cortex",
              "key, analyzers by data type, last job, rights and folder of jobs", probe_cortex,
              nullptr},
    Component{"opencti", "OpenCTI", "key, services behind it, feeds, workers, stream",
              probe_opencti, nullptr},
    Component{"opensearch", "OpenSearch", "cluster, disk watermarks, Wazuh's indices",
              probe_opensearch, nullptr},
    Component{"prometheus", "Prometheus", "readiness, targets, rules", probe_prometheus, nullptr},
    Component{"grafana", "Grafana", "database, data sources, dashboards", probe_grafana, nullptr},
};

const Component* find_component(std::string_view name) {
  for (const Component& component : kComponents) {
    if (component.name == name) return &component;
  }
  return nullptr;
}

Status unknown_name(const std::string& name) {
  std::vector<std::string_view> known;
  std::string all;
  for (const Component& component : kComponents) known.emplace_back(component.name);
  for (const Preset& preset : presets()) known.emplace_back(preset.name);
  for (const std::string_view one : known) all += (all.empty() ? "" : ", ") + std::string(one);
  const std::string_view near = nearest(name, known);
  return Status::error(
      ExitCode::usage, "there is no component \"" + printable(name, 40) + "\"",
      near.empty() ? "known are " + all : "did you mean \"" + std::string(near) + "\"?");
}

Status add_name(const std::string& name, std::vector<const Component*>& out) {
  const auto add = [&](const Component* component) {
    if (std::find(out.begin(), out.end(), component) == out.end()) out.push_back(component);
  };
  if (const Component* component = find_component(name); component != nullptr) {
    add(component);
    return {};
  }
  for (const Preset& preset : presets()) {
    if (preset.name != name) continue;
    for (const std::string_view part : preset.components) add(find_component(part));
    return {};
  }
  return unknown_name(name);
}

Plan make_plan(Env& env, const Options& options, const Component& component) {
  Plan plan;
  plan.component = &component;
  auto found = profile::find(env, component.name, options.flags, options.system);
  if (!found.ok()) {
    plan.error = found.status();
  } else if (*found) {
    plan.endpoint = std::move(**found);
  } else if (component.local == nullptr || !component.local(env, options)) {
    plan.skipped = true;
    const std::string prefix = "SOCCTL_" + ascii_upper(component.name);
    plan.how = "set " + prefix + "_URL and " + prefix +
               "_KEY_FILE, or write it into ~/.config/socctl/config.json";
    if (component.probe == probe_wazuh) {
      plan.how = "run this on the manager or set SOCBRIDGE_WAZUH_HOME; for its API " + plan.how;
    }
  }
  return plan;
}

// An error in a file that all components are read from is not specific to one component.
Status common_error(const std::vector<Plan>& plans) {
  if (plans.empty() || plans.front().error.ok()) return {};
  const Status& first = plans.front().error;
  const bool all = std::all_of(plans.begin(), plans.end(), [&](const Plan& plan) {
    return plan.error.message() == first.message();
  });
  return all ? first : Status();
}

}  // namespace

std::span<const Component> components() { return kComponents; }

const std::vector<Preset>& presets() {
  static const std::vector<Preset> list = {
      {"wazuh-thehive", "alerts arrive: the Wazuh manager and TheHive", {"wazuh", "thehive"}},
      {"thehive-cortex", "observables are analysed: TheHive and Cortex", {"thehive", "cortex"}},
      {"opencti-feeds",
       "threat intelligence is imported: OpenCTI, its feeds and its stream",
       {"opencti"}},
  };
  return list;
}

Result<std::vector<Plan>> make_plans(Env& env, const Options& options,
                                     const std::vector<std::string>& names) {
  std::vector<const Component*> wanted;
  for (const std::string& name : names) {
    if (const Status known = add_name(name, wanted); !known.ok()) return known;
  }
  std::vector<const Component*> required;
  for (const std::string& name : options.required) {
    if (const Status known = add_name(name, required); !known.ok()) {
      return Status::error(known.code(), "--require: " + known.message(), known.hint());
    }
  }
  const auto is_required = [&](const Component* component) {
    return std::find(required.begin(), required.end(), component) != required.end();
  };
  const bool all = wanted.empty();
  if (all) {
    for (const Component& component : kComponents) wanted.push_back(&component);
  }
  for (const Component* component : required) {
    if (std::find(wanted.begin(), wanted.end(), component) == wanted.end()) {
      wanted.push_back(component);
    }
  }
  std::vector<Plan> plans;
  for (const Component* component : wanted) {
    Plan plan = make_plan(env, options, *component);
    if (plan.skipped && is_required(component)) {
      plan.skipped = false;
      plan.error = Status::error(ExitCode::usage,
                                 std::string(component->title) + " is required, but not configured",
                                 plan.how);
    }
    if (plan.skipped && !all) {
      return Status::error(ExitCode::usage, std::string(component->title) + " is not configured",
                           plan.how);
    }
    plans.push_back(std::move(plan));
  }
  if (const Status broken = common_error(plans); !broken.ok()) return broken;
  return plans;
}

}  // namespace socbridge::health
