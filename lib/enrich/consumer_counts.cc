#include "enrich/consumer_counts.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/writer.h"

namespace socbridge::enrich {
namespace {

constexpr double kMsPerSecond = 1000.0;

std::uint64_t skipped_patterns(const MatchCounts& counts) {
  return counts.other_pattern_types + counts.unreadable_patterns + counts.patterns_not_matched;
}

struct Sample {
  const char* labels;
  std::uint64_t value;
};

void metric(std::string& out, const char* name, const char* type, const char* help,
            std::initializer_list<Sample> samples) {
  fmt::format_to(std::back_inserter(out),
                 "# HELP socbridge_stream_{0} {2}\n"
                 "# TYPE socbridge_stream_{0} {1}\n",
                 name, type, help);
  for (const Sample& one : samples) {
    fmt::format_to(std::back_inserter(out), "socbridge_stream_{}{} {}\n", name, one.labels,
                   one.value);
  }
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
  w.member("refused", counts.delivery.refused);
  w.member("asked", counts.asking.values);
  w.member("questions", counts.asking.questions);
  w.member("asked_matches", counts.asking.matches);
  w.member("procedures", counts.procedures);
  w.member("outages", counts.outages);
  w.member("waiting_bytes", counts.waiting_bytes);
  w.member("asks_waiting_bytes", counts.asks_waiting_bytes);
  w.member("techniques_waiting_bytes", counts.tasks_waiting_bytes);
  w.end_object();
  return std::move(w).take();
}

std::string counts_line(const ConsumerCounts& counts, UnixMillis now) {
  const std::int64_t lag_ms = counts.lag_ms(now);
  const std::string lag =
      lag_ms < 0 ? "unknown" : fmt::format("{:.1f} s", static_cast<double>(lag_ms) / kMsPerSecond);
  const std::uint64_t waiting =
      counts.waiting_bytes + counts.asks_waiting_bytes + counts.tasks_waiting_bytes;
  return fmt::format(
      "events {}, matched {}, told {}, waiting {} bytes, refused {}, patterns skipped {}, lag {}",
      counts.matches.events, counts.matches.matches + counts.asking.matches,
      counts.delivery.commented + counts.delivery.changed, waiting, counts.delivery.refused,
      skipped_patterns(counts.matches), lag);
}

std::string counts_prometheus(const ConsumerCounts& counts, UnixMillis now) {
  const MatchCounts& m = counts.matches;
  const DeliveryCounts& d = counts.delivery;
  std::string out;
  metric(out, "events_total", "counter", "Events read from OpenCTI's live stream.",
         {{"", m.events}});
  metric(out, "matches_total", "counter", "Indicators and observables that concern TheHive.",
         {{"{from=\"event\"}", m.matches}, {"{from=\"question\"}", counts.asking.matches}});
  metric(out, "skipped_total", "counter", "What was not matched, or not wholly.",
         {{"{why=\"own\"}", m.own},
          {"{why=\"below_score\"}", m.below_score},
          {"{why=\"other_pattern_types\"}", m.other_pattern_types},
          {"{why=\"unreadable_patterns\"}", m.unreadable_patterns},
          {"{why=\"patterns_not_matched\"}", m.patterns_not_matched},
          {"{why=\"conditions_skipped\"}", m.conditions_skipped},
          {"{why=\"networks_too_wide\"}", m.networks_too_wide},
          {"{why=\"malformed\"}", counts.reading.malformed}});
  metric(out, "told_total", "counter", "What became of matches in TheHive.",
         {{"{what=\"added\"}", d.commented},
          {"{what=\"changed\"}", d.changed},
          {"{what=\"known\"}", d.known},
          {"{what=\"closed\"}", d.closed},
          {"{what=\"refused\"}", d.refused}});
  metric(out, "procedures_total", "counter", "MITRE techniques added.", {{"", counts.procedures}});
  metric(out, "asked_values_total", "counter", "Values OpenCTI was asked about.",
         {{"", counts.asking.values}});
  metric(out, "outages_total", "counter", "Failures that are tried again.", {{"", counts.outages}});
  metric(out, "connections_total", "counter", "Connections to the stream.",
         {{"", counts.reading.connections}});
  metric(out, "gaps_total", "counter", "Times the cursor was older than what the platform keeps.",
         {{"", counts.reading.gaps}});
  metric(out, "values", "gauge", "Values of open alerts and cases.", {{"", counts.values}});
  metric(out, "waiting_bytes", "gauge", "What waits on disk.",
         {{"{for=\"thehive\"}", counts.waiting_bytes},
          {"{for=\"questions\"}", counts.asks_waiting_bytes},
          {"{for=\"techniques\"}", counts.tasks_waiting_bytes}});
  if (const std::int64_t lag_ms = counts.lag_ms(now); lag_ms >= 0) {
    metric(out, "lag_seconds", "gauge", "Age of the newest event or heartbeat.", {});
    fmt::format_to(std::back_inserter(out), "socbridge_stream_lag_seconds {:.3f}\n",
                   static_cast<double>(lag_ms) / kMsPerSecond);
  }
  metric(out, "written_timestamp_seconds", "gauge", "When this file was written.",
         {{"", static_cast<std::uint64_t>(now / 1000)}});
  return out;
}

}  // namespace socbridge::enrich
