// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "socctl/common/nouns.h"
#include "socctl/grafana/options.h"

namespace socbridge::socctl {
namespace {

using provisioning::Action;
using provisioning::Item;
using provisioning::Mode;
using provisioning::State;

struct ApplyOptions {
  GrafanaOptions grafana;
  bool dry_run = false, force = false, write_secrets = false;
};

// Degraded if an item is not as in the manifest.
template <typename Differs>
ExitCode code_of(const std::vector<Item>& items, const Differs& differs) {
  const ExitCode failures = code_of_failures(items);
  if (failures != ExitCode::ok) return failures;
  return std::any_of(items.begin(), items.end(), differs) ? ExitCode::degraded : ExitCode::ok;
}

ExitCode run_apply(const ApplyOptions& given, Context& context) {
  const auto format = output_format(given.grafana.output);
  if (!format.ok()) return fail(format.status());
  provisioning::Options how;
  how.mode = given.dry_run ? Mode::look : Mode::apply;
  if (given.force) how.edited = provisioning::EditedItems::overwrite;
  if (given.write_secrets) how.secrets = provisioning::Secrets::write_again;
  const auto items = provision(context.env, given.grafana, std::move(how));
  if (!items.ok()) return fail(items.status());
  print_items(*items, *format, context);
  report_failures(*items);
  const auto kept = [](const Item& item) { return item.action == Action::keep; };
  if (std::any_of(items->begin(), items->end(), kept)) {
    warn(
        "objects created or changed by hand are kept; see socctl grafana diff; --force "
        "overwrites them");
  }
  return code_of(*items, kept);
}

bool is_as_wanted(const Item& item) {
  return item.state == State::current ||
         (item.state == State::provisioned && item.differences.empty());
}

enum class Show { items, differences };

ExitCode run_look(const GrafanaOptions& options, Show show, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto items = provision(context.env, options, {});
  if (!items.ok()) return fail(items.status());
  show == Show::items ? print_items(*items, *format, context)
                      : print_differences(*items, *format, context);
  report_failures(*items);
  return code_of(*items, [](const Item& item) { return !is_as_wanted(item); });
}

void add_apply(Command& grafana, Chosen& chosen) {
  Command* command = grafana.add_subcommand(
      "apply",
      "Write data sources, folder and dashboards of a manifest to Grafana; changes only "
      "differences, and keeps manual changes");
  auto options = std::make_shared<ApplyOptions>();
  options->grafana.add_to(*command);
  command->add_flag("-n,--dry-run", options->dry_run, "Only print what would be done");
  command->add_flag("--force", options->force, "Also overwrite objects created or changed by hand");
  command->add_flag("--write-secrets", options->write_secrets,
                    "Send the secrets of data sources again, which Grafana never shows");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_apply(*options, context); };
  });
}

void add_look(Command& grafana, const char* name, const char* description, Show show,
              Chosen& chosen) {
  Command* command = grafana.add_subcommand(name, description);
  auto options = std::make_shared<GrafanaOptions>();
  options->add_to(*command);
  command->callback([&chosen, options, show] {
    chosen.handler = [options, show](Context& context) {
      return run_look(*options, show, context);
    };
  });
}

}  // namespace

void add_grafana(Command& app, Chosen& chosen) {
  Command* grafana = app.add_subcommand(
      "grafana", "Provision Grafana: data sources, a folder, dashboards of ours and grafana.com");
  grafana->require_subcommand(1);
  add_apply(*grafana, chosen);
  add_look(*grafana, "check", "List objects of a manifest that are missing or different in Grafana",
           Show::items, chosen);
  add_look(*grafana, "diff", "List the members that differ between Grafana and a manifest",
           Show::differences, chosen);
}

}  // namespace socbridge::socctl
