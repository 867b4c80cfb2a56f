// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "soc-sandbox/thehive/store/model.h"

namespace socbridge::sandbox {

// The organisation and the user of the command line's keys.
inline constexpr const char* kOrganisation = "sandbox";
inline constexpr const char* kUserLogin = "socbridge@sandbox.test";

// dataTypes of a fresh platform (TheHive 4.1.24, ObservableType.scala; docs/protocols/thehive.md,
// "Observables in an alert"). `username` is not one of them.
inline constexpr std::string_view kBuiltInTypes[] = {
    "autonomous-system", "domain",   "file", "filename",     "fqdn",  "hash",
    "hostname",          "ip",       "mail", "mail-subject", "other", "regexp",
    "registry",          "uri_path", "url",  "user-agent"};

std::string severity_label(int severity);
std::string tlp_label(int tlp, bool four_levels);  // four_levels: before 5.2, where 3 is RED
std::string pap_label(int pap);

bool is_alert_status(std::string_view status);
bool is_case_status(std::string_view status);
// New, InProgress, Imported or Closed.
std::string stage_of(std::string_view status);

// T1000 to T1699, with an optional sub-technique .001 to .099, instead of the imported ATT&CK
// catalogue.
bool is_known_pattern(std::string_view pattern_id);
// The kill-chain name of an enterprise tactic, such as `credential-access`.
bool is_tactic(std::string_view tactic);

}  // namespace socbridge::sandbox
