// SPDX-License-Identifier: Apache-2.0
#include "socctl/opencti/stream_options.h"

#include <cstdlib>

#include "base/text.h"
#include "base/time.h"
#include "opencti/client.h"
#include "opencti/sightings.h"
#include "socctl/common/endpoint_options.h"
#include "socctl/opencti/options.h"

namespace socbridge::socctl {
namespace {

Status read_duration(const char* option, const std::string& text, std::int64_t& ms) {
  if (text.empty()) return {};
  const auto read = parse_duration_ms(text);
  if (!read || *read <= 0) {
    return Status::error(
        ExitCode::usage,
        std::string(option) + ": \"" + printable(text, 40) + "\" is not a duration",
        "examples: 500ms, 30s, 5m, 6h");
  }
  ms = *read;
  return {};
}

// systemd's StateDirectory=, else the user's state folder.
std::string default_state_dir() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return std::string(value == nullptr ? "" : value);
  };
  if (const std::string dir = variable("STATE_DIRECTORY"); !dir.empty()) {
    return dir.substr(0, dir.find(':'));
  }
  std::string base = variable("XDG_STATE_HOME");
  if (base.empty()) base = variable("HOME") + "/.local/state";
  return base + "/socctl/opencti-stream";
}

}  // namespace

Result<stream::ConsumerSetup> StreamOptions::setup(Context& context) const {
  const auto paths = profile::SystemPaths::of_process();
  stream::ConsumerSetup out;
  auto platform = profile::resolve(context.env, "opencti", opencti, paths);
  if (!platform.ok()) return platform.status();
  out.reader.url = opencti::base_url(platform->url) + "/stream/" + http::url_encode(stream);
  out.reader.token = platform->key;
  profile::set_way(*platform, out.reader.http);
  out.reader.from = from;
  out.reader.once = once || !until_idle.empty();
  out.reader.rules.min_score = min_score;
  out.reader.rules.own_authors = own;
  // The author of `opencti sighting`.
  out.reader.rules.own_authors.push_back(opencti::system_standard_id(system));
  out.delivery.markings.withheld = withhold;
  const Status marking = marking::read_marking_limit(max_marking, out.delivery.markings);
  if (!marking.ok()) return marking;
  out.delivery.dashboard = opencti::base_url(platform->url);
  out.delivery.dry_run = dry_run;
  const Status durations[] = {
      read_duration("--silence", silence, out.reader.silence_ms),
      read_duration("--retry", pause, out.reader.shortest_pause_ms),
      read_duration("--fail-after", fail_after, out.reader.wait_limit_ms),
      read_duration("--refresh", refresh, out.refresh_ms),
      read_duration("--rebuild", rebuild, out.rebuild_ms),
      read_duration("--techniques-after", techniques_after, out.techniques_after_ms),
      read_duration("--until-idle", until_idle, out.reader.idle_ms)};
  for (const Status& one : durations) {
    if (!one.ok()) return one;
  }
  using stream::LookupScope;
  using stream::TechniqueScope;
  out.techniques = techniques == "all"      ? TechniqueScope::all
                   : techniques == "direct" ? TechniqueScope::direct
                                            : TechniqueScope::none;
  out.lookup = lookup == "all"   ? LookupScope::all
               : lookup == "new" ? LookupScope::fresh
                                 : LookupScope::none;
  out.watch_list = watch_list;
  if (watch_list.empty()) out.opencti = opencti::Endpoint{platform->url, platform->key};
  out.state_dir = state_dir;
  if (!watch_list.empty()) return out;
  auto hive = profile::resolve(context.env, "thehive", thehive, paths);
  if (!hive.ok()) return hive.status();
  out.thehive = thehive::Endpoint{hive->url, hive->key, hive->organisation};
  profile::set_way(*hive, out.thehive_http);
  if (out.state_dir.empty()) out.state_dir = default_state_dir();
  // A dry run must not change the state of real runs.
  if (dry_run) out.state_dir += "/dry-run";
  return out;
}

Result<std::int64_t> StreamOptions::stats_ms() const {
  std::int64_t out = 60000;
  if (stats_every == "0") return std::int64_t{0};
  if (const Status s = read_duration("--stats-every", stats_every, out); !s.ok()) return s;
  return out;
}

void StreamOptions::add_to(Command& command) {
  add_connection(command);
  add_choice(command);
  add_techniques(command);
  add_run(command);
  add_times(command);
}

void StreamOptions::add_connection(Command& command) {
  command.add_option("--url", opencti.url, "Base URL of OpenCTI")->type_name("URL");
  command.add_option("--key-file", opencti.key_file, "File with the token of OpenCTI")
      ->type_name("FILE");
  command.add_option("--ca-file", opencti.ca_file, "CA certificates (PEM) to trust")
      ->type_name("FILE");
  command.add_option("--thehive-url", thehive.url, "Base URL of TheHive")->type_name("URL");
  command.add_option("--thehive-key-file", thehive.key_file, "File with the API key of TheHive")
      ->type_name("FILE");
  command.add_option("--organisation", thehive.organisation, "Organisation of TheHive to use")
      ->type_name("NAME");
  add_profile_option(command, opencti.config_file);
  command
      .add_option(
          "--stream", stream,
          "Id of the live stream (Data > Data sharing > Live streams); default `live`, everything "
          "that an administrator may see")
      ->type_name("ID");
}

void StreamOptions::add_choice(Command& command) {
  command
      .add_option("--from", from,
                  "Start position of the first run: now (default), start (with all objects of the "
                  "platform), an event id or a time")
      ->type_name("WHERE");
  command
      .add_option("--state-dir", state_dir,
                  "Folder for cursor and undelivered matches (default: $STATE_DIRECTORY, else "
                  "~/.local/state/socctl/opencti-stream)")
      ->type_name("DIR");
  command
      .add_option(
          "--watch-list", watch_list,
          "Match against the observables of this file (TYPE<TAB>VALUE lines) and only print "
          "matches: TheHive is not used")
      ->type_name("FILE");
  command.add_option("--min-score", min_score, "Skip indicators with a lower score")
      ->type_name("SCORE")
      ->range(0, 100);
  command
      .add_option("--own", own,
                  "Skip objects of this author or creator (STIX id or UUID); those of `opencti "
                  "sighting` are always skipped; repeatable")
      ->type_name("ID")
      ->one_value_each();
  command
      .add_option("--system", system,
                  "The author of our sightings, as in `opencti sighting --system` (default "
                  "TheHive)")
      ->type_name("NAME");
  add_marking_options(command, max_marking, withhold);
}

void StreamOptions::add_techniques(Command& command) {
  command
      .add_option("--techniques", techniques,
                  "Add techniques linked to the indicator (direct), also those of linked threats "
                  "(all, the default), or only those named in it (none)")
      ->type_name("WHICH")
      ->one_of({"all", "direct", "none"});
  command
      .add_option("--techniques-after", techniques_after,
                  "Delay of techniques after the notification (default 60s): relationships often "
                  "come later")
      ->type_name("DURATION");
  command
      .add_option(
          "--lookup", lookup,
          "Look up values in OpenCTI that are new in TheHive (new, the default), at the first "
          "start also existing ones (all), or never (none)")
      ->type_name("WHICH")
      ->one_of({"all", "new", "none"});
}

void StreamOptions::add_run(Command& command) {
  command.add_flag("--once", once,
                   "End when all existing events are read and delivered, for cron and CI");
  command
      .add_option("--until-idle", until_idle,
                  "Like --once, but only after this time without events")
      ->type_name("DURATION");
  command.add_flag("--dry-run", dry_run,
                   "Match, but write nothing to TheHive; uses a separate state");
}

void StreamOptions::add_times(Command& command) {
  command
      .add_option("--silence", silence,
                  "Reconnect after this time without data (default 30s; heartbeats come every 5s)")
      ->type_name("DURATION");
  command
      .add_option("--retry", pause,
                  "Shortest pause before reconnecting (default 1s); it doubles up to a minute")
      ->type_name("DURATION");
  command
      .add_option("--fail-after", fail_after,
                  "With --once: end after OpenCTI or TheHive failed for this time (default 30s)")
      ->type_name("DURATION");
  command
      .add_option("--refresh", refresh,
                  "Interval for reading new observables from TheHive (default 30s)")
      ->type_name("DURATION");
  command
      .add_option("--rebuild", rebuild,
                  "Interval for reading all observables, which drops closed cases (default 6h)")
      ->type_name("DURATION");
  command
      .add_option("--stats-every", stats_every,
                  "Interval for logging a line of counts (default 60s; 0: never)")
      ->type_name("DURATION");
  command
      .add_option(
          "--metrics-file", metrics_file,
          "Write the counts to this file at the same interval, for Prometheus' textfile collector")
      ->type_name("FILE");
  pages.add_to(command);
}

}  // namespace socbridge::socctl
