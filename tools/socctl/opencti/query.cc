// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include "base/named_file.h"
#include "json/indented.h"
#include "json/writer.h"
#include "opencti/variables.h"
#include "socctl/common/command.h"
#include "socctl/opencti/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  OpenctiFlags opencti;
  std::string file;
  std::vector<std::string> variables;
  std::string output;
};

Result<std::string> read_document(const std::string& file) {
  constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  auto text = read_all_named(file, kMaxBytes);
  if (!text.ok()) return Status::error(ExitCode::bad_input, text.status().message());
  return text;
}

void print(const json::Value& root, term::Format format, bool terminal) {
  switch (format) {
    case term::Format::yaml: write_out(json::to_yaml(root)); return;
    case term::Format::jsonl: write_out(root.dump() + "\n"); return;
    case term::Format::automatic:
      write_out((terminal ? json::indented(root) : root.dump()) + "\n");
      return;
    case term::Format::json:
    case term::Format::table:
    case term::Format::plain: write_out(json::indented(root) + "\n"); return;
  }
}

ExitCode run_query(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto timeout = options.opencti.timeout_ms();
  if (!timeout.ok()) return fail(timeout.status());
  const auto variables = opencti::variables_from(options.variables);
  if (!variables.ok()) return fail(variables.status());
  const auto document = read_document(options.file);
  if (!document.ok()) return fail(document.status());
  const auto link = connect_opencti(context.env, options.opencti);
  if (!link.ok()) return fail(link.status());
  const std::string what = "query " + options.file;
  // Not retried: the document may have any effect.
  const auto answer = (*link)->client.post(
      what, *document, *variables, Deadline::after_ms(*timeout), opencti::Operation::mutation);
  if (!answer.ok()) return fail(answer.status());
  print(answer->document.root(), *format, context.out.tty);
  const Status bad = opencti::errors_status(what, *answer);
  return bad.ok() ? ExitCode::ok : fail(bad);
}

}  // namespace

void add_opencti_query(Command& opencti, Chosen& chosen) {
  Command* command =
      opencti.add_subcommand("query", "Send a GraphQL document unchanged and print the answer");
  auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "GraphQL document; - is standard input")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--var", options->variables,
                   "Variable of the document; JSON or a plain string; repeatable")
      ->type_name("NAME=VALUE")
      ->one_value_each();
  options->opencti.add_to(*command);
  command
      ->add_option("-o,--output", options->output,
                   "Output format: json, jsonl (one line) or yaml (default: json)")
      ->type_name("FORMAT");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_query(*options, context); };
  });
}

}  // namespace socbridge::socctl
