// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "base/version.h"
#include "json/writer.h"
#include "socctl/common/command.h"
#include "socctl/common/components.h"

namespace socbridge::socctl {
namespace {

struct Options {
  bool components = false;
  std::string output;
};

ExitCode print_version(term::Format format, Context& context) {
  if (format == term::Format::automatic) {
    write_out(std::string("socctl ") + kVersion + " (" + kBuildInfo + ")\n");
    return ExitCode::ok;
  }
  term::Records records(format, context.out, {"VERSION", "BUILD"}, write_out);
  json::Writer w;
  w.begin_object();
  w.member("version", kVersion);
  w.member("build", kBuildInfo);
  w.end_object();
  records.add({{kVersion}, {kBuildInfo}}, std::move(w).take());
  records.finish();
  return ExitCode::ok;
}

ExitCode print_components(term::Format format, Context& context) {
  term::Records records(format, context.out, {"NAME", "VERSION", "PACKAGE", "LICENCE", "IN"},
                        write_out);
  for (const Component& one : components()) {
    json::Writer w;
    w.begin_object();
    w.member("name", one.name);
    w.member("version", one.version);
    w.member("package", one.package);
    w.member("licence", one.licence);
    w.key("programs");
    w.begin_array();
    std::string_view rest = one.programs;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      w.value(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    w.end_array();
    w.end_object();
    records.add({{one.name}, {one.version}, {one.package}, {one.licence}, {one.programs}},
                std::move(w).take());
  }
  records.finish();
  return ExitCode::ok;
}

}  // namespace

void add_version(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand("version", "Print the version and how it was built");
  auto options = std::make_shared<Options>();
  command->add_flag("--components", options->components,
                    "The libraries in the executables of this build, with version and licence");
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) {
      const auto format = output_format(options->output);
      if (!format.ok()) return fail(format.status());
      return options->components ? print_components(*format, context)
                                 : print_version(*format, context);
    };
  });
}

}  // namespace socbridge::socctl
