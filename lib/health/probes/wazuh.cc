// SPDX-License-Identifier: Apache-2.0
#include "health/probes/wazuh.h"

#include <algorithm>
#include <set>

#include "delivery/circuit_breaker.h"
#include "health/registry.h"
#include "integration/block_check.h"
#include "integration/block_routes.h"
#include "integration/config_check.h"
#include "integration/settings.h"
#include "wazuh/home_access.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::health {
namespace {

std::string conf_path(const Options& options) {
  return options.ossec_conf.empty() ? options.wazuh_home + "/etc/ossec.conf" : options.ossec_conf;
}

State state_of(integration::FindingState state) {
  switch (state) {
    case integration::FindingState::ok: return State::ok;
    case integration::FindingState::warning: return State::degraded;
    case integration::FindingState::error: return State::down;
    case integration::FindingState::skipped: return State::skipped;
  }
  return State::unknown;
}

integration::Loaded load_settings(Probe& probe, const wazuh::IntegrationBlock* block = nullptr) {
  integration::Sources sources;
  sources.home = probe.options().wazuh_home;
  sources.config_file = sources.home + "/etc/w2thive.json";
  if (block != nullptr) {
    sources.hook_url = block->hook_url;
    sources.key = block->api_key;
    sources.options_json = block->options;
    sources.options_origin = "<options>";
  }
  return integration::load(probe.env(), sources);
}

// Checks the stored results of the last requests of custom-w2thive and the relay to one TheHive.
void check_destination(Probe& probe, const integration::Settings& settings,
                       const std::string& name) {
  if (settings.endpoint.url.empty()) return;
  const auto inside = probe.env().within(settings.spool_dir);
  Env& env = inside.ok() ? **inside : probe.env();
  const delivery::CircuitBreaker::View view =
      delivery::CircuitBreaker(env, settings.spool_dir, settings).view();
  const auto ago = [&](const char* word, UnixMillis at_ms, const char* behind) {
    if (at_ms <= 0) return std::string();
    return std::string(", ") + word + " " +
           human_duration(std::max<std::int64_t>(probe.now_ms() - at_ms, 0)) + behind;
  };
  const std::string since =
      ago("since", view.since_ms, "") + ago("last alert delivered", view.delivered_ms, " ago");
  const std::string why = view.message.empty() ? "" : ": " + view.message;
  if (view.state == "auth") {
    probe.add(name, State::down, Cause::auth, "TheHive refuses the key" + since + why,
              "write a valid key into the key file; it is used at once");
  } else if (view.state == "open") {
    probe.add(
        name, State::down, Cause::unreachable,
        "circuit breaker open after " + std::to_string(view.failures) + " failures" + since + why,
        "see socctl health thehive; waiting alerts are delivered when it answers again");
  } else if (view.state == "failing") {
    probe.add(name, State::degraded, Cause::unreachable,
              std::to_string(view.failures) + " failures in a row" + since + why,
              "see socctl health thehive");
  } else if (view.state == "closed") {
    probe.ok(name, "TheHive accepts alerts" + since);
  } else {
    probe.ok(name, "nothing was sent yet");
  }
}

void check_delivery(Probe& probe, const std::string& ossec_conf) {
  const auto blocks = wazuh::read_integrations(probe.env(), ossec_conf);
  if (!blocks.ok()) return;  // reported before
  int number = 0;
  for (const wazuh::IntegrationBlock& block : *blocks) {
    if (!integration::is_ours(block)) continue;
    const std::string name = "delivery " + std::to_string(++number);
    const integration::Loaded loaded = load_settings(probe, &block);
    check_destination(probe, loaded.settings, name);
    for (const integration::DestinationRow& row : loaded.destinations) {
      integration::Settings settings = loaded.settings;
      settings.endpoint.url = row.url;
      settings.endpoint.organisation = row.organisation;
      check_destination(probe, settings, name + " " + row.name);
    }
  }
}

// False: this user may not read the home. Then it is not checked, unless it is required.
bool may_look(Probe& probe) {
  const Status enters = wazuh::may_enter(probe.env(), probe.options().wazuh_home);
  if (enters.ok()) return true;
  const auto& required = probe.options().required;
  const bool is_required =
      std::any_of(required.begin(), required.end(), [](const std::string& name) {
        return name == "wazuh" ||
               std::any_of(presets().begin(), presets().end(), [&](const Preset& preset) {
                 return preset.name == name &&
                        std::count(preset.components.begin(), preset.components.end(), "wazuh") > 0;
               });
      });
  probe.add("home", is_required ? State::unknown : State::skipped,
            is_required ? Cause::configuration : Cause::none, enters.message(), enters.hint());
  return false;
}

}  // namespace

bool wazuh_is_here(Env& env, const Options& options) {
  if (!options.ossec_conf.empty()) return true;
  return !integration::lacks_manager(env, {options.wazuh_home, conf_path(options)});
}

// Results of `socctl config check`, except subjects that are checked in more detail here.
void check_installation(Probe& probe, const std::string& ossec_conf) {
  const integration::Loaded loaded = load_settings(probe);
  const auto findings =
      integration::check_config(probe.env(), loaded, probe.options().wazuh_home, ossec_conf);
  for (const integration::Finding& finding : findings) {
    const std::string& name = finding.subject;
    // Each may be set in the block only, whose check includes them.
    if (name == "url" || name == "key" || name == "spool" || name == "log") continue;
    State state = state_of(finding.state);
    Cause cause = state > State::ok ? Cause::configuration : Cause::none;
    std::string next = finding.next;
    if (name == "executable" && state == State::skipped) {
      state = State::down;
      cause = Cause::missing;
      next = "install it: socctl help custom-w2thive";
    }
    if (name == "ca" && state == State::skipped) continue;
    probe.add(name, state, cause, finding.detail, next);
  }
}

// As named by the blocks; checks of further ones have a number.
void check_spools_and_logs(Probe& probe, const std::string& ossec_conf,
                           const integration::Loaded& loaded) {
  std::set<std::string> spools, logs;
  const auto name = [](const char* word, std::size_t number) {
    return number < 2 ? std::string(word) : std::string(word) + " " + std::to_string(number);
  };
  for (const integration::Settings& settings : integration::settings_of_blocks(
           probe.env(), {probe.options().wazuh_home, loaded.config_file, ossec_conf}, loaded)) {
    if (spools.insert(settings.spool_dir).second) {
      check_spool(probe, settings, name("spool", spools.size()));
    }
    if (logs.insert(settings.log_file).second) {
      check_log(probe, settings.log_file, name("log", logs.size()));
    }
  }
}

void probe_wazuh(Probe& probe) {
  if (wazuh_is_here(probe.env(), probe.options()) && may_look(probe)) {
    const std::string conf = conf_path(probe.options());
    if (probe.report().url.empty()) probe.report().url = probe.options().wazuh_home;
    check_installation(probe, conf);
    const integration::Loaded loaded = load_settings(probe);
    check_delivery(probe, conf);
    check_spools_and_logs(probe, conf, loaded);
    check_indexer_block(probe, conf);
  }
  check_api(probe);
}

}  // namespace socbridge::health
