// SPDX-License-Identifier: Apache-2.0
#include "queue/stats.h"

#include <algorithm>
#include <set>
#include <utility>

#include "json/writer.h"
#include "mapping/mapping.h"

namespace socbridge::queue {
namespace {

constexpr std::size_t kSample = 50;  // entries whose destination is read
constexpr spool::State kStates[] = {spool::State::queue, spool::State::hold, spool::State::dead,
                                    spool::State::corrupt};

void add(StateStats& stats, const QueueEntry& entry, UnixMillis now_ms) {
  ++stats.count;
  stats.bytes += entry.bytes;
  if (entry.in_flight) ++stats.in_flight;
  if (!stats.oldest_ms || entry.accepted_ms < *stats.oldest_ms) stats.oldest_ms = entry.accepted_ms;
  const bool has_kind = entry.reason && !entry.reason->kind.empty();
  ++stats.kinds[has_kind ? entry.reason->kind : "new"];
  if (entry.state != spool::State::queue) return;
  if (entry.next_attempt_ms <= now_ms) ++stats.due;
  if (!stats.next_due_ms || entry.next_attempt_ms < *stats.next_due_ms) {
    stats.next_due_ms = entry.next_attempt_ms;
  }
}

// Totals by destination, if there are several.
class TotalsByDestination {
 public:
  TotalsByDestination(const spool::Spool& spool, bool configured) {
    const std::vector<std::string> counted = spool.counted_destinations();
    several_ = configured || counted.size() > 1;
    for (const std::string& name : counted) {
      DestinationTotals& one = of(name);
      if (const auto counts = spool.counts(name).read(); counts.ok()) one.counts = *counts;
    }
  }
  bool several() const { return several_; }
  void add(const QueueEntry& entry) {
    if (!entry.destination) return;
    ++of(*entry.destination).entries.at(static_cast<std::size_t>(entry.state));
  }
  std::vector<DestinationTotals> take() {
    std::vector<DestinationTotals> out;
    for (auto& [name, one] : all_) {
      if (several_) out.push_back(std::move(one));
    }
    return out;
  }

 private:
  DestinationTotals& of(const std::string& name) {
    DestinationTotals& one = all_[name];
    one.name = name;
    return one;
  }
  bool several_ = false;
  std::map<std::string, DestinationTotals> all_;
};

}  // namespace

Result<QueueStats> queue_stats(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts,
                               UnixMillis now_ms) {
  QueueStats out;
  QueueReader reader(env, spool);
  std::vector<QueueEntry> sample;
  std::vector<std::shared_ptr<const integration::Settings>> found = accounts.all_usable();
  TotalsByDestination totals(spool, accounts.has_destinations());
  for (const spool::State state : kStates) {
    StateStats stats;
    stats.state = state;
    QueueFilter filter;
    filter.states = {state};
    filter.with_destination = totals.several();
    const Status read = reader.for_each(
        filter, QueueReader::Facts::leave_out, now_ms, [&](const QueueEntry& entry) {
          add(stats, entry, now_ms);
          totals.add(entry);
          if (state == spool::State::queue && sample.size() < kSample) sample.push_back(entry);
          return true;
        });
    if (!read.ok()) return read;
    out.states.push_back(std::move(stats));
  }
  if (const auto counts = spool.all_counts(); counts.ok()) out.counts = *counts;
  out.totals = totals.take();
  for (const QueueEntry& entry : sample) {
    const auto content = reader.content(entry);
    if (!content.ok()) continue;
    auto settings = accounts.of(*content);
    if (settings.ok()) found.push_back(*settings);
  }
  std::set<std::string> seen;
  for (const auto& settings : found) {
    const std::string name = settings->endpoint.url + "\n" + settings->endpoint.organisation;
    if (!seen.insert(name).second) continue;
    out.destinations.push_back({settings->destination, settings->endpoint.url,
                                settings->endpoint.organisation,
                                delivery::CircuitBreaker(env, spool.dir(), *settings).view()});
  }
  return out;
}

std::string state_stats_json(const StateStats& stats) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "state");
  w.member("state", spool::state_name(stats.state));
  w.member("count", stats.count);
  w.member("bytes", stats.bytes);
  w.member("in_flight", stats.in_flight);
  if (stats.oldest_ms) w.member("oldest_ms", static_cast<std::int64_t>(*stats.oldest_ms));
  if (stats.state == spool::State::queue) {
    w.member("due", stats.due);
    if (stats.next_due_ms) {
      w.member("next_due_ms", static_cast<std::int64_t>(*stats.next_due_ms));
    }
  }
  w.key("kinds");
  w.begin_object();
  for (const auto& [kind, count] : stats.kinds) w.member(kind, count);
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

std::string counts_json(const spool::CountTotals& counts) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "alerts");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    w.member(spool::counted_name(static_cast<spool::Counted>(i)), counts.at(i));
  }
  w.end_object();
  return std::move(w).take();
}

std::string totals_json(const DestinationTotals& one) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "totals");
  w.member("destination", mapping::shown_destination(one.name));
  w.key("entries");
  w.begin_object();
  for (const spool::State state : kStates) {
    w.member(spool::state_name(state), one.entries.at(static_cast<std::size_t>(state)));
  }
  w.end_object();
  for (std::size_t i = 0; one.counts && i < spool::kCounted; ++i) {
    w.member(spool::counted_name(static_cast<spool::Counted>(i)), one.counts->at(i));
  }
  w.end_object();
  return std::move(w).take();
}

std::string destination_stats_json(const DestinationStats& stats) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "destination");
  if (!stats.name.empty()) w.member("name", stats.name);
  w.member("url", stats.url);
  if (!stats.organisation.empty()) w.member("organisation", stats.organisation);
  w.member("state", stats.view.state);
  w.member("failures", stats.view.failures);
  w.member("since_ms", static_cast<std::int64_t>(stats.view.since_ms));
  w.member("until_ms", static_cast<std::int64_t>(stats.view.until_ms));
  w.member("message", stats.view.message);
  w.member("delivered_ms", static_cast<std::int64_t>(stats.view.delivered_ms));
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::queue
