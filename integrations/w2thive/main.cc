// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "base/version.h"
#include "intake/intake.h"
#include "intake/process.h"

namespace {

constexpr std::string_view kUsage =
    "usage: custom-w2thive ALERT_FILE [API_KEY [HOOK_URL [debug [OPTIONS_FILE [TIMEOUT "
    "[RETRIES]]]]]]\n"
    "Wazuh's integratord runs it once per alert: put it into the integrations folder of Wazuh and "
    "a\n"
    "block of its name into ossec.conf. To try an alert manually use `socctl alert`.";

}  // namespace

int main(int argc, char** argv) {
  using namespace socbridge;
  intake::prepare_process();
  const intake::OwnArguments arguments(argc, argv);
  const std::vector<std::string_view> args = arguments.views();
  if (args.empty()) {
    intake::print_line(STDERR_FILENO, kUsage);
    return static_cast<int>(ExitCode::usage);
  }
  if (args.size() == 1 && (args[0] == "--help" || args[0] == "-h")) {
    intake::print_line(STDOUT_FILENO, kUsage);
    return 0;
  }
  if (args.size() == 1 && args[0] == "--version") {
    intake::print_line(STDOUT_FILENO, std::string("custom-w2thive ") + kVersion);
    return 0;
  }
  const intake::IntakeResult result = intake::run_intake(Env::real(), args);
  if (!result.line.empty()) intake::print_line(STDOUT_FILENO, result.line);
  return static_cast<int>(result.code);
}
