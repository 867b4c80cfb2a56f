// SPDX-License-Identifier: Apache-2.0
#include "setup/opencti.h"

#include <memory>

#include "socctl/setup/product_options.h"
#include "socctl/setup/verbs.h"

namespace socbridge::socctl {
namespace {

constexpr EndpointWords kWords = {"opencti", "OpenCTI", "token",
                                  "Time limit for all requests (default 2m)", 120000};

struct Options : ProductOptions {
  Options() : ProductOptions(kWords) {}
  std::string name, email;
  std::vector<std::string> markings;
  bool sightings = false;
};

ExitCode run(const Options& options, Context& context) {
  return run_product_setup(options, context, [&](ProductRun& run, KeyRenewal renewal) {
    setup::OpenctiSetup wanted;
    wanted.url = run.endpoint.url;
    wanted.admin_key = run.endpoint.key;
    if (!options.name.empty()) wanted.name = options.name;
    if (!options.email.empty()) wanted.email = options.email;
    if (!options.markings.empty()) wanted.markings = options.markings;
    wanted.sightings = options.sightings;
    wanted.key_file = options.key_path();
    wanted.renew_key = options.renew_key && renewal == KeyRenewal::as_asked;
    return setup::plan_opencti(context.env, run.http, wanted, run.deadline);
  });
}

}  // namespace

void add_setup_opencti(Command& setup, Chosen& chosen) {
  Command* command = setup.add_subcommand(
      "opencti",
      "Show, or with --write create, what OpenCTI needs: role, group, user, token, live stream");
  auto options = std::make_shared<Options>();
  options->add_to(*command, AdminLogin::none);
  command
      ->add_option("--name", options->name,
                   "Name of the role, the group and the stream (default: socbridge)")
      ->type_name("NAME");
  command
      ->add_option("--user", options->email,
                   "E-mail address of the new user (default: socbridge@opencti.local)")
      ->type_name("EMAIL");
  command
      ->add_option(
          "--max-marking", options->markings,
          "Highest marking of its type that the user may see; repeatable (default: TLP:AMBER "
          "and PAP:AMBER)")
      ->one_value_each()
      ->type_name("MARKING");
  command->add_flag("--sightings", options->sightings,
                    "Also grant the right to write sightings (KNOWLEDGE_KNUPDATE)");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run(*options, context); };
  });
}

}  // namespace socbridge::socctl
