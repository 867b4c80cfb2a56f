// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"
#include "socctl/cortex/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::string output;
};

// The number of jobs in that state.
Result<std::uint64_t> count(CortexLink& link, const char* status) {
  const std::string query = std::string(R"({"_field":"status","_value":")") + status + "\"}";
  const auto page = link.client.search(query, 1, link.deadline());
  if (!page.ok()) return page.status();
  return page->total;
}

ExitCode run_status(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  CortexLink& cortex = **link;
  const auto version = cortex.client.version(cortex.deadline());
  if (!version.ok()) return fail(version.status());
  const auto user = cortex.client.user(cortex.deadline());
  if (!user.ok()) return fail(user.status());
  const auto analyzers = cortex.client.analyzers(cortex.deadline());
  if (!analyzers.ok()) return fail(analyzers.status());
  const auto waiting = count(cortex, "Waiting");
  if (!waiting.ok()) return fail(waiting.status());
  const auto running = count(cortex, "InProgress");
  if (!running.ok()) return fail(running.status());
  std::string roles;
  json::Writer w;
  w.begin_object();
  w.member("url", cortex.client.endpoint().url);
  w.member("version", *version);
  w.member("user", user->id);
  w.member("organisation", user->organisation);
  w.key("roles");
  w.begin_array();
  for (const std::string& role : user->roles) {
    roles += (roles.empty() ? "" : ",") + role;
    w.value(role);
  }
  w.end_array();
  w.member("analyzers", static_cast<std::int64_t>(analyzers->size()));
  w.member("waiting", *waiting);
  w.member("running", *running);
  w.end_object();
  const bool able = user->has("analyze");
  term::Records records(
      *format, context.out,
      {"VERSION", "USER", "ORGANISATION", "ROLES", "ANALYZERS", "WAITING", "RUNNING", "URL"},
      write_out);
  records.add({{*version},
               {user->id},
               {user->organisation},
               {roles, able ? term::Style::green : term::Style::yellow},
               {std::to_string(analyzers->size())},
               {std::to_string(*waiting)},
               {std::to_string(*running)},
               {cortex.client.endpoint().url, term::Style::dim}},
              std::move(w).take());
  records.finish();
  return ExitCode::ok;
}

}  // namespace

void add_cortex_status(Command& cortex, Chosen& chosen) {
  Command* command = cortex.add_subcommand("status",
                                           "Show version, user and roles of the key, analyzers, "
                                           "and the numbers of waiting and running jobs");
  auto options = std::make_shared<Options>();
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_status(*options, context); };
  });
}

}  // namespace socbridge::socctl
