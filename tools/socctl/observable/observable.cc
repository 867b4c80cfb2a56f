// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>

#include "base/text.h"
#include "json/writer.h"
#include "observable/detect.h"
#include "socctl/common/thehive_session.h"
#include "socctl/observable/type_option.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> values;
  std::string type, output;
  TargetFlags target;
  std::int64_t limit = 200;
};

// Where a value was seen, in the order of the arguments.
struct Place {
  std::string number, title, status;
  UnixMillis date_ms = 0;
};

Place place_of(const thehive::Sighting& one) {
  const auto document = json::Document::parse(one.owner_json);
  if (!document.ok()) return {};
  if (one.owner.kind == thehive::Subject::Kind::alert) {
    const thehive::AlertInfo alert = thehive::read_alert(document->root());
    return {alert.id, alert.title, alert.status, alert.date_ms};
  }
  const thehive::CaseInfo case_info = thehive::read_case(document->root());
  return {std::to_string(case_info.number), case_info.title, case_info.status, case_info.start_ms};
}

std::string json_of(const thehive::Sighting& one, const std::map<std::string, int>& counts) {
  json::Writer w;
  w.begin_object();
  w.member("value", one.observable.text());
  w.member("dataType", one.observable.data_type);
  w.member("kind", one.owner.kind == thehive::Subject::Kind::alert ? "alert" : "case");
  w.member("seen", counts.at(one.observable.text()));
  w.key("owner");
  w.raw(one.owner_json);
  w.key("observable");
  w.raw(one.observable.json);
  w.end_object();
  return std::move(w).take();
}

// In the form that `case observable add` writes, and as given, for values written by others.
std::vector<std::string> forms_of(const std::vector<std::string>& given) {
  std::vector<std::string> forms;
  const auto add = [&](const std::string& value) {
    if (std::find(forms.begin(), forms.end(), value) == forms.end()) forms.push_back(value);
  };
  for (const std::string& one : given) {
    const auto read = observable::detect(one);
    if (read.ok() && read->type != "file") add(read->value);
    add(one);
    // In a URL, upper and lower case are different pages.
    if (read.ok() && read->type == "url") continue;
    if (read.ok() && read->type != "file") add(ascii_lower(read->value));
    add(ascii_lower(one));
  }
  return forms;
}

void print_found(const std::vector<thehive::Sighting>& found, term::Format format,
                 Context& context) {
  std::map<std::string, int> counts;
  for (const thehive::Sighting& one : found) ++counts[one.observable.text()];
  term::Records records(
      format, context.out,
      {"VALUE", "TYPE", "SEEN", "IN", "DATE", "STATUS", "MARKS", "REPORTS", "TITLE"}, write_out);
  for (const thehive::Sighting& one : found) {
    const Place place = place_of(one);
    const bool alert = one.owner.kind == thehive::Subject::Kind::alert;
    records.add({{one.observable.text(), term::Style::bold},
                 {one.observable.data_type},
                 {std::to_string(counts[one.observable.text()])},
                 {(alert ? "alert " : "case ") + place.number},
                 {format_utc(place.date_ms)},
                 {place.status},
                 {one.observable.ioc ? "ioc" : ""},
                 taxonomy_cell(one.observable.taxonomies),
                 {place.title}},
                json_of(one, counts));
  }
  records.finish("No alert or case has it.");
}

ExitCode run_find(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  std::string type;
  if (!options.type.empty()) {
    auto meant = type_option(hive->client(), options.type, deadline);
    if (!meant.ok()) return fail(meant.status());
    if (*meant != "auto") type = std::move(*meant);
  }
  const auto found = thehive::find_value(hive->client(), forms_of(options.values), type,
                                         static_cast<std::uint64_t>(options.limit), deadline);
  if (!found.ok()) return fail(found.status());
  print_found(*found, *format, context);
  return ExitCode::ok;
}

void add_find(Command& parent, Chosen& chosen) {
  Command* command =
      parent.add_subcommand("find", "Find the alerts and cases that have an observable");
  auto options = std::make_shared<Options>();
  command
      ->add_option("values", options->values,
                   "Values, defanged ones too, with or without a port; searched as given and in "
                   "lower case")
      ->type_name("VALUE")
      ->required();
  command
      ->add_option("--type", options->type,
                   "Only observables of this data type, such as ip; IPv4 and md5 are accepted too")
      ->type_name("DATATYPE");
  command->add_option("--limit", options->limit, "Maximum number (default 200)")
      ->type_name("NUMBER")
      ->range(1, 10000);
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_find(*options, context); };
  });
}

}  // namespace

void add_observable(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand("observable", "Look observables up in TheHive");
  command->require_subcommand(1);
  add_find(*command, chosen);
}

}  // namespace socbridge::socctl
