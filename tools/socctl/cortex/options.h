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

// The Cortex server, and the time limit of a request: 30 s by default.
inline constexpr EndpointWords kCortexWords = {
    "cortex", "Cortex", "API key", "Time limit for one request to Cortex (default 30s)", 30000};
struct CortexFlags : EndpointFlags {
  CortexFlags() : EndpointFlags(kCortexWords) {}
};

// A client and its connection.
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

// Quotas: the folder with the counts, and the limits.
struct QuotaFlags {
  std::string folder;
  std::vector<std::string> rules;
  void add_to(Command& command);
  // The limits of SOCCTL_CORTEX_QUOTAS, then those of the command line, which take precedence.
  Result<std::vector<cortex::LimitRule>> limits() const;
  // The given folder, else SOCCTL_STATE_DIR, /var/lib/socctl for root, or the user's state folder.
  Result<std::string> ledger_folder() const;
};

// Records whether a finished job's analyzer refuses a TLP or PAP, or no longer does. Best effort: a
// lost record is made again by a later job.
void learn_levels(Env& env, const CortexLink& link, const QuotaFlags& quota,
                  const cortex::Job& job);

// Ids from the arguments; `-` stands for ids on standard input, one per line.
Result<std::vector<std::string>> read_ids(const std::vector<std::string>& given);
// Counts a deleted job in the quota ledger: Cortex no longer lists it, but still counts it. Without
// this the remaining quota would be one too high.
Status note_deleted(Env& env, const std::string& cortex_url, const cortex::Job& job);
// Reads standard input or a file, up to 64 MiB.
Result<std::string> read_text(const std::string& file);

}  // namespace socbridge::socctl
