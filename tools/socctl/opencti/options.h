// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "context/context_attachment.h"
#include "http/client.h"
#include "opencti/client.h"
#include "profile/profile.h"
#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"
#include "thehive/client.h"

namespace socbridge::socctl {

// Verbs of `opencti`, one file each.
void add_opencti_connectors(Command& opencti, Chosen& chosen);
void add_opencti_context(Command& opencti, Chosen& chosen);
void add_opencti_query(Command& opencti, Chosen& chosen);
void add_opencti_sighting(Command& opencti, Chosen& chosen);
void add_opencti_stream(Command& opencti, Chosen& chosen);
void add_opencti_whoami(Command& opencti, Chosen& chosen);

// Which OpenCTI, and how long one command may take: 60 s if not given.
inline constexpr EndpointWords kOpenctiWords = {
    "opencti", "OpenCTI", "token", "Give up after this time, such as 30s (default 60s)", 60000};
struct OpenctiFlags : EndpointFlags {
  OpenctiFlags() : EndpointFlags(kOpenctiWords) {}
};

// `--max-marking` and `--withhold`: what may be written into TheHive.
void add_marking_options(Command& command, std::string& max_marking,
                         std::vector<std::string>& withhold);

// A client with the connection it uses.
struct OpenctiLink {
  http::Client http;
  opencti::Client client;
  OpenctiLink(const http::ClientOptions& options, opencti::Endpoint endpoint)
      : http(options), client(http, std::move(endpoint)) {}
};
Result<std::unique_ptr<OpenctiLink>> connect_opencti(Env& env, const OpenctiFlags& flags);

// The alert or case of TheHive that a verb works on, and which TheHive.
struct TargetChoice {
  profile::Flags flags;
  std::string case_name, alert;  // one of them, or none
  void add_to(Command& command);
  bool given() const { return !case_name.empty() || !alert.empty(); }
};

// A client of TheHive with the connection it uses.
struct TheHiveLink {
  http::Client http;
  thehive::Client client;
  TheHiveLink(const http::ClientOptions& options, thehive::Endpoint endpoint)
      : http(options), client(http, std::move(endpoint)) {}
};
Result<std::unique_ptr<TheHiveLink>> connect_thehive(Env& env, const TargetChoice& choice);
Result<context::Target> read_target(thehive::Client& client, const TargetChoice& choice,
                                    const Deadline& deadline);

}  // namespace socbridge::socctl
