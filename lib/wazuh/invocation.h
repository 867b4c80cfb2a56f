// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace socbridge::wazuh {

// The arguments of integratord (docs/protocols/wazuh.md, "Arguments"; 4.2 to 4.14). A position is
// trusted only if its content confirms it, because a blank inside a value shifts all later
// arguments.
struct Invocation {
  std::string alert_file;  // empty: integratord could not write it (1.8), or no arguments
  Secret key;              // api_key, may be empty
  std::string hook_url;    // may be empty
  bool debug = false;
  std::string options_file;  // may be empty
  int timeout_s = 10;        // seconds, 1 to 3600
  int retries = 3;
  bool no_arguments = false;  // started manually
  std::vector<std::string>
      remarks;  // signs of shifted arguments, one printable line each, without values
};

// `args` are argv[1..]. Never fails: values that are not recognised keep their default and give a
// remark.
Invocation parse_invocation(const std::vector<std::string_view>& args);

// Absolute path of this executable: /proc/self/exe, or without /proc the path that the kernel was
// asked to run; never argv[0]. Empty if neither is known. The result is cached by the first call,
// which must come before any change of the working directory. Thread-safe.
const std::string& own_path();

// The Wazuh home: $SOCBRIDGE_WAZUH_HOME if that is an absolute path; else the parent of the
// `integrations` folder that contains own_path(); else /var/ossec. Never the working directory,
// which any user may have prepared. Without a trailing slash. home_access.h checks whether it may
// be trusted.
std::string find_home();

// The integration's name: the executable's own file name, e.g. custom-w2thive.
std::string own_name();

}  // namespace socbridge::wazuh
