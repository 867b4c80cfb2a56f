// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::intake {

// Sets up this process as a child of integratord (docs/protocols/wazuh.md, "Process environment",
// "Output pipe"): descriptors 0 to 2 are open (on /dev/null if they were not, so that no file of
// ours gets them), SIGPIPE is ignored, files are private (umask 077), no core dumps. Inherited
// descriptors and SIGHUP are unchanged.
void prepare_process();

// A copy of argv[1..]. The originals from argv[2] on are wiped, so that the key disappears from
// /proc/PID/cmdline; the destructor wipes the copies.
class OwnArguments {
 public:
  OwnArguments(int argc, char** argv);
  OwnArguments(const OwnArguments&) = delete;
  OwnArguments& operator=(const OwnArguments&) = delete;
  ~OwnArguments();
  std::vector<std::string_view> views() const;

 private:
  std::vector<std::string> copies_;
};

// Writes one complete line to a descriptor; a closed reader is not an error.
void print_line(int fd, std::string_view line);

}  // namespace socbridge::intake
