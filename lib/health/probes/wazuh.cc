#include "health/probes/wazuh.h"

#include "health/registry.h"
#include "relay/config_check.h"
#include "relay/settings.h"

namespace socbridge::health {
namespace {

std::string conf_path(const Options& options) {
  return options.ossec_conf.empty() ? options.wazuh_home + "/etc/ossec.conf" : options.ossec_conf;
}

State state_of(relay::FindingState state) {
  switch (state) {
    case relay::FindingState::ok: return State::ok;
    case relay::FindingState::warning: return State::degraded;
    case relay::FindingState::error: return State::down;
    case relay::FindingState::skipped: return State::skipped;
  }
  return State::unknown;
}

relay::Loaded load_settings(Probe& probe) {
  relay::Sources sources;
  sources.home = probe.options().wazuh_home;
  sources.config_file = sources.home + "/etc/w2thive.json";
  return relay::load(probe.env(), sources);
}

}  // namespace

bool wazuh_is_here(Env& env, const Options& options) {
  return env.stat(conf_path(options)).ok() || !options.ossec_conf.empty();
}

// What `socctl config check` finds, but for what is looked at more closely here.
void look_at_installation(Probe& probe, const std::string& ossec_conf) {
  const relay::Loaded loaded = load_settings(probe);
  const auto findings =
      relay::check_config(probe.env(), loaded, probe.options().wazuh_home, ossec_conf);
  for (const relay::Finding& finding : findings) {
    const std::string& name = finding.subject;
    // Each may come from the block alone, which is looked at as a whole.
    if (name == "url" || name == "key" || name == "spool" || name == "log") continue;
    State state = state_of(finding.state);
    Cause cause = state > State::ok ? Cause::configuration : Cause::none;
    std::string next = finding.next;
    if (name == "executable" && state == State::skipped) {
      state = State::down;
      cause = Cause::missing;
      next = "install it: docs/custom-w2thive.md";
    }
    if (name == "ca" && state == State::skipped) continue;
    probe.add(name, state, cause, finding.detail, next);
  }
}

void probe_wazuh(Probe& probe) {
  if (wazuh_is_here(probe.env(), probe.options())) {
    const std::string conf = conf_path(probe.options());
    if (probe.report().url.empty()) probe.report().url = probe.options().wazuh_home;
    look_at_installation(probe, conf);
    const relay::Loaded loaded = load_settings(probe);
    look_at_spool(probe, loaded.settings.spool_dir);
    look_at_log(probe, loaded.settings.log_file);
    look_at_indexer_block(probe, conf);
  }
  look_at_api(probe);
}

}  // namespace socbridge::health
