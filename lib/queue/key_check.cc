// SPDX-License-Identifier: Apache-2.0
#include "queue/key_check.h"

#include <set>
#include <utility>

#include "http/hide_key.h"
#include "thehive/requests.h"

namespace socbridge::queue {

std::optional<KeyCheck> check_key(Env& env, const std::string& spool_dir,
                                  const integration::Settings& settings, http::Client& http,
                                  const Deadline& deadline) {
  delivery::CircuitBreaker breaker(env, spool_dir, settings);
  if (breaker.view().state != "auth") return {};
  http::Outcome outcome = http.perform(breaker.key_request(deadline.left_ms()));
  http::hide_key(outcome, settings.endpoint.key);
  KeyCheck check;
  check.url = settings.endpoint.url;
  if (!settings.destination.empty()) check.url += " (" + settings.destination + ")";
  check.key = thehive::read_key(outcome, settings.endpoint.organisation);
  if (!check.key.ok()) return check;
  if (const auto notice = breaker.key_accepted(wall_now_ms())) check.opened = notice->text;
  return check;
}

std::vector<KeyCheck> check_keys(Env& env, spool::Spool& spool,
                                 integration::SettingsLookup& accounts,
                                 const std::vector<QueueEntry>& entries) {
  constexpr std::size_t kMostRead = 50;
  std::vector<std::shared_ptr<const integration::Settings>> found = accounts.all_usable();
  QueueReader reader(env, spool);
  for (std::size_t i = 0; i < entries.size() && i < kMostRead; ++i) {
    const auto content = reader.content(entries[i]);
    if (!content.ok()) continue;
    if (auto settings = accounts.of(*content); settings.ok()) found.push_back(*settings);
  }
  std::vector<KeyCheck> out;
  std::set<std::string> seen;
  for (const auto& settings : found) {
    const std::string name = settings->endpoint.url + "\n" + settings->endpoint.organisation;
    if (!seen.insert(name).second) continue;
    http::Client http(settings->http);
    auto check =
        check_key(env, spool.dir(), *settings, http, Deadline::after_ms(settings->budget_ms));
    if (check) out.push_back(std::move(*check));
  }
  return out;
}

void report_key_accepted(Env& env, const std::string& spool_dir,
                         const thehive::Endpoint& endpoint) {
  if (!env.stat(spool_dir + "/state").ok()) return;
  integration::Settings settings;
  settings.endpoint = endpoint;
  static_cast<void>(delivery::CircuitBreaker(env, spool_dir, settings).key_accepted(wall_now_ms()));
}

}  // namespace socbridge::queue
