// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "analysis/read_settings.h"
#include "config/json_schema.h"
#include "context/connector_report.h"
#include "health/job_runner/runner_config.h"
#include "health/thresholds.h"
#include "integration/config_schema.h"
#include "json/writer.h"
#include "profile/config_file.h"
#include "profile/indexer.h"
#include "socctl/common/command.h"
#include "socctl/config/verbs.h"

namespace socbridge::socctl {
namespace {

std::string rules_schema() {
  json::Writer w;
  w.begin_object();
  w.member("type", "object");
  w.key("additionalProperties");
  config::write_object_schema(w, analysis::rule_schema());
  w.end_object();
  return std::move(w).take();
}

std::string_view in_analysis(std::string_view key) {
  static const std::string kRules = rules_schema();
  return key == "rules" ? std::string_view(kRules) : std::string_view();
}

std::string_view not_empty(std::string_view /*key*/) {
  return R"({"type":"string","minLength":1})";
}

// The schema of ~/.config/socctl/config.json and /etc/socctl/config.json.
std::string socctl_schema() {
  json::Writer w;
  w.begin_object();
  w.member("$schema", "https://json-schema.org/draft/2020-12/schema");
  w.member("title", "config.json of socctl");
  w.member("type", "object");
  w.member("additionalProperties", false);
  w.key("properties");
  w.begin_object();
  for (const std::string_view product : profile::product_names()) {
    w.key(product);
    config::write_object_schema(w, profile::product_schema());
  }
  w.key("analysis");
  config::write_object_schema(w, analysis::section_schema(), in_analysis);
  w.key("connectors");
  w.begin_object();
  w.member("type", "object");
  w.key("additionalProperties");
  config::write_object_schema(w, context::schedule_schema());
  w.end_object();
  w.key("health");
  w.raw(health::threshold_schema());
  w.key("indices");
  config::write_object_schema(w, profile::indices_schema(), not_empty);
  w.key("jobs");
  config::write_object_schema(w, health::job_runner::job_runner_schema());
  w.key("presets");
  w.raw(R"({"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}})");
  w.end_object();
  w.end_object();
  return json::pretty(w.text());
}

}  // namespace

void add_config_schema(Command& config, Chosen& chosen) {
  Command* command = config.add_subcommand(
      "schema", "Print the JSON Schema of a configuration file, for editors and checks");
  auto which = std::make_shared<std::string>("w2thive");
  command
      ->add_option("which", *which,
                   "w2thive: etc/w2thive.json and <options> (default); socctl: config.json")
      ->one_of({"w2thive", "socctl"});
  command->callback([&chosen, which] {
    chosen.handler = [which](Context&) {
      std::string text = *which == "socctl" ? socctl_schema() : integration::config_json_schema();
      if (!text.ends_with('\n')) text += '\n';
      write_out(text);
      return ExitCode::ok;
    };
  });
}

}  // namespace socbridge::socctl
