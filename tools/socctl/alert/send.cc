// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "delivery/sender.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "socctl/alert/options.h"
#include "socctl/alert/send_destinations.h"
#include "socctl/alert/send_source.h"
#include "socctl/common/command.h"
#include "socctl/common/interrupt.h"
#include "socctl/common/wazuh_access.h"
#include "wazuh/alert.h"
#include "wazuh/alert_stream.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SendSource source;
  MappingFlags mapping;
  TargetFlags target;
  std::string output;
  std::string destination;  // empty: all
  bool dry_run = false;
};

struct Counts {
  std::size_t created = 0, duplicate = 0, filtered = 0, bad = 0, failed = 0;
  std::size_t not_sent = 0;  // their destination had stopped
  ExitCode worst = ExitCode::ok;
};

term::Style style_of(const std::string& result) {
  if (result == "created" || result == "would send") return term::Style::green;
  if (result == "duplicate" || result == "filtered") return term::Style::dim;
  return term::Style::red;
}

struct Row {
  std::string where, destination, result;
  delivery::Outcome outcome;
};

// Counts the result of an alert; true: its destination stops.
bool count(const delivery::Outcome& outcome, int& failed_in_a_row, Counts& counts) {
  using Kind = delivery::Outcome::Kind;
  switch (outcome.kind) {
    case Kind::bad_input: ++counts.bad; return false;
    case Kind::filtered: ++counts.filtered; return false;
    case Kind::created:
    case Kind::duplicate:
      failed_in_a_row = 0;
      ++(outcome.kind == Kind::created ? counts.created : counts.duplicate);
      return false;
    default: ++counts.failed;
  }
  const bool waits = outcome.kind == Kind::postponed && !outcome.in_thehive();
  const bool gone = outcome.kind == Kind::key_refused || waits || outcome.kind == Kind::failed;
  const bool fails =
      outcome.kind == Kind::alert_failed && ++failed_in_a_row >= delivery::kMostFailedAlerts;
  if (gone || fails) counts.worst = exit_code(outcome);
  return gone || fails;
}

std::string result_of(const delivery::Outcome& outcome) {
  if (outcome.kind == delivery::Outcome::Kind::bad_input) return "bad input";
  return result_name(outcome);
}

// Maps alerts one by one, sends them where the rules say, prints the results.
class Run {
 public:
  // `destinations` null: nothing is sent.
  Run(const Options& options, const integration::Loaded& loaded, SendDestinations* destinations,
      term::Records& records)
      : options_(options), loaded_(loaded), destinations_(destinations), records_(records) {}

  Counts counts;

  // The only destination has stopped.
  bool stopped() const { return stopped_ && loaded_.destinations.empty(); }

  void take(std::string_view raw, const std::string& where) {
    if (stopped() || interrupted()) {
      ++counts.not_sent;
      return;
    }
    const auto alert = wazuh::parse_wazuh_alert(raw);
    if (!alert.ok()) {
      end(where, {}, delivery::Outcome::bad_input(alert.status().line()));
      return;
    }
    const mapping::Options& rules = loaded_.settings.mapping;
    if (const std::string skip = mapping::skip_reason(*alert, rules); !skip.empty()) {
      end(where, {}, filtered(*alert, skip));
      return;
    }
    bool any = false;
    for (const std::string& name : mapping::destinations_of(*alert, rules).names) {
      if (!wanted(name)) continue;
      any = true;
      if (destinations_ == nullptr) {
        print({where, name, "would send", only_mapped(*alert)});
      } else {
        send(*alert, where, name);
      }
    }
    if (!any) end(where, {}, filtered(*alert, "the rules send it to other destinations"));
  }

 private:
  bool wanted(const std::string& name) const {
    return options_.destination.empty() || options_.destination == mapping::shown_destination(name);
  }

  delivery::Outcome filtered(const wazuh::Alert& alert, const std::string& why) const {
    delivery::Outcome outcome;
    outcome.kind = delivery::Outcome::Kind::filtered;
    outcome.message = why;
    outcome.source_ref = wazuh::source_ref(alert, loaded_.settings.mapping.manager_alias);
    return outcome;
  }

  delivery::Outcome only_mapped(const wazuh::Alert& alert) const {
    delivery::Outcome outcome;
    const thehive::Alert mapped =
        mapping::to_thehive(alert, loaded_.settings.mapping, wall_now_ms());
    outcome.message = mapped.title;
    outcome.source_ref = mapped.source_ref;
    return outcome;
  }

  void send(const wazuh::Alert& alert, const std::string& where, const std::string& name) {
    SendDestination& to = destinations_->get(name);
    if (to.stopped) {
      ++counts.not_sent;
      return;
    }
    if (!to.error.ok()) {
      warn(mapping::shown_destination(name) + ": " + to.error.line());
      counts.worst = to.error.code();
      ++counts.not_sent;
      to.stopped = true;
      return;
    }
    delivery::AlertInput input;
    input.alert = &alert;
    delivery::Outcome outcome = to.sender->send(input, to.settings.budget_ms);
    to.stopped = count(outcome, to.failed_in_a_row, counts);
    stopped_ = stopped_ || to.stopped;
    print({where, name, result_of(outcome), std::move(outcome)});
  }

  void end(const std::string& where, const std::string& destination, delivery::Outcome outcome) {
    int none = 0;
    static_cast<void>(count(outcome, none, counts));
    print({where, destination, result_of(outcome), std::move(outcome)});
  }

  void print(const Row& row) {
    const bool several = !loaded_.destinations.empty();
    const std::string destination = mapping::shown_destination(row.destination);
    json::Writer w;
    w.begin_object();
    w.member("input", row.where);
    w.member("result", row.result);
    if (several) w.member("destination", destination);
    w.member("source_ref", row.outcome.source_ref);
    w.member("alert_id", row.outcome.alert_id);
    w.member("http_status", row.outcome.http_status);
    w.member("message", row.outcome.message);
    w.end_object();
    std::vector<term::Cell> cells = {{row.where}, {row.result, style_of(row.result)}};
    if (several) cells.push_back({destination});
    cells.push_back({row.outcome.source_ref});
    cells.push_back({row.outcome.alert_id});
    cells.push_back({row.outcome.message});
    records_.add(std::move(cells), std::move(w).take());
  }

  const Options& options_;
  const integration::Loaded& loaded_;
  SendDestinations* destinations_;
  term::Records& records_;
  bool stopped_ = false;
};

ExitCode closing_line(const Counts& counts, const Context& context) {
  if (context.err.tty || counts.failed + counts.bad > 0) {
    write_err(std::to_string(counts.created) + " created, " + std::to_string(counts.duplicate) +
              " duplicate, " + std::to_string(counts.filtered) + " filtered, " +
              std::to_string(counts.failed) + " failed, " + std::to_string(counts.bad) +
              " not alerts\n");
  }
  if (counts.worst != ExitCode::ok) return counts.worst;
  if (counts.failed > 0) {
    return counts.created + counts.duplicate > 0 ? ExitCode::degraded : ExitCode::refused;
  }
  return counts.bad > 0 ? ExitCode::bad_input : ExitCode::ok;
}

// Errors of the top-level destination do not matter if flags or the profile give its address.
Result<integration::Loaded> load(const Options& options, Env& env) {
  auto loaded = options.mapping.load(env);
  if (!loaded.ok()) return loaded.status();
  if (const Status bad = first_error(*loaded); !bad.ok()) return bad;
  if (const Status bad = check_destination(options.destination, *loaded); !bad.ok()) return bad;
  return loaded;
}

void report_stop(const Counts& counts, bool from_indexer) {
  if (counts.not_sent > 0) {
    warn("stopped after " + std::string(exit_code_name(counts.worst)) + ": " +
         std::to_string(counts.not_sent) +
         " alerts were not sent; it is safe to send the same input again");
  }
  if (from_indexer && counts.worst != ExitCode::ok) {
    warn("stopped after " + std::string(exit_code_name(counts.worst)) +
         ": the rest was not sent; run the same command again, nothing is sent twice");
  }
}

ExitCode run_send(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  Result<profile::Endpoint> top = profile::Endpoint();
  if (!options.dry_run) {
    top = profile::resolve(context.env, "thehive", options.target.flags,
                           profile::SystemPaths::of_process());
  }
  auto indexer = find_indexer(context.env, options.source, options.target.flags.config_file);
  if (!indexer.ok()) return fail(indexer.status());
  const auto named = *indexer ? certificate_files(**indexer) : options.source.files;
  if (const Status in = enter_wazuh(context.env, options.mapping.named(named)); !in.ok()) {
    return fail(in);
  }
  const auto loaded = load(options, context.env);
  if (!loaded.ok()) return fail(loaded.status());
  SendDestinations destinations(context.env, *loaded, std::move(top));
  if (!options.dry_run) {
    catch_interrupts();
    // If rules do not send elsewhere, an unusable server ends the run at once.
    if (loaded->destinations.empty()) {
      if (const Status ready = destinations.get("").error; !ready.ok()) return fail(ready);
    }
  }
  std::vector<std::string> columns = {"INPUT", "RESULT", "SOURCEREF", "ALERT", "MESSAGE"};
  if (!loaded->destinations.empty()) columns.insert(columns.begin() + 2, "DESTINATION");
  term::Records records(*format, context.out, columns, write_out);
  Run run(options, *loaded, options.dry_run ? nullptr : &destinations, records);
  const bool from_indexer = indexer->has_value();
  const ExitCode read_code =
      read_alerts(context.env, options.source, std::move(*indexer),
                  {[&] { return run.stopped(); },
                   [&](std::string_view raw, const std::string& where) { run.take(raw, where); }});
  records.finish("No alerts in the input.");
  Counts& counts = run.counts;
  report_stop(counts, from_indexer);
  if (interrupted() && counts.worst == ExitCode::ok) counts.worst = ExitCode::interrupted;
  const ExitCode code = closing_line(counts, context);
  return code == ExitCode::ok ? read_code : code;
}

void add_destination_option(Command& command, Options& options) {
  command
      .add_option(
          "--destination", options.destination,
          "Only alerts that the rules send to this destination of the configuration (default: "
          "all)")
      ->type_name("NAME");
}

}  // namespace

void add_alert_send(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "send", "Send Wazuh alerts to TheHive; existing ones are not sent again");
  auto options = std::make_shared<Options>();
  command
      ->add_option("files", options->source.files,
                   "Alerts: JSON, JSON Lines, indexer answers, also gzipped; - is standard input")
      ->type_name("FILE");
  add_destination_option(*command, *options);
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  command->add_flag("--dry-run", options->dry_run, "Map and print, send nothing");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_send(*options, context); };
  });
}

void add_alert_replay(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "replay", "Send selected alerts of the indexer to TheHive; existing ones are not sent again");
  auto options = std::make_shared<Options>();
  options->source.from = "indexer";
  command
      ->add_option("ids", options->source.indexer.ids,
                   "Alerts: id, reference or document id, as socctl alert search prints them")
      ->type_name("ALERT");
  command->add_option("--from", options->source.from, "indexer (default) or indexer=URL")
      ->type_name("indexer");
  command
      ->add_option("--since", options->source.since, "Only alerts from this time on: 24h, today, …")
      ->type_name("TIME");
  command->add_option("--until", options->source.until, "Only alerts before this time")
      ->type_name("TIME");
  options->source.indexer.add_to(*command);
  add_destination_option(*command, *options);
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  command->add_flag("--dry-run", options->dry_run, "Map and print, send nothing");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_send(*options, context); };
  });
}

}  // namespace socbridge::socctl
