// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/joined.h"
#include "json/writer.h"
#include "socctl/common/app.h"
#include "socctl/common/command.h"
#include "socctl/common/help_topics.h"

namespace socbridge::socctl {
namespace {

constexpr const char* kExitCodes = "exit-codes";  // the only topic without a page

std::string topics() {
  std::vector<std::string_view> names = help_topics::names();
  names.emplace_back(kExitCodes);
  std::sort(names.begin(), names.end());
  return joined(names);
}

constexpr std::array kCodes = {ExitCode::ok,        ExitCode::failure, ExitCode::usage,
                               ExitCode::degraded,  ExitCode::auth,    ExitCode::unreachable,
                               ExitCode::bad_input, ExitCode::refused, ExitCode::interrupted};

ExitCode print_exit_codes(const std::string& output, Context& context) {
  const auto format = output_format(output);
  if (!format.ok()) return fail(format.status());
  term::Records records(*format, context.out, {"CODE", "NAME", "MEANING"}, write_out);
  for (const ExitCode code : kCodes) {
    const int number = static_cast<int>(code);
    json::Writer w;
    w.begin_object();
    w.member("code", number);
    w.member("name", exit_code_name(code));
    w.member("meaning", exit_code_meaning(code));
    w.end_object();
    records.add({{std::to_string(number)}, {exit_code_name(code)}, {exit_code_meaning(code)}},
                std::move(w).take());
  }
  records.finish();
  return ExitCode::ok;
}

ExitCode print_help(const Command& app, const std::vector<std::string>& words) {
  const Command* at = &app;
  for (const std::string& word : words) {
    at = at->child(word);
    if (at == nullptr) {
      return fail(Status::error(ExitCode::usage, "there is no command or topic of that name",
                                "see socctl --help; the topics are " + topics()));
    }
  }
  write_out(help_of(*at));
  return ExitCode::ok;
}

}  // namespace

void add_help(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand("help", "Help on a command, or on a topic");
  auto words = std::make_shared<std::vector<std::string>>();
  auto output = std::make_shared<std::string>();
  command->add_option("topic", *words, "The words of a command, or a topic: " + topics())
      ->type_name("WORD");
  add_output_option(*command, *output);
  command->callback([&app, &chosen, words, output] {
    chosen.handler = [&app, words, output](Context& context) {
      if (words->size() == 1 && words->front() == kExitCodes) {
        return print_exit_codes(*output, context);
      }
      const std::string_view page =
          words->size() == 1 ? help_topics::text(words->front()) : std::string_view();
      if (!page.empty()) {
        write_out(std::string(page));
        return ExitCode::ok;
      }
      return print_help(app, *words);
    };
  });
}

}  // namespace socbridge::socctl
