// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "delivery/sender.h"
#include "http/client.h"
#include "integration/endpoint_override.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "queue/key_check.h"
#include "socctl/alert/options.h"
#include "socctl/alert/send_source.h"
#include "socctl/common/command.h"
#include "socctl/common/interrupt.h"
#include "socctl/common/send_policy.h"
#include "socctl/common/wazuh_access.h"
#include "thehive/client.h"
#include "wazuh/alert.h"
#include "wazuh/alert_stream.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SendSource source;
  MappingFlags mapping;
  TargetFlags target;
  std::string output;
  bool dry_run = false;
};

struct Counts {
  std::size_t created = 0, duplicate = 0, filtered = 0, bad = 0, failed = 0;
  int failed_in_a_row = 0;  // each perhaps for what the alert holds
  ExitCode worst = ExitCode::ok;
  bool stop = false;  // the key was refused or the server is gone: go no further
};

term::Style style_of(const std::string& result) {
  if (result == "created" || result == "would send") return term::Style::green;
  if (result == "duplicate" || result == "filtered") return term::Style::dim;
  return term::Style::red;
}

void print_row(term::Records& records, const std::string& where, const std::string& result,
               const delivery::Outcome& outcome) {
  json::Writer w;
  w.begin_object();
  w.member("input", where);
  w.member("result", result);
  w.member("source_ref", outcome.source_ref);
  w.member("alert_id", outcome.alert_id);
  w.member("http_status", outcome.http_status);
  w.member("message", outcome.message);
  w.end_object();
  records.add({{where},
               {result, style_of(result)},
               {outcome.source_ref},
               {outcome.alert_id},
               {outcome.message}},
              std::move(w).take());
}

std::string count(const delivery::Outcome& outcome, Counts& counts) {
  using Kind = delivery::Outcome::Kind;
  switch (outcome.kind) {
    case Kind::bad_input: ++counts.bad; return "bad input";
    case Kind::filtered: ++counts.filtered; return "filtered";
    case Kind::created:
    case Kind::duplicate:
      counts.failed_in_a_row = 0;
      ++(outcome.kind == Kind::created ? counts.created : counts.duplicate);
      return result_name(outcome);
    case Kind::key_refused:
    case Kind::postponed:
    case Kind::failed:
      counts.worst = exit_code(outcome);
      counts.stop = true;
      break;
    case Kind::alert_failed:
      counts.stop = ++counts.failed_in_a_row >= delivery::kMostFailedAlerts;
      if (counts.stop) counts.worst = exit_code(outcome);
      break;
    default: break;
  }
  ++counts.failed;
  return result_name(outcome);
}

// `filtered` or, with its title as the message, `postponed`.
delivery::Outcome only_map(const wazuh::Alert& alert, const integration::Settings& settings) {
  delivery::Outcome outcome;
  const mapping::Mapped mapped = mapping::map(alert, settings.mapping, wall_now_ms());
  if (!mapped.forwarded) outcome.kind = delivery::Outcome::Kind::filtered;
  outcome.message = mapped.forwarded ? mapped.alert.title : mapped.skip_reason;
  outcome.source_ref = wazuh::source_ref(alert, settings.mapping.manager_alias);
  return outcome;
}

// Sends one alert, or only maps it without a sender.
std::pair<std::string, delivery::Outcome> one(std::string_view raw,
                                              const integration::Settings& settings,
                                              std::optional<delivery::Sender>& sender,
                                              Counts& counts) {
  const auto alert = wazuh::parse_fired(raw);
  delivery::Outcome outcome;
  if (!alert.ok()) {
    outcome = delivery::Outcome::bad_input(alert.status().line());
  } else if (sender) {
    delivery::AlertInput input;
    input.alert = &*alert;
    outcome = sender->send(input, settings.budget_ms);
  } else {
    outcome = only_map(*alert, settings);
  }
  const bool would_send = !sender && outcome.kind == delivery::Outcome::Kind::postponed;
  std::string result = would_send ? "would send" : count(outcome, counts);
  return {std::move(result), std::move(outcome)};
}

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

Status make_sender(Env& env, integration::Settings& settings, std::unique_ptr<http::Client>& client,
                   std::optional<delivery::Sender>& sender) {
  client = std::make_unique<http::Client>(settings.http);
  std::string remark;
  Status version = integration::fix_version(settings, *client, remark);
  if (!version.ok()) return version;
  if (!remark.empty()) warn(remark);
  static_cast<void>(queue::check_key(env, settings.spool_dir, settings, *client,
                                     Deadline::after_ms(settings.budget_ms)));
  catch_interrupts();
  sender.emplace(env, *client, settings, send_policy(settings));
  return {};
}

ExitCode run_send(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  profile::Endpoint endpoint;
  if (!options.dry_run) {
    auto found = profile::resolve(context.env, "thehive", options.target.flags,
                                  profile::SystemPaths::of_process());
    if (!found.ok()) return fail(found.status());
    endpoint = std::move(*found);
  }
  auto indexer = find_indexer(context.env, options.source, options.target.flags.config_file);
  if (!indexer.ok()) return fail(indexer.status());
  const auto named = *indexer ? certificate_files(**indexer) : options.source.files;
  if (const Status in = enter_wazuh(context.env, options.mapping.named(named)); !in.ok()) {
    return fail(in);
  }
  auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  if (const Status bad = first_error(*loaded); !bad.ok()) return fail(bad);
  integration::Settings& settings = loaded->settings;

  std::unique_ptr<http::Client> client;
  std::optional<delivery::Sender> sender;
  if (!options.dry_run) {
    aim_at(endpoint, settings);
    if (const Status ready = make_sender(context.env, settings, client, sender); !ready.ok()) {
      return fail(ready);
    }
  }

  term::Records records(*format, context.out, {"INPUT", "RESULT", "SOURCEREF", "ALERT", "MESSAGE"},
                        write_out);
  Counts counts;
  std::size_t not_sent = 0;
  const auto take = [&](std::string_view raw, const std::string& where) {
    if (counts.stop || interrupted()) {
      ++not_sent;
      return;
    }
    const auto [result, outcome] = one(raw, settings, sender, counts);
    print_row(records, where, result, outcome);
  };
  const bool from_indexer = indexer->has_value();
  const ExitCode read_code = read_alerts(context.env, options.source, std::move(*indexer),
                                         {[&] { return counts.stop; }, take});
  records.finish("No alerts in the input.");
  if (not_sent > 0) {
    warn("stopped after " + std::string(exit_code_name(counts.worst)) + ": " +
         std::to_string(not_sent) + " alerts were not sent; sending the same input again is safe");
  }
  if (from_indexer && counts.stop) {
    warn("stopped after " + std::string(exit_code_name(counts.worst)) +
         ": the rest was not sent; the same command again sends nothing twice");
  }
  if (interrupted() && counts.worst == ExitCode::ok) counts.worst = ExitCode::interrupted;
  const ExitCode code = closing_line(counts, context);
  return code == ExitCode::ok ? read_code : code;
}

}  // namespace

void add_alert_send(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "send", "Send Wazuh alerts to TheHive; what is already there is not sent twice");
  auto options = std::make_shared<Options>();
  command
      ->add_option("files", options->source.files,
                   "Alerts: JSON, JSON Lines, indexer answers, also gzipped; - is standard input")
      ->type_name("FILE");
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
      "replay",
      "Send chosen alerts of the indexer to TheHive; what is already there is not sent twice");
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
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  command->add_flag("--dry-run", options->dry_run, "Map and print, send nothing");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_send(*options, context); };
  });
}

}  // namespace socbridge::socctl
