// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cortex/client.h"
#include "cortex/quota_ledger.h"
#include "cortex/refused_levels.h"
#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"

namespace socbridge::socctl {

// Verbs of `cortex`, one file each.
void add_cortex_analyzers(Command& cortex, Chosen& chosen);
void add_cortex_submit(Command& cortex, Chosen& chosen);
void add_cortex_status(Command& cortex, Chosen& chosen);
void add_cortex_quota(Command& cortex, Chosen& chosen);
void add_cortex_doctor(Command& cortex, Chosen& chosen);
void add_cortex_job_list(Command& job, Chosen& chosen);
void add_cortex_job_show(Command& job, Chosen& chosen);
void add_cortex_job_report(Command& job, Chosen& chosen);
void add_cortex_job_wait(Command& job, Chosen& chosen);
void add_cortex_job_cancel(Command& job, Chosen& chosen);

// Which Cortex, and how long one question may take: 30 s if not given.
inline constexpr EndpointWords kCortexWords = {
    "cortex", "Cortex", "API key", "Time limit for one request to Cortex (default 30s)", 30000};
struct CortexFlags : EndpointFlags {
  CortexFlags() : EndpointFlags(kCortexWords) {}
};

// A client with the connection it uses.
struct CortexLink {
  http::ClientOptions options;
  http::Client http;
  cortex::Client client;
  std::int64_t timeout_ms;
  CortexLink(const http::ClientOptions& given, cortex::Endpoint endpoint, std::int64_t ms)
      : options(given), http(given), client(http, std::move(endpoint)), timeout_ms(ms) {}
  Deadline deadline() const { return Deadline::after_ms(timeout_ms); }
};
Result<std::unique_ptr<CortexLink>> connect_cortex(Env& env, const CortexFlags& flags);

// Quotas: where they are counted, and what the limits are.
struct QuotaFlags {
  std::string folder;
  std::vector<std::string> rules;
  void add_to(Command& command);
  // Those of SOCCTL_CORTEX_QUOTAS, then the command line's, which win.
  Result<std::vector<cortex::LimitRule>> limits() const;
  // The folder if given; else SOCCTL_STATE_DIR, /var/lib/socctl for root, the user's state folder.
  Result<std::string> ledger_folder() const;
};

// Stores how a finished job ended if its analyzer refuses a TLP or PAP, or no longer does. Best
// effort: what cannot be stored is found out again.
void learn_levels(Env& env, const CortexLink& link, const QuotaFlags& quota,
                  const cortex::Job& job);

// Ids from the arguments; `-` stands for those on standard input, one a line.
Result<std::vector<std::string>> read_ids(const std::vector<std::string>& given);
// Counts a job that was deleted in the quota ledger: Cortex lists it no more, but goes on counting
// it. Without it the quota looks better than it is by one.
Status note_deleted(Env& env, const std::string& cortex_url, const cortex::Job& job);
// All of standard input or of a file, up to 64 MiB.
Result<std::string> read_text(const std::string& file);

}  // namespace socbridge::socctl
