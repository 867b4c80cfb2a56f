// SPDX-License-Identifier: Apache-2.0
#include "stream/own_identity.h"

#include "opencti/account.h"

namespace socbridge::stream {

namespace {

// The connectors are unknown without the capability MODULES; the stream itself shows it later.
void report_sharers(ConsumerState& core, opencti::Client& client, const std::string& user) {
  constexpr std::int64_t kTimeoutMs = 10000;
  constexpr const char* kQuery =
      "query SocctlConnectorUsers { connectors { name connector_type connector_user_id } }";
  const auto answer = client.query("asking OpenCTI for the users of connectors", kQuery, {},
                                   Deadline::after_ms(kTimeoutMs));
  if (!answer.ok()) return;
  const json::Value all = answer->root()["data"]["connectors"];
  std::string names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const json::Value one = all.at(i);
    const bool brings = one["connector_type"].string_or_empty() == "EXTERNAL_IMPORT";
    if (!brings || one["connector_user_id"].string_or_empty() != user) continue;
    names += (names.empty() ? "" : ", ") + one["name"].string_text();
  }
  if (names.empty()) return;
  core.report(event::Warning{
      event::Warning::About::account_shared,
      "connectors use our own user: " + names +
          "; their objects are matched anyway; give each connector a user of its own"});
}

}  // namespace

Result<std::string> find_own_identity(ConsumerState& core) {
  constexpr std::int64_t kTimeoutMs = 10000;
  if (!core.setup.opencti) return std::string();
  http::Client http(core.setup.reader.http);
  opencti::Client client(http, *core.setup.opencti);
  Backoff backoff(core.setup.reader.shortest_pause_ms, core.setup.reader.longest_pause_ms);
  for (int refusals = 0;;) {
    const auto account = opencti::whoami(client, Deadline::after_ms(kTimeoutMs));
    if (account.ok()) {
      if (!account->can("TAXIIAPI")) {
        core.report(
            event::Warning{event::Warning::About::right_missing,
                           account->name + " lacks TAXIIAPI: it may not read live streams"});
      }
      report_sharers(core, client, account->id);
      return account->id;
    }
    const ExitCode code = account.status().code();
    const bool report = code == ExitCode::auth || code == ExitCode::usage ||
                        (code == ExitCode::refused && ++refusals == kRefusals);
    if (report) {  // reading the stream will show the effect
      core.report(event::Warning{event::Warning::About::own_unknown, account.status().message()});
      return std::string();
    }
    if (core.wait_after(event::Outage::Of::opencti, account.status(), backoff)) continue;
    if (core.stopping()) return Status::error(ExitCode::interrupted, "stopped at the start");
    return account.status();
  }
}

}  // namespace socbridge::stream
