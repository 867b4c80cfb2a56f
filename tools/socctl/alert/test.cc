// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "base/time.h"
#include "delivery/sender.h"
#include "delivery/synthetic_alert.h"
#include "http/client.h"
#include "integration/endpoint_override.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/wazuh_access.h"
#include "thehive/client.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MappingFlags mapping;
  TargetFlags target;
  std::string output;
  bool remove = false;
};

Status status_of(const delivery::Outcome& outcome) {
  // A filtered or duplicate test alert is no success.
  const ExitCode code = exit_code(outcome);
  return Status::error(code == ExitCode::ok ? ExitCode::refused : code,
                       "the test alert was not created: " + outcome.message,
                       "check it with socctl config check");
}

// A server may need a moment before a new alert can be read.
Result<json::Document> find_again(thehive::Client& client, const thehive::Alert& wanted) {
  constexpr std::int64_t kWaitMs = 10000;
  constexpr std::int64_t kPauseMs = 200;
  const Deadline deadline = Deadline::after_ms(kWaitMs);
  while (true) {
    auto found = client.find_alert(wanted.type, wanted.source, wanted.source_ref, deadline);
    if (!found.ok() || !found->root().missing() || deadline.passed()) return found;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPauseMs));
  }
}

// Sent whatever the circuit breaker says; what the answer shows of server and key counts for every
// sender of this machine's spool.
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

// The request has no known end and the alert is not there now; it may come yet.
Status not_known(const delivery::Outcome& sent) {
  return Status::error(ExitCode::unreachable,
                       "whether the test alert was created is not known: " + sent.message,
                       "if it comes yet, its reference is " + sent.source_ref);
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

ExitCode run_test(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto endpoint = profile::resolve(context.env, "thehive", options.target.flags,
                                         profile::SystemPaths::of_process());
  if (!endpoint.ok()) return fail(endpoint.status());
  if (const Status in = enter_wazuh(context.env, options.mapping.named()); !in.ok()) {
    return fail(in);
  }
  auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  if (const Status bad = first_error(*loaded); !bad.ok()) return fail(bad);
  integration::Settings& settings = loaded->settings;
  aim_at(*endpoint, settings);
  http::Client http(settings.http);
  std::string remark;
  if (const Status version = integration::fix_version(settings, http, remark); !version.ok())
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
  if (!created) warn("created, though its answer did not come: " + sent.message);
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
              endpoint->url + " (from " + endpoint->url_origin + ")\n");
  }
  print_alert(alert, id, options, *format, context);
  return ExitCode::ok;
}

}  // namespace

void add_alert_test(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "test", "Create a marked test alert in TheHive, find it again and print it");
  auto options = std::make_shared<Options>();
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  command->add_flag("--delete", options->remove, "Delete the test alert afterwards");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_test(*options, context); };
  });
}

}  // namespace socbridge::socctl
