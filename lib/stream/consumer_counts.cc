// SPDX-License-Identifier: Apache-2.0
#include "stream/consumer_counts.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/writer.h"
#include "service/prometheus_text.h"

namespace socbridge::stream {
namespace {

constexpr double kMsPerSecond = 1000.0;

std::uint64_t skipped_patterns(const MatchCounts& counts) {
  return counts.other_pattern_types + counts.unreadable_patterns + counts.patterns_not_matched;
}

}  // namespace

std::int64_t ConsumerCounts::lag_ms(UnixMillis now) const {
  return place_ms == 0 ? -1 : std::max<std::int64_t>(now - place_ms, 0);
}

std::string counts_json(const ConsumerCounts& counts) {
  json::Writer w;
  w.begin_object();
  w.member("events", counts.matches.events);
  w.member("indicators", counts.matches.indicators);
  w.member("observables", counts.matches.observables);
  w.member("matches", counts.matches.matches);
  w.member("own", counts.matches.own);
  w.member("below_score", counts.matches.below_score);
  w.member("other_pattern_types", counts.matches.other_pattern_types);
  w.member("unreadable_patterns", counts.matches.unreadable_patterns);
  w.member("patterns_not_matched", counts.matches.patterns_not_matched);
  w.member("conditions_skipped", counts.matches.conditions_skipped);
  w.member("networks_too_wide", counts.matches.networks_too_wide);
  w.member("by_our_user", counts.matches.by_our_user);
  w.member("connections", counts.reading.connections);
  w.member("heartbeats", counts.reading.heartbeats);
  w.member("malformed", counts.reading.malformed);
  w.member("gaps", counts.reading.gaps);
  w.member("bytes", counts.reading.bytes);
  w.member("values", counts.values);
  w.member("commented", counts.delivery.commented);
  w.member("changed", counts.delivery.changed);
  w.member("known", counts.delivery.known);
  w.member("closed", counts.delivery.closed);
  w.member("withheld", counts.delivery.withheld);
  w.member("refused", counts.delivery.refused);
  w.member("looked_up", counts.lookups.values);
  w.member("lookup_queries", counts.lookups.queries);
  w.member("lookup_matches", counts.lookups.matches);
  w.member("procedures", counts.procedures);
  w.member("outages", counts.outages);
  w.member("waiting_bytes", counts.waiting_bytes);
  w.member("lookups_waiting_bytes", counts.lookups_waiting_bytes);
  w.member("techniques_waiting_bytes", counts.tasks_waiting_bytes);
  w.end_object();
  return std::move(w).take();
}

std::string counts_line(const ConsumerCounts& counts, UnixMillis now) {
  const std::int64_t lag_ms = counts.lag_ms(now);
  const std::string lag =
      lag_ms < 0 ? "unknown" : fmt::format("{:.1f} s", static_cast<double>(lag_ms) / kMsPerSecond);
  const std::uint64_t waiting =
      counts.waiting_bytes + counts.lookups_waiting_bytes + counts.tasks_waiting_bytes;
  const std::uint64_t withheld = counts.delivery.withheld;
  const std::string hidden =
      withheld == 0 ? std::string() : ", withheld " + std::to_string(withheld);
  const std::uint64_t shared = counts.matches.by_our_user;
  const std::string feed =
      shared == 0 ? std::string()
                  : fmt::format(", {} by a feed with our own user (give it another)", shared);
  return fmt::format(
      "events {}, matched {}, notified {}, waiting {} bytes, refused {}, patterns skipped {}, lag "
      "{}{}{}",
      counts.matches.events, counts.matches.matches + counts.lookups.matches,
      counts.delivery.commented + counts.delivery.changed, waiting, counts.delivery.refused,
      skipped_patterns(counts.matches), lag, hidden, feed);
}

std::string counts_prometheus(const ConsumerCounts& counts, UnixMillis now) {
  using Type = PrometheusText::Type;
  const MatchCounts& m = counts.matches;
  const DeliveryCounts& d = counts.delivery;
  PrometheusText out("socbridge_stream_");
  out.family("events_total", Type::counter, "Events read from OpenCTI's live stream.", m.events);
  out.family("matches_total", Type::counter, "Indicators and observables that concern TheHive.",
             "source", {{"event", m.matches}, {"lookup", counts.lookups.matches}});
  out.family("skipped_total", Type::counter,
             "Events and patterns that were not matched completely.", "reason",
             {{"own", m.own},
              {"below_score", m.below_score},
              {"other_pattern_types", m.other_pattern_types},
              {"unreadable_patterns", m.unreadable_patterns},
              {"patterns_not_matched", m.patterns_not_matched},
              {"conditions_skipped", m.conditions_skipped},
              {"networks_too_wide", m.networks_too_wide},
              {"malformed", counts.reading.malformed}});
  out.family("notifications_total", Type::counter, "Results of notifying TheHive about matches.",
             "result",
             {{"added", d.commented},
              {"changed", d.changed},
              {"known", d.known},
              {"closed", d.closed},
              {"withheld", d.withheld},
              {"refused", d.refused}});
  out.family(
      "by_our_user_total", Type::counter,
      "Matches written only by our own user that are not our sightings: a feed uses this user.",
      m.by_our_user);
  out.family("procedures_total", Type::counter, "MITRE techniques added.", counts.procedures);
  out.family("looked_up_values_total", Type::counter, "Values looked up in OpenCTI.",
             counts.lookups.values);
  out.family("outages_total", Type::counter, "Failures that are retried.", counts.outages);
  out.family("connections_total", Type::counter, "Connections to the stream.",
             counts.reading.connections);
  out.family("gaps_total", Type::counter,
             "Times that the cursor was older than the oldest event of the platform.",
             counts.reading.gaps);
  out.family("values", Type::gauge, "Values of open alerts and cases.", counts.values);
  out.family("waiting_bytes", Type::gauge, "Bytes that wait on disk.", "kind",
             {{"thehive", counts.waiting_bytes},
              {"lookups", counts.lookups_waiting_bytes},
              {"techniques", counts.tasks_waiting_bytes}});
  if (const std::int64_t lag_ms = counts.lag_ms(now); lag_ms >= 0) {
    out.family("lag_seconds", Type::gauge, "Age of the newest event or heartbeat.");
    out.seconds(lag_ms);
  }
  out.family("last_update_timestamp_seconds", Type::gauge, "When this file was written.",
             static_cast<std::uint64_t>(now / 1000));
  return out.text();
}

}  // namespace socbridge::stream
