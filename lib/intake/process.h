// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::intake {

// Makes this process what a child of integratord should be (docs/protocols/wazuh.md, "Process
// environment", "Output pipe"): descriptors 0 to 2 are open (on /dev/null if they were not, so that
// no file of ours lands there), SIGPIPE is ignored, files are private (umask 077), no core dumps.
// Inherited descriptors and SIGHUP stay as they are.
void prepare_process();

// The arguments argv[1..], copied. The originals from argv[2] on are wiped, so that the key is no
// longer in /proc/PID/cmdline; the copies are wiped when this ends.
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

// One whole line to a descriptor; a reader that is gone is no error.
void print_line(int fd, std::string_view line);

}  // namespace socbridge::intake
