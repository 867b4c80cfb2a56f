// SPDX-License-Identifier: Apache-2.0
#include "socctl/opencti/options.h"

#include "base/time.h"

namespace socbridge::socctl {

Result<std::unique_ptr<OpenctiLink>> connect_opencti(Env& env, const OpenctiFlags& flags) {
  auto endpoint = flags.resolve(env);
  if (!endpoint.ok()) return endpoint.status();
  return std::make_unique<OpenctiLink>(client_options(*endpoint),
                                       opencti::Endpoint{endpoint->url, std::move(endpoint->key)});
}

void TargetChoice::add_to(Command& command) {
  auto* of_case = command.add_option("--case", case_name, "Case of TheHive: its number or id");
  of_case->type_name("ID");
  command.add_option("--alert", alert, "Alert of TheHive: its id or sourceRef")
      ->type_name("ID")
      ->excludes(of_case);
  command.add_option("--thehive-url", flags.url, "Base URL of TheHive")->type_name("URL");
  command.add_option("--thehive-key-file", flags.key_file, "File with TheHive's API key")
      ->type_name("FILE");
  command
      .add_option("--thehive-organisation", flags.organisation, "Organisation of TheHive to use")
      ->type_name("NAME");
}

Result<std::unique_ptr<TheHiveLink>> connect_thehive(Env& env, const TargetChoice& choice) {
  auto endpoint =
      profile::resolve(env, "thehive", choice.flags, profile::SystemPaths::of_process());
  if (!endpoint.ok()) return endpoint.status();
  http::ClientOptions options;
  profile::set_way(*endpoint, options);
  return std::make_unique<TheHiveLink>(
      options, thehive::Endpoint{endpoint->url, std::move(endpoint->key), endpoint->organisation});
}

Result<context::Target> read_target(thehive::Client& client, const TargetChoice& choice,
                                    const Deadline& deadline) {
  return choice.case_name.empty() ? context::read_alert_target(client, choice.alert, deadline)
                                  : context::read_case_target(client, choice.case_name, deadline);
}

void add_marking_options(Command& command, std::string& max_marking,
                         std::vector<std::string>& withhold) {
  command
      .add_option("--max-marking", max_marking,
                  "Limit for writing to TheHive: case (default: nothing above the TLP and PAP "
                  "of the alert or case), any, or a TLP such as TLP:GREEN as an additional limit")
      ->type_name("LIMIT");
  command
      .add_option("--withhold", withhold,
                  "Never write objects with this marking (name or STIX id); repeatable")
      ->type_name("MARKING")
      ->one_value_each();
}

}  // namespace socbridge::socctl
