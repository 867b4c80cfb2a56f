#include "relay/deliver.h"

#include "mapping/mapping.h"
#include "relay/remember.h"

namespace socbridge::relay {
namespace {

// The simple rule until the server says otherwise.
constexpr std::int64_t kPauseMs = 60000;
constexpr int kNotFound = 404;

thehive::Delivery out_of_time() {
  thehive::Delivery delivery;
  delivery.verdict = thehive::Verdict::retry;
  delivery.message = "the time budget was used up before the request was sent";
  return delivery;
}

struct Api {
  std::optional<thehive::ApiVersion> version;
  bool remembered = false;
  std::string error;
};

Api find_api(const std::string& configured, thehive::Client& client, VersionMemory& memory,
             const Deadline& deadline) {
  if (configured == "4") return {thehive::ApiVersion::v4, false, {}};
  if (configured == "5") return {thehive::ApiVersion::v5, false, {}};
  const UnixMillis now = wall_now_ms();
  if (const auto known = memory.recall(now)) return {known, true, {}};
  if (deadline.passed()) return {{}, false, out_of_time().message};
  const auto info = client.probe_version(deadline);
  if (!info.ok()) return {{}, false, info.status().message()};
  memory.remember(*info, now);
  return {info->api, false, {}};
}

}  // namespace

Attempt attempt(Env& env, const wazuh::Alert& alert, const Settings& settings, http::Client& http,
                const std::string& remember_dir, const Deadline& deadline) {
  Attempt result;
  const mapping::Mapped mapped = mapping::map(alert, settings.mapping, wall_now_ms());
  if (!mapped.forwarded) {
    result.filtered = true;
    result.delivery.message = mapped.skip_reason;
    return result;
  }
  result.source_ref = mapped.alert.source_ref;

  thehive::Client client(http, settings.endpoint);
  VersionMemory memory(env, remember_dir, settings.endpoint.url);
  const Api api = find_api(settings.thehive_version, client, memory, deadline);
  if (!api.version) {
    result.delivery.verdict = thehive::Verdict::retry;
    result.delivery.message = redact(api.error, settings.endpoint.key);
    return result;
  }
  const std::string body = thehive::create_body(mapped.alert, *api.version);
  if (deadline.passed()) {
    result.delivery = out_of_time();
    return result;
  }
  result.delivery = client.create_alert(body, *api.version, deadline);
  // A server or proxy may show the request it got.
  result.delivery.message = redact(std::move(result.delivery.message), settings.endpoint.key);
  // No such route: the server is perhaps another version than it was.
  if (api.remembered && result.delivery.http_status == kNotFound) memory.forget();
  return result;
}

Attempt attempt(Env& env, std::string_view raw_alert, const Settings& settings, http::Client& http,
                const std::string& remember_dir, const Deadline& deadline) {
  const auto alert = wazuh::Alert::parse(raw_alert);
  if (alert.ok()) return attempt(env, *alert, settings, http, remember_dir, deadline);
  Attempt result;
  result.bad_input = true;
  result.delivery.verdict = thehive::Verdict::refused;
  result.delivery.message = alert.status().line();
  return result;
}

bool arrived(const Attempt& attempt) {
  return !attempt.bad_input && !attempt.filtered &&
         (attempt.delivery.verdict == thehive::Verdict::created ||
          attempt.delivery.verdict == thehive::Verdict::duplicate);
}

Status settle(spool::Spool& spool, spool::Claim claim, const Attempt& attempt) {
  if (attempt.filtered || arrived(attempt)) return spool.remove(std::move(claim));
  spool::Reason reason;
  reason.at_ms = wall_now_ms();
  reason.http_status = attempt.delivery.http_status;
  reason.message = attempt.delivery.message;
  if (attempt.bad_input) {
    reason.kind = "bad_input";
    return spool.move(std::move(claim), spool::State::corrupt, reason);
  }
  const auto before = spool.reason(claim.state(), claim.id());
  reason.attempts = (before ? before->attempts : 0) + 1;
  reason.kind = thehive::verdict_name(attempt.delivery.verdict);
  return spool.postpone(std::move(claim), reason, reason.at_ms + kPauseMs);
}

}  // namespace socbridge::relay
