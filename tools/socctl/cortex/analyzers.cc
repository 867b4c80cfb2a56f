// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "cortex/select.h"
#include "observable/type_words.h"
#include "socctl/cortex/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::string type, output;
};

ExitCode run_analyzers(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  cortex::Client& client = (*link)->client;
  const std::string type = observable::type_of_option(options.type);
  auto analyzers = type.empty() || type == "auto" ? client.analyzers((*link)->deadline())
                                                  : client.analyzers_for(type, (*link)->deadline());
  if (!analyzers.ok()) return fail(analyzers.status());
  std::sort(analyzers->begin(), analyzers->end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  term::Records records(*format, context.out,
                        {"ANALYZER", "VERSION", "TYPES", "RATE", "CACHE", "TLP", "DESCRIPTION"},
                        write_out);
  for (const cortex::Analyzer& a : *analyzers) {
    std::string types;
    for (const std::string& one : a.data_types) types += (types.empty() ? "" : ",") + one;
    const std::string rate =
        a.rate > 0 ? std::to_string(a.rate) + "/" + ascii_lower(a.rate_unit) : "-";
    records.add({{a.name, term::Style::bold},
                 {a.version},
                 {types},
                 {rate},
                 {a.cache_min >= 0 ? std::to_string(a.cache_min) + "m" : "-"},
                 {a.max_tlp >= 0 ? std::string("<=") + cortex::level_name(a.max_tlp) : "-"},
                 {a.description, term::Style::dim}},
                a.json);
  }
  records.finish(options.type.empty()
                     ? "No analyzer is enabled."
                     : "No enabled analyzer accepts " + printable(options.type, 40) + ".");
  return ExitCode::ok;
}

}  // namespace

void add_cortex_analyzers(Command& cortex, Chosen& chosen) {
  Command* command =
      cortex.add_subcommand("analyzers", "List the analyzers that are enabled in Cortex");
  auto options = std::make_shared<Options>();
  command
      ->add_option("--type", options->type, "Only analyzers that accept this data type, such as ip")
      ->type_name("TYPE");
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_analyzers(*options, context); };
  });
}

}  // namespace socbridge::socctl
