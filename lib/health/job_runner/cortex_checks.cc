// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/cortex_checks.h"

#include <algorithm>
#include <string_view>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"
#include "health/job_runner/expected.h"
#include "health/job_runner/job_folder.h"

namespace socbridge::health::job_runner {
namespace {

Deadline soon(const CortexOptions& options) { return Deadline::after_ms(options.question_ms); }

bool check_api(cortex::Client& client, const CortexOptions& options, const Report& report) {
  const auto version = client.version(soon(options));
  if (!version.ok()) {
    report(failed("api", version.status()));
    return false;
  }
  report(
      good("api", "Cortex " + *version + " answers at " + printable(client.endpoint().url, 100)));
  return true;
}

bool check_key(cortex::Client& client, const CortexOptions& options, const Report& report) {
  const auto user = client.user(soon(options));
  if (!user.ok()) {
    report(failed("key", user.status()));
    return false;
  }
  std::string roles;
  for (const std::string& role : user->roles) roles += (roles.empty() ? "" : ", ") + role;
  const std::string who = printable(user->id, 80) + " of " + printable(user->organisation, 60) +
                          " has " + (roles.empty() ? "no role" : printable(roles, 100));
  constexpr std::string_view kAdvice =
      "use the key of a user with the roles read and analyze in an organisation of its own";
  if (user->has("superadmin")) {
    report(warning("key", who + ": a superadmin has no organisation and cannot run analyzers",
                   std::string(kAdvice)));
  } else if (!user->has("read") || !user->has("analyze")) {
    report(failed("key", Status::error(ExitCode::auth, who, std::string(kAdvice))));
  } else if (user->has("orgadmin")) {
    report(warning("key", who + ": orgadmin is not needed, and can read the keys of analyzers",
                   std::string(kAdvice)));
  } else {
    report(good("key", who));
  }
  return user->has("read");
}

void check_expected(const std::vector<cortex::Analyzer>& all, const Expected& expected,
                    const Report& report) {
  const std::string check = "analyzer " + std::string(expected.base);
  const Served served = serve(all, expected);
  if (served.by == nullptr) {
    report(bad(check, "not enabled", "enable and configure it in Cortex's organisation"));
  } else if (!served.missing.empty()) {
    report(bad(check, printable(served.by->name, 80) + " does not take " + served.missing,
               "enable a version that does, or restore its data types"));
  } else {
    report(good(check, printable(served.by->name, 80) + " takes " + served.taken));
  }
}

// An analyzer without a daily quota.
const cortex::Analyzer* trial_analyzer(const std::vector<cortex::Analyzer>& all,
                                       const CortexOptions& options) {
  const auto called = [&](std::string_view name) -> const cortex::Analyzer* {
    for (const cortex::Analyzer& a : all) {
      if (a.is_called(name)) return &a;
    }
    return nullptr;
  };
  if (!options.job_analyzer.empty()) return called(options.job_analyzer);
  return called("MaxMind_GeoIP");
}

// Waits for the job, and checks whether its folder appears in Cortex's job folder.
Result<cortex::Job> follow(cortex::Client& client, const CortexOptions& options,
                           const std::string& id, bool& folder_seen) {
  constexpr std::int64_t kStepMs = 300;
  const Deadline deadline = Deadline::after_ms(options.job_ms);
  for (;;) {
    const bool look = !options.job_folder.empty();
    folder_seen = folder_seen || (look && shows_job(Env::real(), options.job_folder, id));
    const std::int64_t step = look ? std::min(kStepMs, deadline.left_ms()) : deadline.left_ms();
    auto job = client.wait(id, Deadline::after_ms(step));
    if (!job.ok() || cortex::is_over(job->status) || deadline.passed()) return job;
  }
}

void check_job(const cortex::Job& job, const std::string& name, const Report& report) {
  if (job.status == cortex::JobStatus::success) {
    report(good("job", name + " ran from end to end: " + printable(job.summary(), 100)));
  } else if (!cortex::is_over(job.status)) {
    report(bad("job", name + " is still " + cortex::job_status_name(job.status),
               "check its pod (kubectl get jobs) and Cortex's log"));
  } else if (job.error == "no output") {
    report(bad("job", name + " ended with \"no output\": " + kSilentFailure,
               "mount one NFS export in Cortex and in the claim of its jobs"));
  } else {
    const std::string why = cortex::explain_failure(job.error);
    report(bad("job", name + " failed: " + printable(job.error, 200),
               why.empty() ? "see Cortex's log" : why));
  }
}

void check_job(cortex::Client& client, const std::vector<cortex::Analyzer>& all,
               const CortexOptions& options, const Report& report) {
  const cortex::Analyzer* analyzer = trial_analyzer(all, options);
  if (analyzer == nullptr) {
    report(skipped("job",
                   options.job_analyzer.empty()
                       ? "MaxMind_GeoIP is not enabled, and others cost a quota"
                       : "no enabled analyzer is called " + printable(options.job_analyzer, 60),
                   "name one with --job-analyzer"));
    return;
  }
  cortex::Question question{"ip", "1.1.1.1", 0, 0};
  if (!analyzer->takes("ip")) {
    if (analyzer->takes("domain")) {
      question.type = "domain";
      question.value = "example.org";
    } else {
      report(skipped("job", printable(analyzer->name, 60) + " accepts neither ip nor domain",
                     "name another with --job-analyzer"));
      return;
    }
  }
  question.message = "trial of socctl cortex doctor";
  question.force = true;  // an answer from the cache would not test anything
  const auto started = client.run(analyzer->id, question, soon(options));
  if (started.verdict != cortex::Started::Verdict::started) {
    report(failed("job", started.status));
    return;
  }
  bool folder_seen = false;
  const auto job = follow(client, options, started.job.id, folder_seen);
  if (!job.ok()) {
    report(failed("job", job.status()));
    return;
  }
  check_job(*job, printable(analyzer->name, 80), report);
  if (options.job_folder.empty()) return;
  if (folder_seen) {
    report(good("job folder in use", "the job's folder appeared in " + options.job_folder));
  } else {
    report(warning("job folder in use", "the job's folder did not appear in " + options.job_folder,
                   "check that this is Cortex's job.directory; a quick job may have been missed"));
  }
}

}  // namespace

void check_cortex(cortex::Client& client, const CortexOptions& options, const Report& report) {
  if (!check_api(client, options, report)) return;
  if (!check_key(client, options, report)) return;
  const auto analyzers = client.analyzers(soon(options));
  if (!analyzers.ok()) {
    report(failed("analyzers", analyzers.status()));
    return;
  }
  for (const Expected& expected : expected_analyzers())
    check_expected(*analyzers, expected, report);
  check_job(client, *analyzers, options, report);
}

}  // namespace socbridge::health::job_runner
