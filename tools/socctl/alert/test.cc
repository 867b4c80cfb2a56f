// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "base/time.h"
#include "delivery/deliver.h"
#include "delivery/destination_state.h"
#include "delivery/synthetic_alert.h"
#include "http/client.h"
#include "integration/endpoint_override.h"
#include "json/writer.h"
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

Status status_of(const thehive::Delivery& delivery) {
  ExitCode code = ExitCode::refused;
  if (delivery.verdict == thehive::Verdict::auth) code = ExitCode::auth;
  if (delivery.verdict == thehive::Verdict::retry) code = ExitCode::unreachable;
  return Status::error(code, "the test alert was not created: " + delivery.message,
                       "check it with socctl config check");
}

// A server may need a moment before a new alert can be read.
Result<json::Document> find_again(thehive::Client& client, const integration::Settings& settings,
                                  const std::string& source_ref) {
  constexpr std::int64_t kTimeoutMs = 10000;
  constexpr std::int64_t kPauseMs = 200;
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  while (true) {
    auto found =
        client.find_alert(settings.mapping.type, settings.mapping.source, source_ref, deadline);
    if (!found.ok() || !found->root().missing() || deadline.passed()) return found;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPauseMs));
  }
}

// What it shows of the key and the server counts for every sender of this machine's spool.
void tell_others(Context& context, const integration::Settings& settings,
                 const delivery::Attempt& sent) {
  if (!context.env.stat(settings.spool_dir + "/state").ok()) return;
  delivery::Destination destination(context.env, settings.spool_dir, settings);
  const auto notice = destination.report(sent, wall_now_ms());
  if (notice && notice->good) write_err(notice->text + "\n");
}

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

// The request has no known end and the alert is not there now; it may come yet.
Status not_known(const delivery::Attempt& sent) {
  return Status::error(ExitCode::unreachable,
                       "whether the test alert was created is not known: " + sent.delivery.message,
                       "if it comes yet, its reference is " + sent.source_ref);
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
  const std::string raw = delivery::make_marked_alert(delivery::kTestMark, wall_now_ms(),
                                                      delivery::passing_level(settings.mapping),
                                                      std::to_string(getpid()));
  const delivery::Attempt sent = delivery::attempt(context.env, raw, settings, http, "",
                                                   Deadline::after_ms(settings.budget_ms));
  tell_others(context, settings, sent);
  const bool created = sent.delivery.verdict == thehive::Verdict::created;
  if (!created && !sent.delivery.ambiguous) return fail(status_of(sent.delivery));
  const std::int64_t created_ms = steady_now_ms() - started;

  thehive::Client client(http, settings.endpoint);
  const auto found = find_again(client, settings, sent.source_ref);
  const bool is_there = found.ok() && !found->root().missing();
  if (!created && !is_there) return fail(not_known(sent));
  if (!found.ok()) return fail(found.status());
  const json::Value alert = found->root();
  const std::string id = created ? sent.delivery.alert_id : text_of(alert["_id"]);
  if (!created) warn("created, though its answer did not come: " + sent.delivery.message);
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
  term::Records records(*format, context.out, {"ALERT", "SOURCEREF", "SEVERITY", "STATUS", "TITLE"},
                        write_out);
  records.add({{id},
               {sent.source_ref},
               {text_of(alert["severity"])},
               {options.remove ? "removed" : text_of(alert["status"])},
               {text_of(alert["title"])}},
              alert.dump());
  records.finish();
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
