// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/time.h"
#include "http/client.h"
#include "setup/step.h"

namespace socbridge::setup {

struct OpenctiSetup {
  std::string url;                 // as configured: with or without base path
  Secret admin_key;                // token of an administrator
  std::string name = "socbridge";  // of the role, the group and the stream
  std::string email = "socbridge@opencti.local";
  bool sightings = false;  // for `opencti sighting`: also KNOWLEDGE_KNUPDATE
  std::vector<std::string> markings = {"TLP:AMBER", "PAP:AMBER"};  // the highest of each type
  std::string key_file;                                            // file for the user's token
  bool renew_key = false;  // create a new token even if the user has one
};

// The capabilities of the role, sorted.
std::vector<std::string> opencti_capabilities(const OpenctiSetup& setup);
// The live stream's filter: indicators with STIX patterns, as OpenCTI stores it.
std::string stream_filters();

// The requirements of socbridge in OpenCTI 6.8, in order: version, administrator, role, group,
// user, key, stream. Only reads; the actions of the steps write. They use `env`, `http` and
// `deadline`, which must outlive them. Not thread safe.
std::vector<Step> plan_opencti(Env& env, http::Client& http, const OpenctiSetup& setup,
                               const Deadline& deadline);

}  // namespace socbridge::setup
