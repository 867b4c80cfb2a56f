// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>
#include <vector>

#include "base/secret.h"
#include "http/key_log.h"
#include "socctl/common/app.h"

int main(int argc, char** argv) {
  socbridge::disable_core_dumps();
  socbridge::http::forget_key_log();
  try {
    const std::vector<std::string> args(argv + 1, argv + argc);
    return static_cast<int>(socbridge::socctl::run(args));
  } catch (const std::exception& error) {  // such as out of memory
    socbridge::socctl::write_err(std::string("socctl: internal error: ") + error.what() + "\n");
    return static_cast<int>(socbridge::ExitCode::failure);
  }
}
