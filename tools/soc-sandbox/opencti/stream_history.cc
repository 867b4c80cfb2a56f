// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/stream_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/time.h"
#include "json/writer.h"

namespace socbridge::sandbox::opencti {
namespace {

constexpr char kUpdatedAt[] = "updated_at";
constexpr std::string_view kExtension =
    "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba";

std::string with_referer(json::Value data, std::string_view referer) {
  json::Writer w;
  w.begin_object();
  w.member("data", data);
  w.member("message", "creates");
  w.key("origin");
  w.begin_object();
  w.member("referer", referer);
  w.end_object();
  w.member("version", "4");
  w.end_object();
  return std::move(w).take();
}

// In the form of 6.8.10; given members override.
std::string event_json(json::Value event, std::string_view name, const EventId& id) {
  json::Writer w;
  w.begin_object();
  w.member("version", "4");
  w.member("type", event["type"].string().value_or(name));
  w.member("scope", "external");
  w.member("message", event["message"].string().value_or("changes something"));
  w.key("origin");
  w.raw(event["origin"].is_object() ? event["origin"].dump()
                                    : R"({"socket":"query","ip":"::ffff:127.0.0.1",)"
                                      R"("user_id":"5a1f6f0e","group_ids":["2f0f2d2c"],)"
                                      R"("organization_ids":[],"user_metadata":{}})");
  w.member("data", event["data"]);
  if (event["context"].is_object()) w.member("context", event["context"]);
  w.member("event_id", id.text());
  w.end_object();
  return std::move(w).take();
}

void frame(std::string_view id, std::string_view name, std::string_view data, std::string& out) {
  fmt::format_to(std::back_inserter(out), "id: {}\nevent: {}\ndata: {}\n\n", id, name, data);
}

}  // namespace

Result<EventId> StreamHistory::publish(json::Value event) {
  const auto name = event["event"].string();
  const auto stix_id = event["data"]["id"].string();
  if (!name || !stix_id) {
    return Status::error(ExitCode::bad_input,
                         "an event needs `event`, a text, and `data`, a STIX object with an id");
  }
  const std::lock_guard lock(mutex_);
  EventId id{static_cast<std::uint64_t>(wall_now_ms()), 0};
  if (const auto given = EventId::parse(event["id"].string_or_empty())) id = *given;
  const EventId newest = count() == 0 ? EventId{} : id_of(count() - 1);
  if (id <= newest) id = {newest.ms, newest.n + 1};
  Event made{id, std::string(*name), event_json(event, *name, id), {}};
  const json::Value dependencies = event["dependencies"];
  for (std::size_t i = 0; i < dependencies.size(); ++i) {
    const json::Value one = dependencies.at(i);
    made.dependencies.emplace_back(one["id"].string_or_empty(),
                                   with_referer(one, "init-dependencies"));
  }
  const auto needed = made.dependencies;
  events_.push_back(std::move(made));
  if (*name == "delete" && event["type"].string().value_or(*name) == "delete") {
    objects_.erase(std::string(*stix_id));
  } else {
    const auto written = event["data"]["extensions"][kExtension][kUpdatedAt].string();
    const auto updated = written ? parse_timestamp(*written) : std::nullopt;
    objects_[std::string(*stix_id)] = {updated ? static_cast<std::uint64_t>(*updated) : id.ms,
                                       with_referer(event["data"], "init-create"), needed};
  }
  return id;
}

void StreamHistory::keep(std::uint64_t events) {
  const std::lock_guard lock(mutex_);
  keep_ = events;
}

std::uint64_t StreamHistory::oldest() const { return count() > keep_ ? count() - keep_ : 0; }

EventId StreamHistory::id_of(std::uint64_t index) const {
  if (index < maker_.events) return {maker_.first_ms + index, 0};
  return events_[index - maker_.events].id;
}

std::uint64_t StreamHistory::behind(const EventId& id) const {
  if (maker_.events > 0 && id < id_of(maker_.events - 1)) {
    const std::uint64_t made = id.ms < maker_.first_ms ? 0 : id.ms - maker_.first_ms + 1;
    return std::max(made, oldest());
  }
  const auto at = std::upper_bound(events_.begin(), events_.end(), id,
                                   [](const EventId& a, const Event& b) { return a < b.id; });
  return std::max(maker_.events + static_cast<std::uint64_t>(at - events_.begin()), oldest());
}

EventId StreamHistory::first() const {
  const std::lock_guard lock(mutex_);
  return count() == 0 ? EventId{} : id_of(std::min(oldest(), count() - 1));
}

EventId StreamHistory::last() const {
  const std::lock_guard lock(mutex_);
  return count() == 0 ? EventId{} : id_of(count() - 1);
}

std::uint64_t StreamHistory::size() const {
  const std::lock_guard lock(mutex_);
  return count() - oldest();
}

std::uint64_t StreamHistory::take(Listener& listener, std::size_t bytes, std::uint64_t most,
                                  std::string& out) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t taken = 0;
  std::uint64_t at = behind(listener.after);
  for (; at < count() && out.size() < bytes && taken < most; ++at, ++taken) {
    listener.after = id_of(at);
    if (at < maker_.events) {
      maker_.append_frames(at, false, out);
      continue;
    }
    const Event& event = events_[at - maker_.events];
    const std::string id = event.id.text();
    for (const auto& [stix_id, json] : event.dependencies) {
      if (listener.dependencies.insert(stix_id).second) frame(id, "create", json, out);
    }
    if (event.name != "delete" || listener.deletions) frame(id, event.name, event.json, out);
  }
  return taken;
}

bool StreamHistory::recover(std::uint64_t from_ms, std::uint64_t until_ms, std::uint64_t& skip,
                            std::size_t bytes, std::string& out) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t begin = std::max(from_ms, maker_.first_ms) - maker_.first_ms;
  for (; begin + skip < maker_.events; ++skip) {
    const std::uint64_t n = begin + skip;
    if (out.size() >= bytes) return true;
    if (maker_.first_ms + n > until_ms) break;
    maker_.append_frames(n, true, out);
  }
  std::vector<const Object*> found;
  for (const auto& entry : objects_) {
    const std::uint64_t at = entry.second.updated_ms;
    if (at >= from_ms && at <= until_ms) found.push_back(&entry.second);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Object* a, const Object* b) { return a->updated_ms < b->updated_ms; });
  std::set<std::string_view> sent;
  for (const Object* object : found) {
    const std::string id = std::to_string(object->updated_ms) + "-0";
    for (const auto& [stix_id, json] : object->dependencies) {
      if (sent.insert(stix_id).second) frame(id, "create", json, out);
    }
    frame(id, "create", object->json, out);
  }
  return false;
}

}  // namespace socbridge::sandbox::opencti
