// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "delivery/deliver.h"
#include "http/client.h"
#include "integration/endpoint_override.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "queue/key_check.h"
#include "reconcile/thehive_destination.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/interrupt.h"
#include "socctl/common/wazuh_access.h"
#include "thehive/client.h"
#include "wazuh/alert.h"
#include "wazuh/alert_stream.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> files;
  MappingFlags mapping;
  TargetFlags target;
  std::string output;
  bool dry_run = false;
};

struct Tally {
  std::size_t created = 0, duplicate = 0, filtered = 0, bad = 0, failed = 0;
  ExitCode worst = ExitCode::ok;
  bool stop = false;  // the key was refused or the server is gone: go no further
};

term::Style style_of(const std::string& result) {
  if (result == "created" || result == "would send") return term::Style::green;
  if (result == "duplicate" || result == "filtered") return term::Style::dim;
  return term::Style::red;
}

void print_row(term::Records& records, const std::string& where, const std::string& result,
               const delivery::Attempt& attempt) {
  json::Writer w;
  w.begin_object();
  w.member("input", where);
  w.member("result", result);
  w.member("source_ref", attempt.source_ref);
  w.member("alert_id", attempt.delivery.alert_id);
  w.member("http_status", attempt.delivery.http_status);
  w.member("message", attempt.delivery.message);
  w.end_object();
  records.add({{where},
               {result, style_of(result)},
               {attempt.source_ref},
               {attempt.delivery.alert_id},
               {attempt.delivery.message}},
              std::move(w).take());
}

std::string judge(const delivery::Attempt& attempt, Tally& tally) {
  if (attempt.bad_input) {
    ++tally.bad;
    return "bad input";
  }
  if (attempt.filtered) {
    ++tally.filtered;
    return "filtered";
  }
  switch (attempt.delivery.verdict) {
    case thehive::Verdict::created: ++tally.created; return "created";
    case thehive::Verdict::duplicate: ++tally.duplicate; return "duplicate";
    case thehive::Verdict::auth:
      tally.worst = ExitCode::auth;
      tally.stop = true;
      break;
    case thehive::Verdict::retry:
      if (attempt.alone) break;
      tally.worst = ExitCode::unreachable;
      tally.stop = true;
      break;
    case thehive::Verdict::refused:
    case thehive::Verdict::blocked:
    case thehive::Verdict::too_large: break;
  }
  ++tally.failed;
  return thehive::verdict_name(attempt.delivery.verdict);
}

// Through the gate, the reservation and the questions of every other sender of this machine; a
// short trouble of the server is waited out.
delivery::Attempt send(std::string_view raw, reconcile::TheHiveDestination& destination) {
  const auto alert = wazuh::parse_fired(raw);
  if (alert.ok()) return destination.send(*alert);
  delivery::Attempt attempt;
  attempt.bad_input = true;
  attempt.delivery.verdict = thehive::Verdict::refused;
  attempt.delivery.message = alert.status().line();
  return attempt;
}

delivery::Attempt only_map(std::string_view raw, const integration::Settings& settings) {
  delivery::Attempt attempt;
  const auto alert = wazuh::parse_fired(raw);
  if (!alert.ok()) {
    attempt.bad_input = true;
    attempt.delivery.message = alert.status().message();
    return attempt;
  }
  const mapping::Mapped mapped = mapping::map(*alert, settings.mapping, wall_now_ms());
  attempt.filtered = !mapped.forwarded;
  attempt.delivery.message = mapped.forwarded ? mapped.alert.title : mapped.skip_reason;
  attempt.source_ref = wazuh::source_ref(*alert, settings.mapping.manager_alias);
  return attempt;
}

ExitCode closing_line(const Tally& tally, const Context& context) {
  if (context.err.tty || tally.failed + tally.bad > 0) {
    write_err(std::to_string(tally.created) + " created, " + std::to_string(tally.duplicate) +
              " duplicate, " + std::to_string(tally.filtered) + " filtered, " +
              std::to_string(tally.failed) + " failed, " + std::to_string(tally.bad) +
              " not alerts\n");
  }
  if (tally.worst != ExitCode::ok) return tally.worst;
  if (tally.failed > 0) {
    return tally.created + tally.duplicate > 0 ? ExitCode::degraded : ExitCode::refused;
  }
  return tally.bad > 0 ? ExitCode::bad_input : ExitCode::ok;
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
  if (const Status in = enter_wazuh(context.env, options.mapping.named(options.files)); !in.ok()) {
    return fail(in);
  }
  auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  if (const Status bad = first_error(*loaded); !bad.ok()) return fail(bad);
  integration::Settings& settings = loaded->settings;

  std::unique_ptr<http::Client> client;
  std::optional<reconcile::TheHiveDestination> destination;
  if (!options.dry_run) {
    aim_at(endpoint, settings);
    client = std::make_unique<http::Client>(settings.http);
    std::string remark;
    const Status version = integration::fix_version(settings, *client, remark);
    if (!version.ok()) return fail(version);
    if (!remark.empty()) warn(remark);
    static_cast<void>(queue::look_at_key(context.env, settings.spool_dir, settings, *client,
                                         Deadline::after_ms(settings.budget_ms)));
    catch_interrupts();
    destination.emplace(context.env, settings, *client, interrupted);
  }

  term::Records records(*format, context.out, {"INPUT", "RESULT", "SOURCEREF", "ALERT", "MESSAGE"},
                        write_out);
  Tally tally;
  std::size_t unsent = 0;
  ExitCode read_code = ExitCode::ok;
  const auto files = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  for (const std::string& file : files) {
    const Status read =
        wazuh::for_each_alert(context.env, file, [&](std::string_view raw, std::size_t line) {
          if (tally.stop || interrupted()) {
            ++unsent;
            return;
          }
          const delivery::Attempt attempt =
              options.dry_run ? only_map(raw, settings) : send(raw, *destination);
          std::string result;
          if (options.dry_run && !attempt.bad_input && !attempt.filtered) {
            result = "would send";
          } else {
            result = judge(attempt, tally);
          }
          print_row(records, file + ":" + std::to_string(line), result, attempt);
        });
    if (interrupted()) break;
    if (!read.ok()) read_code = fail(read);
  }
  records.finish("No alerts in the input.");
  if (unsent > 0) {
    warn("stopped after " + std::string(exit_code_name(tally.worst)) + ": " +
         std::to_string(unsent) + " alerts were not sent; sending the same input again is safe");
  }
  if (interrupted() && tally.worst == ExitCode::ok) tally.worst = ExitCode::interrupted;
  const ExitCode code = closing_line(tally, context);
  return code == ExitCode::ok ? read_code : code;
}

}  // namespace

void add_alert_send(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "send", "Send Wazuh alerts to TheHive; what is already there is not sent twice");
  auto options = std::make_shared<Options>();
  command
      ->add_option("files", options->files,
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

}  // namespace socbridge::socctl
