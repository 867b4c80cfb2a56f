// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/wazuh_access.h"
#include "thehive/alert.h"
#include "wazuh/alert.h"
#include "wazuh/alert_stream.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> files;
  MappingFlags mapping;
  std::string output;
  std::string version = "5";
  bool explain = false;
};

std::string skipped_json(const std::string& reason) {
  json::Writer w;
  w.begin_object();
  w.member("skipped", reason);
  w.end_object();
  return std::move(w).take();
}

std::string explanation_json(const std::string& ref, const mapping::Explanation& e) {
  json::Writer w;
  w.begin_object();
  w.member("source_ref", ref);
  w.member("field", e.field);
  w.member("value", e.value);
  w.member("rule", e.rule);
  w.end_object();
  return std::move(w).take();
}

void print_mapped(term::Records& records, const Options& options, const mapping::Mapped& mapped,
                  thehive::ApiVersion version) {
  const thehive::Alert& alert = mapped.alert;
  if (options.explain) {
    for (const mapping::Explanation& e : mapped.explanations) {
      records.add({{alert.source_ref}, {e.field, term::Style::bold}, {e.value}, {e.rule}},
                  explanation_json(alert.source_ref, e));
    }
    if (!mapped.forwarded) {
      const mapping::Explanation skipped{"skipped", "true", mapped.skip_reason};
      records.add(
          {{alert.source_ref}, {"skipped", term::Style::bold}, {"true"}, {mapped.skip_reason}},
          explanation_json(alert.source_ref, skipped));
    }
    return;
  }
  if (!mapped.forwarded) {
    records.add({{"-"}, {"-"}, {"-"}, {"skipped: " + mapped.skip_reason, term::Style::dim}},
                skipped_json(mapped.skip_reason));
    return;
  }
  records.add({{alert.source_ref},
               {std::to_string(alert.severity)},
               {std::to_string(alert.observables.size())},
               {alert.title}},
              thehive::create_body(alert, version));
}

ExitCode run_map(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  if (const Status in = enter_wazuh(context.env, options.mapping.named(options.files)); !in.ok()) {
    return fail(in);
  }
  auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  if (const Status bad = first_error(*loaded); !bad.ok()) return fail(bad);
  const auto version = options.version == "4" ? thehive::ApiVersion::v4 : thehive::ApiVersion::v5;

  const std::vector<std::string> columns =
      options.explain ? std::vector<std::string>{"SOURCEREF", "FIELD", "VALUE", "RULE"}
                      : std::vector<std::string>{"SOURCEREF", "SEVERITY", "OBSERVABLES", "TITLE"};
  term::Records records(*format, context.out, columns, write_out);
  ExitCode code = ExitCode::ok;
  const UnixMillis now = wall_now_ms();
  const auto files = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  for (const std::string& file : files) {
    const Status read =
        wazuh::for_each_alert(context.env, file, [&](std::string_view raw, std::size_t line) {
          const auto alert = wazuh::parse_wazuh_alert(raw);
          if (!alert.ok()) {
            code = fail(
                Status::error(alert.status().code(),
                              file + ":" + std::to_string(line) + ": " + alert.status().message(),
                              alert.status().hint()));
            return;
          }
          mapping::Mapped mapped =
              mapping::map(*alert, loaded->settings.mapping, now, options.explain);
          if (mapped.alert.source_ref.empty()) {
            mapped.alert.source_ref =
                wazuh::source_ref(*alert, loaded->settings.mapping.manager_alias);
          }
          print_mapped(records, options, mapped, version);
        });
    if (!read.ok()) code = fail(read);
  }
  records.finish("No alerts in the input.");
  return code;
}

}  // namespace

void add_alert_map(Command& alert, Chosen& chosen) {
  Command* command =
      alert.add_subcommand("map", "Show what would be sent to TheHive for Wazuh alerts");
  auto options = std::make_shared<Options>();
  command
      ->add_option("files", options->files,
                   "Alerts: JSON, JSON Lines, indexer answers, also gzipped; - is standard input")
      ->type_name("FILE");
  options->mapping.add_to(*command);
  command->add_flag("--explain", options->explain, "Name the rule behind each value");
  command
      ->add_option("--thehive-version", options->version,
                   "Write the request for TheHive 4 or 5 (default 5)")
      ->one_of({"4", "5"});
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_map(*options, context); };
  });
}

}  // namespace socbridge::socctl
