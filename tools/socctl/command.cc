#include "command.h"

#include <cstdio>
#include <utility>
#include <vector>

namespace socbridge::socctl {

void add_output_option(CLI::App& command, std::string& target,
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

void write_out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void write_err(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

ExitCode fail(const Status& status) {
  std::fflush(stdout);
  write_err("socctl: " + status.line() + "\n");
  return status.code();
}

void warn(std::string_view text) {
  std::fflush(stdout);
  write_err("socctl: warning: " + std::string(text) + "\n");
}

}  // namespace socbridge::socctl
