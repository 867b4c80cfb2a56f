// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "base/time.h"
#include "delivery/sender.h"
#include "delivery/synthetic_alert.h"
#include "http/client.h"
#include "integration/destination_settings.h"
#include "integration/endpoint_override.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "socctl/alert/options.h"
#include "socctl/alert/send_destinations.h"
#include "socctl/common/command.h"
#include "socctl/common/wazuh_access.h"
#include "thehive/client.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MappingFlags mapping;
  TargetFlags target;
  std::string output, destination;
  bool remove = false, as_integration = false;
};

Status status_of(const delivery::Outcome& outcome) {
  // A filtered or duplicate test alert is not a success.
  const ExitCode code = exit_code(outcome);
  return Status::error(code == ExitCode::ok ? ExitCode::refused : code,
                       "the test alert was not created: " + outcome.message,
                       "check it with socctl config check");
}

// Reads the alert; a server may need a moment before a new alert can be read.
Result<json::Document> find_again(thehive::Client& client, const thehive::Alert& wanted) {
  constexpr std::int64_t kWaitMs = 10000;
  constexpr std::int64_t kPauseMs = 200;
  const Deadline deadline = Deadline::after_ms(kWaitMs);
  while (true) {
    auto found = client.find_alert(wanted.type, wanted.source, wanted.source_ref, deadline);
    if (!found.ok() || !found->root().missing() || deadline.passed()) return found;
    sleep_ms(kPauseMs);
  }
}

// Sends in any state of the circuit breaker. The answer updates the state of server and key for
// every sender of this machine's spool.
delivery::Outcome send(Context& context, const integration::Settings& settings, http::Client& http,
                       const std::string& raw) {
  delivery::SendPolicy policy;
  policy.spool_dir = settings.spool_dir;
  policy.breaker = delivery::SendPolicy::Breaker::report;
  policy.without_lock = delivery::WithoutLock::send;
  policy.memory = delivery::SendPolicy::Memory::none;
  policy.log = [](std::string_view level, const std::string& text) {
    if (level == "INFO") write_err(text + "\n");
  };
  delivery::AlertInput input;
  input.raw = raw;
  return delivery::Sender(context.env, http, settings, std::move(policy))
      .send(input, settings.budget_ms);
}

// The outcome is ambiguous and the alert does not exist now; it may appear later.
Status not_known(const delivery::Outcome& sent) {
  return Status::error(ExitCode::unreachable,
                       "it is unknown whether the test alert was created: " + sent.message,
                       "if it appears later, its reference is " + sent.source_ref);
}

void print_alert(json::Value alert, const std::string& id, const Options& options,
                 term::Format format, Context& context) {
  term::Records records(format, context.out, {"ALERT", "SOURCEREF", "SEVERITY", "STATUS", "TITLE"},
                        write_out);
  records.add({{id},
               {alert["sourceRef"].text()},
               {alert["severity"].text()},
               {options.remove ? "removed" : alert["status"].text()},
               {alert["title"].text()}},
              alert.dump());
  records.finish();
}

// The destination of the test alert.
struct Target {
  integration::Settings settings;
  std::string text;  // for people
};

Result<Target> find_target(const Options& options, Env& env) {
  const bool top = options.destination.empty() || options.destination == mapping::kTopLevel;
  if (!top && !options.target.flags.url.empty()) {
    return Status::error(ExitCode::usage, "--destination and --url name two targets",
                         "give one of them");
  }
  Result<profile::Endpoint> endpoint = profile::Endpoint();
  if (top) {
    endpoint = profile::resolve(env, "thehive", options.target.flags,
                                options.as_integration ? profile::SystemPaths::of_integration()
                                                       : profile::SystemPaths::of_process());
  }
  if (!endpoint.ok()) return endpoint.status();
  if (const Status in = enter_wazuh(env, options.mapping.named()); !in.ok()) return in;
  auto loaded = options.mapping.load(env);
  if (!loaded.ok()) return loaded.status();
  if (const Status bad = first_error(*loaded); !bad.ok()) return bad;
  if (const Status bad = check_destination(options.destination, *loaded); !bad.ok()) return bad;
  if (top) {
    apply_endpoint(*endpoint, loaded->settings);
    return Target{std::move(loaded->settings),
                  endpoint->url + " (from " + endpoint->url_origin + ")"};
  }
  integration::DestinationSettings named = integration::settings_for(*loaded, options.destination);
  if (!named.errors.empty()) return named.errors.front();
  std::string text = named.settings.endpoint.url + " (destination " + options.destination + ")";
  return Target{std::move(named.settings), std::move(text)};
}

ExitCode run_test(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto target = find_target(options, context.env);
  if (!target.ok()) return fail(target.status());
  integration::Settings& settings = target->settings;
  http::Client http(settings.http);
  std::string remark;
  if (const Status version = integration::pin_version(settings, http, remark); !version.ok())
    return fail(version);
  if (!remark.empty()) warn(remark);

  const std::int64_t started = steady_now_ms();
  const std::string raw = delivery::make_synthetic_alert(delivery::kTestMark, wall_now_ms(),
                                                         delivery::passing_level(settings.mapping),
                                                         std::to_string(getpid()));
  const auto parsed = wazuh::Alert::parse(raw);
  if (!parsed.ok()) return fail(parsed.status());
  const delivery::Outcome sent = send(context, settings, http, raw);
  const bool created = sent.kind == delivery::Outcome::Kind::created;
  if (!created && !sent.ambiguous) return fail(status_of(sent));
  const std::int64_t created_ms = steady_now_ms() - started;

  thehive::Client client(http, settings.endpoint);
  thehive::Alert wanted = mapping::to_thehive(*parsed, settings.mapping, wall_now_ms());
  wanted.source_ref = sent.source_ref;
  const auto found = find_again(client, wanted);
  const bool is_there = found.ok() && !found->root().missing();
  if (!created && !is_there) return fail(not_known(sent));
  if (!found.ok()) return fail(found.status());
  const json::Value alert = found->root();
  const std::string id = created ? sent.alert_id : alert["_id"].text();
  if (!created) warn("created, although no answer arrived: " + sent.message);
  if (alert.missing()) {
    return fail(Status::error(
        ExitCode::degraded,
        "the test alert " + sent.source_ref + " was created but cannot be found again",
        "check the organisation of the key"));
  }
  if (options.remove) {
    const Status removed = client.remove_alert(id, Deadline::after_ms(settings.budget_ms));
    if (!removed.ok()) return fail(removed);
  }
  if (*format == term::Format::automatic || *format == term::Format::table) {
    write_out("Created and found again in " + std::to_string(created_ms) + " ms at " +
              printable(target->text, 300) + "\n");
  }
  print_alert(alert, id, options, *format, context);
  return ExitCode::ok;
}

}  // namespace

void add_alert_test(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "test", "Create a marked test alert in TheHive, read it back and print it");
  auto options = std::make_shared<Options>();
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  command
      ->add_option("--destination", options->destination,
                   "The destination of etc/w2thive.json to test (default: the top-level one)")
      ->type_name("NAME");
  command->add_flag("--delete", options->remove, "Delete the test alert afterwards");
  command->add_flag("--as-integration", options->as_integration,
                    "Use the URL and key of custom-w2thive, and ignore socctl's own variables and "
                    "config.json");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_test(*options, context); };
  });
}

}  // namespace socbridge::socctl
