// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace socbridge::wazuh {

// What integratord handed over (docs/protocols/wazuh.md, "Arguments"; 4.2 to 4.14). Positions are
// trusted only as far as content confirms them, since a blank inside a value shifts everything
// behind it.
struct Invocation {
  std::string alert_file;  // empty: integratord could not write it (1.8), or no arguments at all
  Secret key;              // api_key, may be empty
  std::string hook_url;    // may be empty
  bool debug = false;
  std::string options_file;  // may be empty
  int timeout_s = 10;        // seconds, 1 to 3600
  int retries = 3;
  bool no_arguments = false;  // started by hand
  std::vector<std::string>
      remarks;  // what looked shifted or odd, one printable line each, no values
};

// `args` are argv[1..]. Never fails: what cannot be recognised is left at its default and remarked.
Invocation parse_invocation(const std::vector<std::string_view>& args);

// Path of this executable, absolute: /proc/self/exe, or without /proc what the kernel was asked to
// run; argv[0] is not a path. Empty if neither is known. The first call finds it, so it comes
// before any change of the working directory. Safe from several threads.
const std::string& own_path();

// The Wazuh home folder: $SOCBRIDGE_WAZUH_HOME if that is an absolute path; else the parent of the
// `integrations` folder that own_path() stands in; else /var/ossec. Never the working directory,
// which any user may have prepared. Without a trailing slash. home_access.h checks whether it may
// be trusted.
std::string find_home();

// The integration's name: the executable's own file name, e.g. custom-w2thive.
std::string own_name();

}  // namespace socbridge::wazuh
