// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/joined.h"
#include "base/text.h"
#include "json/writer.h"
#include "opencti/account.h"
#include "socctl/common/command.h"
#include "socctl/opencti/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  OpenctiFlags opencti;
  std::string output;
};

void write_list(json::Writer& w, std::string_view name, const std::vector<std::string>& texts) {
  w.key(name);
  w.begin_array();
  for (const std::string& text : texts) w.value(text);
  w.end_array();
}

std::string to_json(const opencti::Account& account, const std::string& url) {
  json::Writer w;
  w.begin_object();
  w.member("url", url);
  w.member("version", account.platform_version);
  w.member("id", account.id);
  w.member("name", account.name);
  w.member("email", account.email);
  w.member("status", account.status);
  write_list(w, "capabilities", account.capabilities);
  write_list(w, "markings", account.markings);
  w.member("draft", account.draft);
  w.key("missing");
  w.begin_array();
  for (const opencti::Need& need : opencti::needs()) {
    if (!account.can(need.capability)) w.value(need.capability);
  }
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

ExitCode run_whoami(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto timeout = options.opencti.timeout_ms();
  if (!timeout.ok()) return fail(timeout.status());
  const auto link = connect_opencti(context.env, options.opencti);
  if (!link.ok()) return fail(link.status());
  opencti::Client& client = (*link)->client;
  const auto account = opencti::whoami(client, Deadline::after_ms(*timeout));
  if (!account.ok()) return fail(account.status());
  term::Records records(*format, context.out,
                        {"USER", "EMAIL", "STATUS", "VERSION", "MARKINGS", "CAPABILITIES"},
                        write_out);
  records.add({{account->name},
               {account->email},
               {account->status},
               {account->platform_version},
               {joined(account->markings)},
               {joined(account->capabilities)}},
              to_json(*account, client.base()));
  records.finish();
  if (!account->draft.empty()) {
    warn("the user works in the draft \"" + printable(account->draft, 60) +
         "\"; socctl reads and writes live data anyway");
  }
  for (const opencti::Need& need : opencti::needs()) {
    if (account->can(need.capability)) continue;
    warn("no capability " + std::string(need.capability) + ": needed for " +
         std::string(need.purpose));
  }
  return ExitCode::ok;
}

}  // namespace

void add_opencti_whoami(Command& opencti, Chosen& chosen) {
  Command* command = opencti.add_subcommand(
      "whoami", "Show the token's user, its capabilities, and the platform's version");
  auto options = std::make_shared<Options>();
  options->opencti.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_whoami(*options, context); };
  });
}

}  // namespace socbridge::socctl
