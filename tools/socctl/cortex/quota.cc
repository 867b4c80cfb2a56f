// SPDX-License-Identifier: Apache-2.0
#include "cortex/quota.h"

#include "socctl/cortex/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  QuotaFlags quota;
  std::string output;
};

term::Style left_style(const cortex::QuotaState& state) {
  constexpr std::int64_t kFewPercent = 10, kPercent = 100;
  if (!state.limit.exists()) return term::Style::dim;
  if (state.left == 0) return term::Style::red;
  return state.left * kPercent <= state.limit.count * kFewPercent ? term::Style::yellow
                                                                  : term::Style::green;
}

ExitCode run_quota(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto rules = options.quota.limits();
  if (!rules.ok()) return fail(rules.status());
  const auto folder = options.quota.ledger_folder();
  if (!folder.ok()) return fail(folder.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  const auto analyzers = (*link)->client.analyzers((*link)->deadline());
  if (!analyzers.ok()) return fail(analyzers.status());
  cortex::Ledger ledger(context.env, *folder);
  const auto states =
      cortex::quota_states((*link)->client, ledger, *analyzers, *rules, (*link)->deadline());
  if (!states.ok()) return fail(states.status());
  term::Records records(*format, context.out,
                        {"ANALYZER", "LIMIT", "USED", "HERE", "LEFT", "NEXT FREE", "SET BY"},
                        write_out);
  for (const cortex::QuotaState& state : *states) {
    const bool limited = state.limit.exists();
    records.add({{state.analyzer.name, term::Style::bold},
                 {state.limit.text()},
                 {limited ? std::to_string(state.ours + state.others) : "-"},
                 {limited ? std::to_string(state.ours) : "-"},
                 {limited ? std::to_string(state.left) : "-", left_style(state)},
                 {state.next_free > 0 ? format_utc(state.next_free) : "-"},
                 {state.limit.origin.empty() ? "-" : state.limit.origin, term::Style::dim}},
                state.json());
  }
  records.finish("No analyzer is enabled.");
  return ExitCode::ok;
}

}  // namespace

void add_cortex_quota(Command& cortex, Chosen& chosen) {
  Command* command = cortex.add_subcommand(
      "quota",
      "Show how many jobs of each analyzer may still be started, and from when more may be");
  auto options = std::make_shared<Options>();
  options->quota.add_to(*command);
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_quota(*options, context); };
  });
}

}  // namespace socbridge::socctl
