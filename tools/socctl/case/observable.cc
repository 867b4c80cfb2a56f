// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>

#include "base/text.h"
#include "cortex/observable_list.h"
#include "hash/file_digest.h"
#include "json/writer.h"
#include "observable/detect.h"
#include "socctl/common/thehive_session.h"
#include "socctl/observable/type_option.h"
#include "thehive/observable_files.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string case_info, type = "auto", tlp, pap, message, output;
  std::vector<std::string> values, files, tags;
  TargetFlags target;
  bool ioc = false, dry_run = false;
};

// Values of the command line, with lines of standard input for `-`.
Result<std::vector<std::string>> gather(Env& env, const std::vector<std::string>& given) {
  constexpr std::size_t kMost = std::size_t{16} << 20;
  std::vector<std::string> out;
  for (const std::string& value : given) {
    if (value != "-") {
      out.push_back(value);
      continue;
    }
    const auto text = env.read_all(STDIN_FILENO, kMost);
    if (!text.ok()) return text.status();
    for (const std::string_view line : split(*text, '\n')) {
      const std::string_view one = trim(line);
      if (!one.empty() && one.front() != '#') out.emplace_back(one);
    }
  }
  return out;
}

std::string json_of(const std::string& type, const std::string& value, const char* result,
                    const std::string& why, const std::string& object) {
  json::Writer w;
  w.begin_object();
  w.member("dataType", type);
  w.member("value", value);
  w.member("result", result);
  if (!why.empty()) w.member("reason", why);
  if (!object.empty()) {
    w.key("observable");
    w.raw(object);
  }
  w.end_object();
  return std::move(w).take();
}

class Adding {
 public:
  // `type`: the data type of --type.
  Adding(const Options& options, std::string type, term::Format format, Context& context)
      : options_(options),
        type_(std::move(type)),
        records_(format, context.out, {"TYPE", "VALUE", "RESULT", "OBSERVABLE"}, write_out) {}

  // The values of the files of `-f`, in any supported format.
  Status read_files(Env& env, int tlp, int pap, std::vector<thehive::Observable>& out) {
    constexpr std::size_t kMost = std::size_t{16} << 20;
    for (const std::string& file : options_.files) {
      const auto text = env.read_file(file, kMost);
      if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
      const auto list = cortex::read_input(*text, type_);
      if (!list.ok()) return list.status();
      for (const cortex::InputError& error : list->errors) {
        refuse("?", file + ":" + std::to_string(error.line), error.status.line());
      }
      for (const observable::Observable& seen : list->observables) {
        out.push_back(made_of(seen, tlp, pap));
      }
    }
    return {};
  }

  // Parses the values; invalid ones are printed as refused and left out.
  std::vector<thehive::Observable> read(const std::vector<std::string>& values, int tlp, int pap) {
    std::vector<thehive::Observable> out;
    for (const std::string& value : values) {
      const auto seen = observable::read_as(type_, value);
      if (!seen.ok()) {
        refuse(type_ == "auto" ? "?" : type_, value, seen.status().line());
        continue;
      }
      out.push_back(made_of(*seen, tlp, pap));
    }
    return out;
  }

  void would_add(const std::vector<thehive::Observable>& wanted,
                 const std::vector<thehive::ObservableInfo>& present) {
    for (const thehive::Observable& one : wanted) {
      const auto there = std::find_if(present.begin(), present.end(), [&](const auto& p) {
        return p.data_type == one.data_type && p.data == one.data;
      });
      if (there != present.end()) {
        row(one.data_type, one.data, "present", {}, *there);
      } else {
        row(one.data_type, one.data, "would add", {}, {});
      }
    }
  }

  void would_add_file(const std::string& path,
                      const std::optional<thehive::ObservableInfo>& there) {
    row("file", path, there ? "present" : "would add", {},
        there.value_or(thehive::ObservableInfo()));
  }
  void done(const thehive::FileAdded& added, const std::string& path) {
    row("file", path, added.present ? "present" : "added", {}, added.observable);
  }
  void refused_file(const std::string& path, const Status& why) {
    refuse("file", path, why.line());
  }

  void done(const thehive::ObservablesAdded& added) {
    for (const auto& one : added.created) row(one.data_type, one.text(), "added", {}, one);
    for (const auto& one : added.present) row(one.data_type, one.text(), "present", {}, one);
    for (const auto& [one, why] : added.refused) refuse(one.data_type, one.data, why);
  }

  ExitCode finish() {
    records_.finish("Nothing to add.");
    if (refused_ == 0) return ExitCode::ok;
    return refused_ == records_.count() ? ExitCode::refused : ExitCode::degraded;
  }

 private:
  thehive::Observable made_of(const observable::Observable& seen, int tlp, int pap) const {
    thehive::Observable one;
    one.data_type = seen.type;
    one.data = seen.value;
    one.message = options_.message;
    one.tags = options_.tags;
    one.tlp = tlp;
    one.pap = pap;
    one.ioc = options_.ioc;
    return one;
  }
  void refuse(const std::string& type, const std::string& value, const std::string& why) {
    ++refused_;
    records_.add({{type}, {value, term::Style::bold}, {"refused: " + why, term::Style::red}, {""}},
                 json_of(type, value, "refused", why, {}));
  }
  void row(const std::string& type, const std::string& value, const char* result,
           const std::string& why, const thehive::ObservableInfo& info) {
    const bool is_new = std::string_view(result) == "added";
    records_.add({{type},
                  {value, term::Style::bold},
                  {result, is_new ? term::Style::green : term::Style::none},
                  {info.id, term::Style::dim}},
                 json_of(type, value, result, why, info.json));
  }

  const Options& options_;
  std::string type_;
  term::Records records_;
  std::size_t refused_ = 0;
};

// Time for all files: at 64 KiB per second, and an extra time for each.
std::int64_t files_ms(const std::vector<thehive::Observable>& files) {
  constexpr std::int64_t kBytesPerMs = 64;
  std::int64_t ms = 0;
  for (const thehive::Observable& one : files) {
    const auto info = Env::real().stat(one.data);
    ms += kTimeoutMs + (info.ok() ? static_cast<std::int64_t>(info->size) / kBytesPerMs : 0);
  }
  return ms;
}

bool is_file(const thehive::Observable& one) { return one.data_type == "file"; }

// The case for files, and whether they are added at all.
struct FileTarget {
  Env& env;
  thehive::Client& client;
  const thehive::Subject& subject;
  bool dry_run = false;
};

// The error of one file is printed, like that of a value; an error that affects all is returned.
Status add_files(const FileTarget& to, const std::vector<thehive::Observable>& files,
                 Adding& adding, const Deadline& deadline) {
  for (const thehive::Observable& one : files) {
    if (to.dry_run) {
      const auto sha256 = sha256_of_file(to.env, one.data);
      if (!sha256.ok()) {
        adding.refused_file(one.data, sha256.status());
        continue;
      }
      const auto found = thehive::find_file(to.client, to.subject, *sha256, deadline);
      if (!found.ok()) return found.status();
      adding.would_add_file(one.data, *found);
      continue;
    }
    const auto added = thehive::add_file(to.env, to.client, to.subject, one, deadline);
    if (added.ok()) {
      adding.done(*added, one.data);
    } else if (added.status().code() == ExitCode::refused ||
               added.status().code() == ExitCode::usage) {
      adding.refused_file(one.data, added.status());
    } else {
      return added.status();
    }
  }
  return {};
}

struct Levels {
  int tlp = 0, pap = 0;
};

// Those of the case, unless options say others.
Result<Levels> levels_of(const Options& options, TheHive& hive, const thehive::CaseInfo& case_info,
                         const Deadline& deadline) {
  Levels out{case_info.tlp, case_info.pap};
  if (!options.tlp.empty()) {
    const auto level = tlp_option("--tlp", options.tlp, hive.five_levels(deadline));
    if (!level.ok()) return level.status();
    out.tlp = *level;
  }
  if (!options.pap.empty()) {
    const auto level = thehive::parse_pap(options.pap);
    if (!level) {
      return Status::error(ExitCode::usage,
                           "--pap: \"" + printable(options.pap, 40) + "\" is not a PAP",
                           "known are clear, green, amber, red");
    }
    out.pap = *level;
  }
  return out;
}

ExitCode run_add(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto values = gather(context.env, options.values);
  if (!values.ok()) return fail(values.status());
  if (options.values.empty() && options.files.empty()) {
    return fail(Status::error(ExitCode::usage, "there is nothing to add",
                              "give values, -f FILE, or - for standard input"));
  }
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  constexpr std::int64_t kPerValueMs = 200;
  const Deadline deadline =
      Deadline::after_ms(kTimeoutMs + kPerValueMs * static_cast<std::int64_t>(values->size()));
  const auto case_info = thehive::get_case(hive->client(), options.case_info, deadline);
  if (!case_info.ok()) return fail(case_info.status());
  const auto levels = levels_of(options, *hive, *case_info, deadline);
  if (!levels.ok()) return fail(levels.status());
  auto type = type_option(hive->client(), options.type, deadline);
  // Without --dry-run TheHive itself reports why it refuses a value.
  if (!type.ok() && options.dry_run) return fail(type.status());
  Adding adding(options, type.ok() ? *type : options.type, *format, context);
  auto wanted = adding.read(*values, levels->tlp, levels->pap);
  if (const Status bad = adding.read_files(context.env, levels->tlp, levels->pap, wanted);
      !bad.ok()) {
    return fail(bad);
  }
  std::vector<thehive::Observable> files;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(files), is_file);
  std::erase_if(wanted, is_file);
  const auto subject = thehive::Subject::of_case(case_info->id);
  if (options.dry_run) {
    const auto present = thehive::list_observables(hive->client(), subject, deadline);
    if (!present.ok()) return fail(present.status());
    adding.would_add(wanted, *present);
    const Status looked =
        add_files({context.env, hive->client(), subject, true}, files, adding, deadline);
    const ExitCode code = adding.finish();
    return looked.ok() ? code : fail(looked);
  }
  const auto added = thehive::add_observables(hive->client(), subject, wanted, deadline);
  if (!added.ok()) {
    (void)adding.finish();
    return fail(added.status());
  }
  adding.done(*added);
  const Status sent = add_files({context.env, hive->client(), subject}, files, adding,
                                Deadline::after_ms(files_ms(files)));
  const ExitCode code = adding.finish();
  return sent.ok() ? code : fail(sent);
}

void add_add(Command& parent, Chosen& chosen) {
  Command* command =
      parent.add_subcommand("add", "Add observables to a case; existing ones are not changed");
  auto options = std::make_shared<Options>();
  command->add_option("case", options->case_info, "Number (42) or id (~123)")
      ->type_name("CASE")
      ->required();
  command
      ->add_option(
          "values", options->values,
          "Values, defanged ones too; @PATH, ./PATH or /PATH for a file; - reads one per line from "
          "standard input")
      ->type_name("VALUE");
  command
      ->add_option("-f,--file", options->files,
                   "List of values: lines, CSV, JSON Lines, STIX, MISP or OTX; repeatable")
      ->type_name("FILE")
      ->one_value_each();
  command
      ->add_option(
          "--type", options->type,
          "Data type: auto (default), ip, domain, fqdn, url, hash, mail, file, other, …; words "
          "from lists such as IPv4 and md5 are accepted too")
      ->type_name("DATATYPE");
  command->add_option("--tlp", options->tlp, "TLP of the observables (default: that of the case)")
      ->type_name("LEVEL");
  command->add_option("--pap", options->pap, "PAP of the observables (default: that of the case)")
      ->type_name("LEVEL");
  command->add_option("--message", options->message, "Message of the observables")
      ->type_name("TEXT");
  command->add_option("--tag", options->tags, "Tag of the observables; repeatable")
      ->type_name("TAG")
      ->one_value_each();
  command->add_flag("--ioc", options->ioc, "Mark them as indicators of compromise");
  command->add_flag("--dry-run", options->dry_run, "Print what would be added, add nothing");
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_add(*options, context); };
  });
}

}  // namespace

void add_case_observable(Command& parent, Chosen& chosen) {
  Command* command = parent.add_subcommand("observable", "Change the observables of a case");
  command->require_subcommand(1);
  add_add(*command, chosen);
}

}  // namespace socbridge::socctl
