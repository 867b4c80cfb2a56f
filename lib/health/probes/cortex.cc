// SPDX-License-Identifier: Apache-2.0
#include "health/probes/cortex.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cortex/client.h"
#include "health/job_error.h"
#include "health/job_runner/expected.h"
#include "health/registry.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

constexpr std::array<std::string_view, 5> kDataTypes = {"ip", "domain", "url", "hash", "file"};

bool check_key(Probe& probe, cortex::Client& client) {
  const auto user = client.user(probe.deadline());
  if (!user.ok()) {
    probe.fail("key", user.status());
    return false;
  }
  const std::string who = user->id + " of " + user->organisation;
  if (user->status == "Locked") {
    probe.add("key", State::down, Cause::auth, who + " is locked", "unlock the user");
    return false;
  }
  if (!user->has("read") || !user->has("analyze")) {
    const bool super = user->has("superadmin");
    probe.add("key", State::down, Cause::auth,
              who + " may not run analyzers" +
                  (super ? ": a superadmin has no organisation with analyzers" : ""),
              "use a user of the organisation with the roles read and analyze");
    return !super;
  }
  probe.ok("key", who);
  return true;
}

void check_analyzers(Probe& probe, cortex::Client& client) {
  const auto enabled = client.analyzers(probe.deadline());
  if (!enabled.ok()) {
    probe.fail("analyzers", enabled.status(), State::unknown);
    return;
  }
  TextList missing, unserved;
  std::string refusals;
  for (const health::job_runner::Expected& expected : health::job_runner::expected_analyzers()) {
    const health::job_runner::Served served = health::job_runner::serve(*enabled, expected);
    if (served.by == nullptr) {
      missing.add(expected.base);
    } else if (!served.missing.empty()) {
      refusals += "; " + served.by->name + " does not take " + served.missing;
    }
  }
  for (const std::string_view type : kDataTypes) {
    if (std::none_of(enabled->begin(), enabled->end(),
                     [&](const cortex::Analyzer& one) { return one.takes(type); })) {
      unserved.add(type);
    }
  }
  if (missing.count() == 0) {
    probe.ok("analyzers", counted(enabled->size(), "analyzer", "analyzers") + " enabled");
  } else {
    probe.add("analyzers", State::degraded, Cause::missing, "not enabled: " + missing.text(),
              "enable and configure them in Cortex under Organization, Analyzers");
  }
  if (unserved.count() == 0 && refusals.empty()) {
    probe.ok("data types", "ip, domain, url, hash and file have an analyzer each");
    return;
  }
  const std::string none = unserved.count() == 0 ? "" : "; no analyzer accepts " + unserved.text();
  probe.add("data types", State::degraded, Cause::missing, (none + refusals).substr(2),
            "enable one that does");
}

void check_jobs(Probe& probe, cortex::Client& client) {
  using cortex::JobStatus;
  const auto page = client.search("{}", 1, probe.deadline());
  if (!page.ok()) {
    probe.fail("last job", page.status(), State::unknown);
    return;
  }
  if (page->jobs.empty()) {
    probe.ok("last job", "none yet");
    return;
  }
  const cortex::Job& job = page->jobs.front();
  const std::int64_t age =
      std::max<std::int64_t>(probe.now_ms() - std::max<UnixMillis>(job.created_ms, 0), 0);
  const std::string what = job.analyzer + " " + human_duration(age) + " ago: ";
  const bool running = job.status == JobStatus::waiting || job.status == JobStatus::in_progress;
  if (job.status == JobStatus::failure) {
    probe.add("last job", State::degraded, Cause::reported_error,
              what + "failed; " + job_error(job.error), "run socctl cortex doctor");
    return;
  }
  const State state =
      probe.evaluate("last job", {"cortex", "last job"}, running ? age : std::int64_t{0});
  if (state != State::ok) {
    probe.add(
        "last job", state, Cause::stale, what + "still " + job.status_text,
        "jobs that were interrupted by a restart of Cortex stay in this state; check its runner");
  } else {
    probe.ok("last job", what + job.status_text);
  }
}

void check_api(Probe& probe) {
  cortex::Client client(probe.http(), {probe.endpoint().url, probe.endpoint().key});
  const std::int64_t started = steady_now_ms();
  const auto version = client.version(probe.deadline());
  if (!version.ok()) {
    probe.fail("answer", version.status());
    return;
  }
  probe.answered(steady_now_ms() - started);
  probe.version(*version);
  const auto major = parse_u64(version->substr(0, version->find('.')));
  if (!major || *major < 3) {
    probe.add("version", State::degraded, Cause::version, "version " + *version + " is too old",
              "use Cortex 3.1 or later");
  }
  if (!check_key(probe, client)) return;
  check_analyzers(probe, client);
  check_jobs(probe, client);
}

}  // namespace

void probe_cortex(Probe& probe) {
  check_api(probe);
  // Its failure may be the reason why Cortex does not answer.
  check_job_runner_config(probe, health::job_runner::file_system_of);
}

}  // namespace socbridge::health
