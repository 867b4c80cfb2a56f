// SPDX-License-Identifier: Apache-2.0
#include "delivery/deliver.h"

#include <utility>

#include "delivery/server_version.h"
#include "grouping/grouped_alerts.h"

namespace socbridge::delivery {
namespace {

constexpr const char* kNoTime = "the time budget was used up before the request was sent";

// What is in no spool is sent at once: if no lock can be had it goes without one.
bool can_lock(Env& env, const std::string& spool_dir) {
  constexpr mode_t kMode = 0600;
  const std::string file = spool_dir + "/in-flight";
  return env.stat(file).ok() && env.open_rw(file, kMode).ok();
}

Attempt run(Env& env, Job job, const integration::Settings& settings, ServerVersionCache& versions,
            http::Client& http, const Deadline& deadline) {
  // On a machine without a spool nobody else can be at it.
  const std::string& dir = settings.spool_dir;
  const auto folder = env.within(dir);
  std::optional<InFlightGuard> reservation;
  if (!dir.empty() && folder.ok() && can_lock(**folder, dir)) {
    reservation.emplace(**folder, dir, settings, job, false);
  }
  carry_out(job, reservation, http, deadline, kNoTime);
  if (const auto& info = job.learned()) versions.remember(*info, wall_now_ms());
  if (job.version_doubted()) versions.forget();
  if (arrived(job.attempt())) static_cast<void>(job.settled());
  return job.attempt();
}

}  // namespace

Attempt attempt(Env& env, const wazuh::Alert& alert, const integration::Settings& settings,
                http::Client& http, const std::string& remember_dir, const Deadline& deadline) {
  ServerVersionCache versions = ServerVersionCache::of(env, remember_dir, settings);
  return run(env,
             Job(alert, settings, {}, versions.recall(wall_now_ms()),
                 grouping::shared_alerts(env, remember_dir, settings)),
             settings, versions, http, deadline);
}

Attempt attempt(Env& env, std::string_view raw_alert, const integration::Settings& settings,
                http::Client& http, const std::string& remember_dir, const Deadline& deadline) {
  ServerVersionCache versions = ServerVersionCache::of(env, remember_dir, settings);
  return run(env,
             Job(raw_alert, settings, {}, versions.recall(wall_now_ms()),
                 grouping::shared_alerts(env, remember_dir, settings)),
             settings, versions, http, deadline);
}

Report deliver(EntryDelivery& shipment, http::Client& http, const Deadline& deadline) {
  while (!shipment.finished()) {
    if (deadline.passed()) {
      shipment.give_up(kNoTime);
      break;
    }
    shipment.answered(http.perform(shipment.next(deadline.left_ms())));
  }
  return shipment.finish();
}

void carry_out(Job& job, std::optional<InFlightGuard>& reservation, http::Client& http,
               const Deadline& deadline, const char* no_time) {
  while (!job.finished()) {
    if (deadline.passed()) {
      job.give_up(no_time);
      return;
    }
    const std::int64_t left_ms = deadline.left_ms();
    if (reservation) {
      reservation->answered(http.perform(reservation->next(left_ms)));
    } else {
      job.answered(http.perform(job.request(left_ms)));
    }
  }
}

bool arrived(const Attempt& attempt) {
  return !attempt.bad_input && !attempt.filtered &&
         (attempt.delivery.verdict == thehive::Verdict::created ||
          attempt.delivery.verdict == thehive::Verdict::duplicate);
}

}  // namespace socbridge::delivery
