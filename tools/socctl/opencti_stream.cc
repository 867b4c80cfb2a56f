#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "base/service_manager.h"
#include "base/signal_queue.h"
#include "base/text.h"
#include "base/time.h"
#include "command.h"
#include "enrich/stream_consumer.h"
#include "json/writer.h"
#include "opencti/account.h"
#include "opencti/client.h"
#include "opencti_options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  profile::Flags opencti, thehive;
  std::string stream = "live";
  std::string from = "now";
  std::string state_dir, watch_list, output;
  std::string silence, pause, refresh, rebuild, until_idle;
  std::int64_t min_score = 0;
  std::vector<std::string> own;
  bool once = false, dry_run = false;
};

Status read_duration(const char* option, const std::string& text, std::int64_t& ms) {
  if (text.empty()) return {};
  const auto read = parse_duration_ms(text);
  if (!read || *read <= 0) {
    return Status::error(ExitCode::usage,
                         std::string(option) + ": \"" + printable(text, 40) + "\" is no duration",
                         "write 500ms, 30s, 5m or 6h");
  }
  ms = *read;
  return {};
}

// systemd's StateDirectory=, else where the desktop keeps state.
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

Result<enrich::ConsumerSetup> make_setup(const Options& given, Context& context) {
  const auto surroundings = profile::Surroundings::of_process(context.env);
  enrich::ConsumerSetup setup;
  auto opencti = profile::resolve(context.env, "opencti", given.opencti, surroundings);
  if (!opencti.ok()) return opencti.status();
  setup.reader.url = opencti::base_url(opencti->url) + "/stream/" + http::url_encode(given.stream);
  setup.reader.token = opencti->key;
  setup.reader.http.tls.ca_file = opencti->ca_file;
  setup.reader.from = given.from;
  setup.reader.once = given.once || !given.until_idle.empty();
  setup.reader.rules.min_score = given.min_score;
  setup.reader.rules.own_authors = given.own;
  setup.delivery.dashboard = opencti::base_url(opencti->url);
  setup.delivery.dry_run = given.dry_run;
  const Status durations[] = {
      read_duration("--silence", given.silence, setup.reader.silence_ms),
      read_duration("--retry", given.pause, setup.reader.shortest_pause_ms),
      read_duration("--refresh", given.refresh, setup.refresh_ms),
      read_duration("--rebuild", given.rebuild, setup.rebuild_ms),
      read_duration("--until-idle", given.until_idle, setup.reader.idle_ms)};
  for (const Status& one : durations) {
    if (!one.ok()) return one;
  }
  setup.watch_list = given.watch_list;
  setup.state_dir = given.state_dir;
  if (!given.watch_list.empty()) return setup;
  auto thehive = profile::resolve(context.env, "thehive", given.thehive, surroundings);
  if (!thehive.ok()) return thehive.status();
  setup.thehive = thehive::Endpoint{thehive->url, thehive->key, thehive->organisation};
  setup.thehive_http.tls.ca_file = thehive->ca_file;
  if (setup.state_dir.empty()) setup.state_dir = default_state_dir();
  return setup;
}

// What we wrote to OpenCTI comes back on the stream: events of our own user say nothing new.
void add_own_user(const Options& given, Context& context, enrich::ConsumerSetup& setup) {
  OpenctiFlags flags;
  flags.flags = given.opencti;
  const auto link = connect_opencti(context.env, flags);
  if (!link.ok()) return;
  constexpr std::int64_t kPatienceMs = 10000;
  const auto account = opencti::whoami((*link)->client, Deadline::after_ms(kPatienceMs));
  if (account.ok()) {
    setup.reader.rules.own_authors.push_back(account->id);
  } else {
    warn("cannot ask OpenCTI who we are; what we wrote ourselves is only left out by --own: " +
         account.status().message());
  }
}

std::string counts_json(const enrich::ConsumerCounts& counts) {
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
  w.member("outages", counts.outages);
  w.member("waiting_bytes", counts.waiting_bytes);
  w.end_object();
  return std::move(w).take();
}

// "name: member value, …" for people.
std::string people_line(std::string_view name, std::string_view members) {
  const auto parsed = json::Document::parse("{" + std::string(members) + "}");
  std::string out(name);
  const json::Value root = parsed.ok() ? parsed->root() : json::Value();
  const char* separator = ": ";
  for (std::size_t i = 0; i < root.size(); ++i) {
    const json::Value value = root.value_at(i);
    out += separator + printable(root.key_at(i), 60) + " " +
           printable(value.scalar_text().value_or(value.dump()), 300);
    separator = ", ";
  }
  return out + "\n";
}

// Ready once the stream is read; alive as long as the reader's heart beats.
void keep_manager_informed(ServiceManager& manager, const enrich::StreamConsumer& consumer,
                           const std::atomic<bool>& over) {
  constexpr std::chrono::milliseconds kNap{100};
  bool ready = false;
  std::uint64_t seen = 0;
  std::int64_t next_ms = 0;
  for (; !over; std::this_thread::sleep_for(kNap)) {
    if (!ready && consumer.reading()) {
      ready = true;
      manager.ready("reading the live stream");
    }
    const auto every_ms = manager.watchdog_every_ms();
    if (!every_ms || steady_now_ms() < next_ms) continue;
    next_ms = steady_now_ms() + *every_ms;
    const std::uint64_t beats = ready ? consumer.beats() : seen + 1;
    if (beats != seen) manager.watchdog();
    seen = beats;
  }
}

ExitCode run_stream(const Options& given, Context& context) {
  const auto format = output_format(given.output);
  if (!format.ok()) return fail(format.status());
  const bool json = *format == term::Format::jsonl;
  if (!json && !given.output.empty() && *format != term::Format::plain) {
    return fail(Status::error(ExitCode::usage,
                              "opencti stream has the output forms plain and jsonl",
                              "leave out -o, or write -o jsonl"));
  }
  auto setup = make_setup(given, context);
  if (!setup.ok()) return fail(setup.status());

  SignalQueue signals({SIGTERM, SIGINT});
  ::signal(SIGPIPE, SIG_IGN);
  ServiceManager manager = ServiceManager::of_process();

  if (given.watch_list.empty()) add_own_user(given, context, *setup);
  const auto report = [json](std::string_view name, std::string_view members) {
    if (json) {
      write_out("{\"event\":\"" + std::string(name) + "\"" + (members.empty() ? "" : ",") +
                std::string(members) + "}\n");
      std::fflush(stdout);
    } else {
      write_out(people_line(name, members));
      std::fflush(stdout);
    }
  };
  enrich::StreamConsumer consumer(context.env, std::move(*setup), report);
  std::atomic<bool> over{false};
  std::thread keeper([&] { keep_manager_informed(manager, consumer, over); });
  const Status ended = consumer.run(signals.fd());
  over = true;
  keeper.join();
  manager.stopping("stopped reading");
  write_err("socctl: stream " + counts_json(consumer.counts()) + "\n");
  if (ended.code() == ExitCode::interrupted && !given.once && given.until_idle.empty()) {
    return ExitCode::ok;  // a service is told to stop: that is its proper end
  }
  return ended.ok() ? ExitCode::ok : fail(ended);
}

void add_options(CLI::App& command, Options& options) {
  command
      .add_option("--stream", options.stream,
                  "Id of the live stream (Data > Data sharing > Live streams); default `live`, all "
                  "that an administrator sees")
      ->type_name("ID");
  command
      .add_option("--from", options.from,
                  "Where to begin the first time: now (default), start (with all that the platform "
                  "knows), an event id or a time")
      ->type_name("WHERE");
  command
      .add_option("--state-dir", options.state_dir,
                  "Folder for cursor and undelivered matches (default: $STATE_DIRECTORY, else "
                  "~/.local/state/socctl/opencti-stream)")
      ->type_name("DIR");
  command
      .add_option(
          "--watch-list", options.watch_list,
          "Match against the observables of this file (TYPE<TAB>VALUE lines) and only print "
          "matches: TheHive is not used")
      ->type_name("FILE");
  command.add_option("--min-score", options.min_score, "Leave out indicators with a lower score")
      ->type_name("SCORE")
      ->check(CLI::Range(0, 100));
  command
      .add_option("--own", options.own,
                  "Leave out what this author or creator wrote (STIX id or UUID); our own user is "
                  "left out anyway; repeatable")
      ->type_name("ID")
      ->allow_extra_args(false);
  command.add_flag("--once", options.once,
                   "End when all that was there is read and delivered, for cron and CI");
  command
      .add_option("--until-idle", options.until_idle,
                  "As --once, but only after nothing has come for this time")
      ->type_name("DURATION");
  command.add_flag("--dry-run", options.dry_run, "Match, but write nothing to TheHive");
  command
      .add_option(
          "--silence", options.silence,
          "Reconnect when nothing came for this time (default 30s; heartbeats come every 5s)")
      ->type_name("DURATION");
  command
      .add_option("--retry", options.pause,
                  "Shortest pause before connecting again (default 1s); it doubles up to a minute")
      ->type_name("DURATION");
  command
      .add_option("--refresh", options.refresh,
                  "How often TheHive is asked for new observables (default 30s)")
      ->type_name("DURATION");
  command
      .add_option("--rebuild", options.rebuild,
                  "How often it is asked for all of them, which drops closed cases (default 6h)")
      ->type_name("DURATION");
}

}  // namespace

void add_opencti_stream(CLI::App& opencti, Chosen& chosen) {
  CLI::App* command = opencti.add_subcommand(
      "stream", "Follow OpenCTI's live stream and tell TheHive about observables of open cases");
  auto options = std::make_shared<Options>();
  command->add_option("--url", options->opencti.url, "Base URL of OpenCTI")->type_name("URL");
  command
      ->add_option("--key-file", options->opencti.key_file, "File that holds the token of OpenCTI")
      ->type_name("FILE");
  command->add_option("--ca-file", options->opencti.ca_file, "CA certificates (PEM) to trust")
      ->type_name("FILE");
  command->add_option("--thehive-url", options->thehive.url, "Base URL of TheHive")
      ->type_name("URL");
  command
      ->add_option("--thehive-key-file", options->thehive.key_file,
                   "File that holds the API key of TheHive")
      ->type_name("FILE");
  command
      ->add_option("--organisation", options->thehive.organisation,
                   "Organisation to act in, in TheHive")
      ->type_name("NAME");
  add_profile_option(*command, options->opencti.config_file);
  add_options(*command, *options);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    options->thehive.config_file = options->opencti.config_file;
    chosen.handler = [options](Context& context) { return run_stream(*options, context); };
  });
}

}  // namespace socbridge::socctl
