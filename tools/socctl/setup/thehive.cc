// SPDX-License-Identifier: Apache-2.0
#include "setup/thehive.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/text.h"
#include "socctl/setup/product_options.h"
#include "socctl/setup/verbs.h"

namespace socbridge::socctl {
namespace {

constexpr EndpointWords kWords = {"thehive", "TheHive", "API key",
                                  "Time limit for all requests (default 2m)", 120000};

struct Options : ProductOptions {
  Options() : ProductOptions(kWords) {}
  std::string organisation, user, rights;
  std::vector<std::string> types, fields;
  bool canary = false, promote = false;
};

// `NAME` or `NAME=TYPE`
Result<thehive::Admin::Definition> read_field(const std::string& text) {
  constexpr const char* kTypes[] = {"string", "integer", "float", "boolean", "date", "url"};
  const std::size_t equals = text.find('=');
  thehive::Admin::Definition field{text.substr(0, equals), "string"};
  if (equals != std::string::npos) field.type = text.substr(equals + 1);
  const bool known =
      std::find(std::begin(kTypes), std::end(kTypes), field.type) != std::end(kTypes);
  if (known && !field.name.empty()) return field;
  return Status::error(ExitCode::usage,
                       "--custom-field must be NAME or NAME=TYPE, not " + printable(text, 60),
                       "the types are string, integer, float, boolean, date, url");
}

Result<setup::TheHiveSetup> read_setup(const Options& options) {
  setup::TheHiveSetup wanted;
  wanted.admin_login = options.admin_login;
  if (!options.organisation.empty()) wanted.organisation = options.organisation;
  if (!options.user.empty()) wanted.login = options.user;
  if (options.rights == "alerts") wanted.rights = setup::TheHiveRights::alerts;
  wanted.canary = options.canary;
  wanted.promote = options.promote;
  wanted.observable_types = options.types;
  for (const std::string& text : options.fields) {
    auto field = read_field(text);
    if (!field.ok()) return field.status();
    wanted.custom_fields.push_back(std::move(*field));
  }
  wanted.key_file = options.key_path();
  return wanted;
}

ExitCode run(const Options& options, Context& context) {
  const auto read = read_setup(options);
  if (!read.ok()) return fail(read.status());
  return run_product_setup(options, context, [&](ProductRun& run, KeyRenewal renewal) {
    setup::TheHiveSetup wanted = *read;
    wanted.url = run.endpoint.url;
    wanted.admin_key = run.endpoint.key;
    wanted.renew_key = options.renew_key && renewal == KeyRenewal::as_asked;
    return setup::plan_thehive(context.env, run.http, wanted, run.deadline);
  });
}

}  // namespace

void add_setup_thehive(Command& setup, Chosen& chosen) {
  Command* command = setup.add_subcommand("thehive",
                                          "Show, or with --write create, what TheHive needs: "
                                          "organisation, profile, user, key, observable "
                                          "types, custom fields");
  auto options = std::make_shared<Options>();
  options->add_to(*command, AdminLogin::basic);
  command
      ->add_option("--organisation", options->organisation,
                   "Organisation that gets the alerts (default: soc)")
      ->type_name("NAME");
  command
      ->add_option("--user", options->user,
                   "Login of the new user (default: socbridge@thehive.local)")
      ->type_name("LOGIN");
  command
      ->add_option("--rights", options->rights,
                   "Rights of the user: create and update alerts, or also cases (default: cases)")
      ->one_of({"alerts", "cases"});
  command->add_flag("--promote", options->promote,
                    "Also grant the rights for rules with \"promote\": create cases from alerts");
  command->add_flag("--canary", options->canary,
                    "Also grant the rights for health --canary: delete alerts, start analyses");
  command
      ->add_option("--observable-type", options->types,
                   "Observable type in addition to those of the mapping; repeatable")
      ->one_value_each()
      ->type_name("NAME");
  command
      ->add_option(
          "--custom-field", options->fields,
          "Custom field in addition to those of the responder; its type is string if none is "
          "given; repeatable")
      ->one_value_each()
      ->type_name("NAME=TYPE");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run(*options, context); };
  });
}

}  // namespace socbridge::socctl
