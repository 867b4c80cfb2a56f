// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "base/named_file.h"
#include "base/text.h"
#include "config/error_list.h"
#include "expectation/compare.h"
#include "expectation/test_file.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/wazuh_access.h"
#include "socctl/config/verbs.h"
#include "wazuh/alert_stream.h"

namespace socbridge::socctl {
namespace {

using expectation::TestCase;
using expectation::TestResult;

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

struct Options {
  std::string file;
  MappingFlags mapping;
  std::string output;
};

// Relative names are relative to the folder of the test file.
std::string beside(const std::string& file, const std::string& name) {
  const std::size_t slash = file.rfind('/');
  if (name.empty() || name.front() == '/' || slash == std::string::npos) return name;
  return file.substr(0, slash + 1) + name;
}

// The single alert of a file, or of the test itself.
Result<wazuh::Alert> alert_of(Env& env, const TestCase& test, const std::string& file) {
  if (test.alert_file.empty()) return wazuh::parse_wazuh_alert(test.alert_json);
  const std::string path = beside(file, test.alert_file);
  std::vector<std::string> found;
  const Status read = wazuh::for_each_alert(
      env, path, [&](std::string_view raw, std::size_t) { found.emplace_back(raw); });
  if (!read.ok()) return read;
  if (found.size() != 1) {
    return Status::error(
        ExitCode::bad_input,
        printable(path) + " holds " + std::to_string(found.size()) + " alerts instead of one");
  }
  return wazuh::parse_wazuh_alert(found.front());
}

TestResult run_one(Env& env, const TestCase& test, const std::string& file,
                   const mapping::Options& mapping) {
  TestResult result;
  result.name = test.name;
  const auto alert = alert_of(env, test, file);
  if (!alert.ok()) {
    result.error = alert.status().line();
    return result;
  }
  const mapping::Mapped mapped = mapping::map(*alert, mapping, wall_now_ms(), true);
  result.differences = expectation::compare(test.expected, mapped);
  return result;
}

std::string json_of(const TestResult& result) {
  json::Writer w;
  w.begin_object();
  w.member("test", result.name);
  w.member("passed", result.passed());
  if (!result.error.empty()) w.member("error", result.error);
  w.key("differences");
  w.begin_array();
  for (const expectation::Difference& one : result.differences) {
    w.begin_object();
    w.member("field", one.field);
    w.member("wanted", one.wanted);
    w.member("got", one.got);
    w.member("rule", one.rule);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

// One record per test; for people and plain output one line per difference.
void print(term::Records& records, const TestResult& result) {
  const term::Cell state = result.passed() ? term::Cell{"passed", term::Style::green}
                                           : term::Cell{"failed", term::Style::red};
  if (result.differences.empty()) {
    records.add({{result.name}, state, {}, {}, {}, {result.error}}, json_of(result));
    return;
  }
  const bool is_json =
      records.format() != term::Format::table && records.format() != term::Format::plain;
  const std::string json = is_json ? json_of(result) : std::string();
  for (const expectation::Difference& one : result.differences) {
    records.add({{result.name}, state, {one.field}, {one.wanted}, {one.got}, {one.rule}}, json);
    if (is_json) return;
  }
}

// Empty: no errors. A missing file is an error, as with --config.
std::vector<Status> read_tests(const std::string& file, expectation::TestFile& tests) {
  const auto text = read_all_named(file, kMaxBytes);
  if (text.ok()) return config::shown_errors(expectation::read_test_file(*text, file, tests));
  const int error = text.status().sys_errno();
  if (error != ENOENT && error != ENOTDIR) return {text.status()};
  return {Status::error(ExitCode::usage, text.status().message(), text.status().hint())};
}

ExitCode run_test(const Options& options, Context& context) {
  const bool as_junit = options.output == "junit";
  const auto format = output_format(as_junit ? "json" : options.output);
  if (!format.ok()) return fail(format.status());
  expectation::TestFile tests;
  ExitCode code = ExitCode::ok;
  for (const Status& error : read_tests(options.file, tests)) code = fail(error);
  if (code != ExitCode::ok) return code;

  MappingFlags flags = options.mapping;
  if (flags.config_file.empty() && !tests.config.empty()) {
    flags.config_file = beside(options.file, tests.config);
  }
  std::vector<std::string> files;
  for (const TestCase& test : tests.tests) {
    if (!test.alert_file.empty()) files.push_back(beside(options.file, test.alert_file));
  }
  if (const Status in = enter_wazuh(context.env, flags.named(std::move(files))); !in.ok()) {
    return fail(in);
  }
  const auto loaded = flags.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  if (const Status bad = first_error(*loaded); !bad.ok()) return fail(bad);

  std::vector<TestResult> results;
  for (const TestCase& test : tests.tests) {
    results.push_back(run_one(context.env, test, options.file, loaded->settings.mapping));
  }
  if (as_junit) {
    write_out(expectation::junit(options.file, results));
  } else {
    term::Records records(*format, context.out, {"TEST", "STATE", "FIELD", "WANTED", "GOT", "RULE"},
                          write_out);
    for (const TestResult& result : results) print(records, result);
    records.finish();
  }
  const auto failed = std::count_if(results.begin(), results.end(),
                                    [](const TestResult& one) { return !one.passed(); });
  if (failed == 0) return ExitCode::ok;
  return fail(Status::error(
      ExitCode::failure,
      std::to_string(failed) + " of " + std::to_string(results.size()) + " tests failed"));
}

}  // namespace

void add_config_test(Command& config, Chosen& chosen) {
  Command* command = config.add_subcommand(
      "test", "Map alerts and compare the results with those in a file of tests");
  auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "Tests: JSON with comments; - is standard input")
      ->type_name("FILE")
      ->required();
  options->mapping.add_to(*command);
  add_output_option(*command, options->output, {"junit"});
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_test(*options, context); };
  });
}

}  // namespace socbridge::socctl
