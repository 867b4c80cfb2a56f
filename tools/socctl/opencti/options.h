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

// The OpenCTI platform, and the time limit of a command: 60 s by default.
inline constexpr EndpointWords kOpenctiWords = {"opencti", "OpenCTI", "token",
                                                "Time limit, such as 30s (default 60s)", 60000};
struct OpenctiFlags : EndpointFlags {
  OpenctiFlags() : EndpointFlags(kOpenctiWords) {}
};

// `--max-marking` and `--withhold`: limits for writing to TheHive.
void add_marking_options(Command& command, std::string& max_marking,
                         std::vector<std::string>& withhold);

// A client and its connection.
struct OpenctiLink {
  http::Client http;
  opencti::Client client;
  OpenctiLink(const http::ClientOptions& options, opencti::Endpoint endpoint)
      : http(options), client(http, std::move(endpoint)) {}
};
Result<std::unique_ptr<OpenctiLink>> connect_opencti(Env& env, const OpenctiFlags& flags);

// The alert or case of TheHive for a verb, and the TheHive server.
struct TargetChoice {
  profile::Flags flags;
  std::string case_name, alert;  // at most one of them
  void add_to(Command& command);
  bool given() const { return !case_name.empty() || !alert.empty(); }
};

// A client of TheHive and its connection.
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
