// SPDX-License-Identifier: Apache-2.0
#include "queue/key_check.h"

#include <set>
#include <utility>

#include "thehive/requests.h"

namespace socbridge::queue {

std::optional<KeyCheck> look_at_key(Env& env, const std::string& spool_dir,
                                    const integration::Settings& settings, http::Client& http,
                                    const Deadline& deadline) {
  delivery::Destination destination(env, spool_dir, settings);
  if (destination.view().state != "auth") return {};
  http::Outcome outcome = http.perform(destination.key_request(deadline.left_ms()));
  thehive::hide_key(outcome, settings.endpoint.key);
  KeyCheck look;
  look.url = settings.endpoint.url;
  look.key = thehive::read_key(outcome, settings.endpoint.organisation);
  if (!look.key.ok()) return look;
  if (const auto notice = destination.key_is_well(wall_now_ms())) look.opened = notice->text;
  return look;
}

std::vector<KeyCheck> look_at_keys(Env& env, spool::Spool& spool,
                                   integration::SettingsLookup& accounts,
                                   const std::vector<QueueEntry>& entries) {
  constexpr std::size_t kMostRead = 50;
  std::vector<std::shared_ptr<const integration::Settings>> found;
  spool::Entry fresh;  // what would be accepted now
  fresh.integration = "custom-w2thive";
  if (auto settings = accounts.of(fresh); settings.ok()) found.push_back(*settings);
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
    auto look =
        look_at_key(env, spool.dir(), *settings, http, Deadline::after_ms(settings->budget_ms));
    if (look) out.push_back(std::move(*look));
  }
  return out;
}

void tell_key_is_well(Env& env, const std::string& spool_dir, const thehive::Endpoint& endpoint) {
  if (!env.stat(spool_dir + "/state").ok()) return;
  integration::Settings settings;
  settings.endpoint = endpoint;
  static_cast<void>(delivery::Destination(env, spool_dir, settings).key_is_well(wall_now_ms()));
}

}  // namespace socbridge::queue
