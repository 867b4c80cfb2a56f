#include <memory>

#include "alert_options.h"
#include "base/time.h"
#include "command.h"
#include "http/client.h"
#include "json/writer.h"
#include "thehive/client.h"

namespace socbridge::socctl {
namespace {

struct Options {
  TargetFlags target;
  std::string output;
  std::int64_t limit = 50;
};

std::string operations(std::int64_t limit) {
  json::Writer w;
  w.begin_array();
  w.raw(R"({"_name":"listAlert"})");
  w.raw(R"({"_name":"sort","_fields":[{"date":"desc"}]})");
  w.begin_object();
  w.member("_name", "page");
  w.member("from", 0);
  w.member("to", limit);
  w.end_object();
  w.end_array();
  return std::move(w).take();
}

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

term::Style severity_style(const std::string& severity) {
  if (severity == "4") return term::Style::red;
  if (severity == "3") return term::Style::yellow;
  return term::Style::none;
}

ExitCode run_list(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto endpoint = profile::resolve(context.env, "thehive", options.target.flags,
                                         profile::Surroundings::of_process(context.env));
  if (!endpoint.ok()) return fail(endpoint.status());
  http::ClientOptions http_options;
  http_options.tls.ca_file = endpoint->ca_file;
  http::Client http(http_options);
  thehive::Client client(http, {endpoint->url, endpoint->key, endpoint->organisation});
  constexpr std::int64_t kPatienceMs = 30000;
  const auto answer =
      client.query("socctl-alert-list", operations(options.limit), Deadline::after_ms(kPatienceMs));
  if (!answer.ok()) return fail(answer.status());
  term::Records records(
      *format, context.out,
      {"ALERT", "DATE", "SEVERITY", "OBSERVABLES", "STATUS", "SOURCEREF", "TITLE"}, write_out);
  const json::Value list = answer->root();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value alert = list.at(i);
    const std::string severity = text_of(alert["severity"]);
    records.add({{text_of(alert["_id"])},
                 {format_utc(alert["date"].integer().value_or(0))},
                 {severity, severity_style(severity)},
                 {text_of(alert["observableCount"])},
                 {text_of(alert["status"])},
                 {text_of(alert["sourceRef"])},
                 {text_of(alert["title"])}},
                alert.dump());
  }
  records.finish("No alerts.");
  return ExitCode::ok;
}

}  // namespace

void add_alert_list(CLI::App& alert, Chosen& chosen) {
  CLI::App* command = alert.add_subcommand("list", "List the newest alerts of TheHive");
  auto options = std::make_shared<Options>();
  options->target.add_to(*command);
  command->add_option("--limit", options->limit, "How many at most (default 50)")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 10000));
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_list(*options, context); };
  });
}

}  // namespace socbridge::socctl
