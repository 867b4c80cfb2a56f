// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/version.h"
#include "json/writer.h"
#include "socctl/common/command.h"

namespace socbridge::socctl {

void add_version(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand("version", "Print the version and how it was built");
  auto output = std::make_shared<std::string>();
  add_output_option(*command, *output);
  command->callback([&chosen, output] {
    chosen.handler = [output](Context& context) {
      const auto format = output_format(*output);
      if (!format.ok()) return fail(format.status());
      if (*format == term::Format::automatic) {
        write_out(std::string("socctl ") + kVersion + " (" + kBuildInfo + ")\n");
        return ExitCode::ok;
      }
      term::Records records(*format, context.out, {"VERSION", "BUILD"}, write_out);
      json::Writer w;
      w.begin_object();
      w.member("version", kVersion);
      w.member("build", kBuildInfo);
      w.end_object();
      records.add({{kVersion}, {kBuildInfo}}, std::move(w).take());
      records.finish();
      return ExitCode::ok;
    };
  });
}

}  // namespace socbridge::socctl
