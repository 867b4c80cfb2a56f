#include "enrich/own_account.h"

#include "json/writer.h"
#include "opencti/account.h"

namespace socbridge::enrich {

Result<std::string> find_own_account(ConsumerCore& core) {
  constexpr std::int64_t kPatienceMs = 10000;
  if (!core.setup.opencti) return std::string();
  http::Client http(core.setup.reader.http);
  opencti::Client client(http, *core.setup.opencti);
  Backoff backoff(core.setup.reader.shortest_pause_ms, core.setup.reader.longest_pause_ms);
  for (int refusals = 0;;) {
    const auto account = opencti::whoami(client, Deadline::after_ms(kPatienceMs));
    if (account.ok()) return account->id;
    const ExitCode code = account.status().code();
    const bool tell = code == ExitCode::auth || code == ExitCode::usage ||
                      (code == ExitCode::refused && ++refusals == kRefusals);
    if (tell) {  // reading the stream will say whether that matters
      core.report("own_unknown", "\"reason\":" + json::quote(account.status().message()));
      return std::string();
    }
    if (core.wait_after("opencti_down", account.status(), backoff)) continue;
    if (core.stopping()) return Status::error(ExitCode::interrupted, "stopped at the start");
    return account.status();
  }
}

}  // namespace socbridge::enrich
