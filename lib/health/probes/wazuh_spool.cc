// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/text.h"
#include "health/probes/wazuh.h"
#include "health/text_list.h"
#include "integration/spool_check.h"
#include "spool/spool.h"

namespace socbridge::health {
namespace {

// Ids begin with the time of acceptance (docs/spool.md).
std::int64_t age_ms(const std::string& id, UnixMillis now_ms) {
  const auto at = parse_u64(std::string_view(id).substr(0, id.find('-')));
  return at ? std::max<std::int64_t>(now_ms - static_cast<std::int64_t>(*at), 0) : 0;
}

struct StateRule {
  spool::State state;
  const char* meaning;
  const char* cure;
};
constexpr StateRule kRules[] = {
    {spool::State::hold, "set aside", "see why with socctl queue list, then socctl queue release"},
    {spool::State::dead, "refused by TheHive",
     "see why with socctl queue list, fix the mapping, then socctl queue requeue"},
    {spool::State::corrupt, "damaged, or not an alert", "see them with socctl queue show"},
};

void check_state(Probe& probe, spool::Spool& spool, const StateRule& rule,
                 const std::string& check) {
  const std::string name = check + " " + spool::state_name(rule.state);
  const auto entries = spool.list(rule.state);
  if (!entries.ok()) {
    probe.fail(name, entries.status(), State::unknown);
  } else if (entries->empty()) {
    probe.ok(name, "empty");
  } else {
    const std::string limit = std::string("spool ") + spool::state_name(rule.state);
    const State state =
        probe.evaluate(name, {"wazuh", limit}, static_cast<std::int64_t>(entries->size()));
    const std::string detail = counted(entries->size(), "alert", "alerts") + " " + rule.meaning +
                               ", the oldest " +
                               human_duration(age_ms(entries->front().id, probe.now_ms())) + " ago";
    if (state == State::ok) {
      probe.ok(name, detail);
    } else {
      probe.add(name, state, Cause::reported_error, detail, rule.cure);
    }
  }
}

void check_queue(Probe& probe, spool::Spool& spool, const std::string& name) {
  const auto entries = spool.list(spool::State::queue);
  if (!entries.ok()) {
    probe.fail(name, entries.status(), State::unknown);
    return;
  }
  if (entries->empty()) {
    probe.ok(name, "empty");
    return;
  }
  const std::int64_t age = age_ms(entries->front().id, probe.now_ms());
  std::string detail = counted(entries->size(), "alert", "alerts") + " waiting, the oldest for " +
                       human_duration(age);
  const State state = probe.evaluate(name, {"wazuh", "spool queue"}, age);
  if (state == State::ok) {
    probe.ok(name, detail);
    return;
  }
  if (const auto reason = spool.reason(spool::State::queue, entries->front().id)) {
    detail += ": " + reason->message;
  }
  probe.add(name, state, Cause::stale, detail,
            "see why with socctl queue list; TheHive must be reachable with a valid key");
}

void check_counts(Probe& probe, const spool::Spool& spool, const std::string& name) {
  const auto counts = spool.all_counts();
  if (!counts.ok()) {
    probe.add(
        name, State::degraded, Cause::configuration, counts.status().message(),
        counts.status().hint().empty() ? "run socctl queue fsck as root" : counts.status().hint());
    return;
  }
  if (!*counts) return;  // nothing counted yet
  std::string text;
  for (std::size_t i = 0; i < spool::kCounted; ++i) {
    const std::uint64_t count = (*counts)->at(i);
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
            spool::counted_name(static_cast<spool::Counted>(i));
  }
  if (!text.empty()) probe.ok(name, "so far " + text);
}

}  // namespace

void check_spool(Probe& probe, const integration::Settings& settings, const std::string& check) {
  const std::string& dir = settings.spool_dir;
  const integration::SpoolCheck checked =
      integration::check_spool(probe.env(), probe.options().wazuh_home, settings);
  for (const integration::SpoolFinding& finding : checked.findings) {
    const Cause cause = finding.problem == "missing" ? Cause::missing
                        : finding.problem == "full"  ? Cause::reported_error
                                                     : Cause::configuration;
    probe.add(check, finding.stops ? State::down : State::degraded, cause, finding.detail,
              finding.next);
  }
  if (checked.seen.presence == spool::Inspection::Presence::to_come) {
    if (checked.findings.empty()) probe.ok(check, dir + ", no alerts yet");
    return;
  }
  const auto spool = spool::Spool::open_read_only(probe.env(), dir);
  if (!spool.ok()) {
    if (checked.findings.empty()) {
      probe.add(check, State::down, Cause::configuration, spool.status().message(),
                spool.status().hint());
    }
    return;
  }
  if (checked.findings.empty()) probe.ok(check, dir);
  spool::Spool open = *spool;
  check_counts(probe, open, check + " counts");
  check_queue(probe, open, check + " queue");
  for (const StateRule& rule : kRules) check_state(probe, open, rule, check);
}

}  // namespace socbridge::health
