// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/command.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "base/text.h"
#include "term/safe_output.h"

namespace socbridge::socctl {

void add_output_option(Command& command, std::string& target,
                       std::initializer_list<const char*> further) {
  std::string names = "table, plain, json, jsonl";
  std::string last = "yaml";
  for (const char* name : further) {
    names += ", " + std::exchange(last, name);
  }
  command
      .add_option("-o,--output", target,
                  "Output format: " + names + " or " + last +
                      " (default: table on a terminal, plain in a pipe)")
      ->type_name("FORMAT");
}

Result<term::Format> output_format(const std::string& text) {
  if (text.empty()) return term::Format::automatic;
  return term::parse_format(text);
}

void write_out(std::string_view text) {
  const std::string safe = term::safe_output(text);
  std::fwrite(safe.data(), 1, safe.size(), stdout);
}

Status flush_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  return Status::error(ExitCode::failure, "cannot write the output");
}

void write_err(std::string_view text) {
  const std::string safe = term::safe_output(text);
  std::fwrite(safe.data(), 1, safe.size(), stderr);
}

ExitCode fail(const Status& status) {
  std::fflush(stdout);
  write_err("socctl: " + printable(status.line(), SIZE_MAX) + "\n");
  return status.code();
}

void warn(std::string_view text) {
  std::fflush(stdout);
  write_err("socctl: warning: " + printable(text, SIZE_MAX) + "\n");
}

}  // namespace socbridge::socctl
