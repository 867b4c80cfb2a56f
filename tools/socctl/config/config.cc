// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include "config/error_list.h"
#include "integration/config_check.h"
#include "json/writer.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/wazuh_access.h"
#include "socctl/config/verbs.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MappingFlags mapping;
  std::string ossec_conf;
  std::string output;
  bool strict = false;
};

term::Style style_of(integration::FindingState state) {
  switch (state) {
    case integration::FindingState::ok: return term::Style::green;
    case integration::FindingState::warning: return term::Style::yellow;
    case integration::FindingState::error: return term::Style::red;
    case integration::FindingState::skipped: return term::Style::dim;
  }
  return term::Style::none;
}

ExitCode run_check(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const std::vector<integration::Finding> own = check_own_files(context.env);
  if (const Status in = enter_wazuh(context.env, options.mapping.named({options.ossec_conf}));
      !in.ok()) {
    return fail(in);
  }
  const std::string home = wazuh::find_home();
  if (const Status enters = wazuh::may_enter(context.env, home); !enters.ok()) return fail(enters);
  const auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  auto findings = integration::check_config(context.env, *loaded, home, options.ossec_conf);
  findings.insert(findings.end(), own.begin(), own.end());
  term::Records records(*format, context.out, {"CHECK", "STATE", "DETAIL", "NEXT"}, write_out);
  ExitCode code = ExitCode::ok;
  for (const integration::Finding& finding : findings) {
    if (finding.state == integration::FindingState::error) code = ExitCode::usage;
    const bool warns = finding.state == integration::FindingState::warning;
    if (options.strict && warns && code == ExitCode::ok) code = ExitCode::degraded;
    const char* state = integration::finding_state_name(finding.state);
    json::Writer w;
    w.begin_object();
    w.member("check", finding.subject);
    w.member("state", state);
    w.member("detail", finding.detail);
    w.member("next", finding.next);
    w.end_object();
    records.add(
        {{finding.subject}, {state, style_of(finding.state)}, {finding.detail}, {finding.next}},
        std::move(w).take());
  }
  records.finish();
  return code;
}

void print_key(term::Records& records, const config::Settings::Row& row, bool set) {
  json::Writer w;
  w.begin_object();
  w.member("key", row.name);
  w.key("value");
  w.raw(row.value_json.empty() ? "null" : row.value_json);
  w.member("origin", row.origin);
  w.member("meaning", row.doc);
  w.end_object();
  records.add({{row.name, set ? term::Style::bold : term::Style::none},
               {row.value_json},
               {row.origin},
               {row.doc, term::Style::dim}},
              std::move(w).take());
}

ExitCode run_explain(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  if (const Status in = enter_wazuh(context.env, options.mapping.named({options.ossec_conf}));
      !in.ok()) {
    return fail(in);
  }
  const auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  term::Records records(*format, context.out, {"KEY", "VALUE", "ORIGIN", "MEANING"}, write_out);
  for (const config::Settings::Row& row : loaded->values.explain()) {
    print_key(records, row, row.origin != "default");
  }
  for (const integration::DestinationRow& destination : loaded->destinations) {
    for (config::Settings::Row row : destination.values.explain()) {
      const bool set = row.origin != "default";
      if (!set) continue;  // inherited from the top level
      row.name = "destinations." + destination.name + "." + row.name;
      print_key(records, row, set);
    }
  }
  records.finish();
  ExitCode code = ExitCode::ok;
  for (const Status& error : config::shown_errors(loaded->errors)) code = fail(error);
  return code;
}

}  // namespace

void add_config(Command& app, Chosen& chosen) {
  Command* config =
      app.add_subcommand("config", "Check and explain the configuration of custom-w2thive");
  config->require_subcommand(1);
  auto options = std::make_shared<Options>();

  Command* check = config->add_subcommand(
      "check",
      "Check configuration, key, spool, log and ossec.conf of this machine, without network");
  options->mapping.add_to(*check);
  check
      ->add_option("--ossec-conf", options->ossec_conf,
                   "ossec.conf (default: etc/ossec.conf under the Wazuh home)")
      ->type_name("FILE");
  check->add_flag("--strict", options->strict, "Exit with 3 if there are warnings only");
  add_output_option(*check, options->output);
  check->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_check(*options, context); };
  });

  Command* explain =
      config->add_subcommand("explain", "Print every key: value, origin and meaning");
  options->mapping.add_to(*explain);
  add_output_option(*explain, options->output);
  explain->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_explain(*options, context); };
  });
  add_config_schema(*config, chosen);
  add_config_test(*config, chosen);
}

}  // namespace socbridge::socctl
