// SPDX-License-Identifier: Apache-2.0
// socctl's own config.json.
#include <algorithm>

#include "analysis/read_settings.h"
#include "base/text.h"
#include "config/check.h"
#include "config/error_list.h"
#include "context/connector_report.h"
#include "health/job_runner/runner_config.h"
#include "health/thresholds.h"
#include "profile/config_file.h"
#include "profile/indexer.h"
#include "profile/section.h"
#include "rules/fault.h"
#include "rules/reading.h"
#include "socctl/config/verbs.h"

namespace socbridge::socctl {
namespace {

using integration::Finding;
using integration::FindingState;
using rules::Faults;
using Down = Faults::Down;

bool is_object(json::Value value, Faults& faults) {
  if (value.is_object()) return true;
  faults.add("must be an object");
  return false;
}

// The message begins with the name of the key, which is in the path already.
void check_value(const config::Key& key, json::Value value, Faults& faults) {
  const Down down(faults, key.name);
  const Status wrong = config::check(key, value);
  if (!wrong.ok()) faults.add(wrong.message().substr(key.name.size() + 1), wrong.hint());
}

void check_keys(json::Value object, const config::Schema& schema, Faults& faults) {
  if (!is_object(object, faults)) return;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const std::string_view name = object.key_at(i);
    const auto key = std::find_if(schema.begin(), schema.end(),
                                  [&](const config::Key& one) { return one.name == name; });
    if (key != schema.end()) {
      check_value(*key, object.value_at(i), faults);
      continue;
    }
    const Down down(faults, name);
    const Status wrong = config::unknown_key(schema, name);
    faults.add(wrong.message(), wrong.hint(), json::kItsName);
  }
}

// An object of such objects.
void check_each(json::Value objects, const config::Schema& schema, Faults& faults) {
  if (!is_object(objects, faults)) return;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Down down(faults, objects.key_at(i));
    check_keys(objects.value_at(i), schema, faults);
  }
}

// Of a key only the type is said.
config::Schema product_keys() {
  config::Schema keys = profile::product_schema();
  for (config::Key& key : keys) {
    if (key.name == "key") key.kind = config::Kind::secret;
  }
  return keys;
}

void check_presets(json::Value presets, Faults& faults) {
  if (!is_object(presets, faults)) return;
  for (std::size_t i = 0; i < presets.size(); ++i) {
    check_value({presets.key_at(i), config::Kind::string_list, "[]", ""}, presets.value_at(i),
                faults);
  }
}

void check_section(std::string_view name, json::Value value, Faults& faults) {
  if (name == "analysis") {
    check_keys(value, analysis::section_schema(), faults);
    const Down down(faults, "rules");
    if (value["rules"].is_object()) check_each(value["rules"], analysis::rule_schema(), faults);
  } else if (name == "connectors") {
    check_each(value, context::schedule_schema(), faults);
  } else if (name == "indices") {
    check_keys(value, profile::indices_schema(), faults);
  } else if (name == "jobs") {
    check_keys(value, health::job_runner::job_runner_schema(), faults);
  } else if (name == "presets") {
    check_presets(value, faults);
  } else {  // health: check_thresholds()
    is_object(value, faults);
  }
}

void check_root(json::Value root, Faults& faults) {
  std::vector<std::string_view> known = profile::product_names();
  const std::vector<std::string_view>& products = profile::product_names();
  known.insert(known.end(), profile::section_names().begin(), profile::section_names().end());
  for (std::size_t i = 0; i < root.size(); ++i) {
    const std::string_view name = root.key_at(i);
    const Down down(faults, name);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string_view near = nearest(name, known);
      faults.add("unknown key " + rules::quoted(name),
                 near.empty() ? "socctl config schema socctl prints what is known"
                              : "did you mean " + rules::quoted(near) + "?",
                 json::kItsName);
    } else if (std::find(products.begin(), products.end(), name) != products.end()) {
      check_keys(root.value_at(i), product_keys(), faults);
    } else {
      check_section(name, root.value_at(i), faults);
    }
  }
}

// Each mistake of one file.
std::vector<Status> errors_of(const std::string& path, const profile::ConfigFile& file) {
  Faults faults;
  check_root(file.document.root(), faults);
  std::vector<Status> errors;
  for (const rules::Fault& fault : faults.list()) {
    if (errors.size() == config::kMostErrors) break;
    errors.push_back(Status::error(ExitCode::usage,
                                   path + ":" +
                                       json::locate_value(file.text, fault.pointer, fault.offset) +
                                       ": " + rules::line_of(fault),
                                   fault.hint));
  }
  return errors;
}

void add_errors(const std::string& subject, const std::vector<Status>& errors,
                std::vector<Finding>& findings) {
  for (const Status& error : config::shown_errors(errors)) {
    findings.push_back({subject, FindingState::error, error.message(), error.hint()});
  }
}

// What is right in form may still mean nothing; of that each reader gives the first.
std::vector<Status> errors_of_readers(Env& env, const profile::SystemPaths& system) {
  std::vector<Status> errors;
  const auto add = [&](const Status& error) {
    if (!error.ok()) errors.push_back(error);
  };
  const auto section = profile::find_section(env, "analysis", {}, system);
  if (section.ok() && section->found()) {
    add(analysis::read_settings(*section, [&](std::string_view name) {
          return profile::find_preset(env, name, {}, system);
        }).status());
  }
  add(context::read_schedules(env, {}, system).status());
  add(profile::find_patterns(env, {}, system).status());
  return errors;
}

void check_thresholds(const std::string& path, profile::ConfigFile file,
                      std::vector<Finding>& findings) {
  if (!file.document.root()["health"].is_object()) return;
  profile::Section section;
  section.name = "health";
  section.path = path;
  section.text = std::move(file.text);
  section.document = std::move(file.document);
  const std::vector<Status> errors = health::Thresholds().read(section);
  add_errors("health thresholds", errors, findings);
  if (errors.empty()) findings.push_back({"health thresholds", FindingState::ok, path, ""});
}

}  // namespace

std::vector<Finding> check_own_files(Env& env) {
  constexpr const char* kSubject = "socctl configuration";
  std::vector<Finding> findings;
  const auto system = profile::SystemPaths::of_process();
  const auto files = profile::config_files(env, {}, system);
  if (!files.ok()) return {{kSubject, FindingState::error, files.status().message(), ""}};
  std::vector<Finding> thresholds;
  std::vector<std::string> fine;
  for (const std::string& path : *files) {
    auto file = profile::parse_config_file(env, path);
    if (file.ok() && file->text.empty()) continue;  // it is not there
    const std::vector<Status> errors =
        file.ok() ? errors_of(path, *file) : std::vector<Status>{file.status()};
    add_errors(kSubject, errors, findings);
    if (errors.empty()) fine.push_back(path);
    if (file.ok()) check_thresholds(path, std::move(*file), thresholds);
  }
  if (findings.empty()) add_errors(kSubject, errors_of_readers(env, system), findings);
  if (findings.empty()) {
    for (const std::string& path : fine) findings.push_back({kSubject, FindingState::ok, path, ""});
  }
  findings.insert(findings.end(), thresholds.begin(), thresholds.end());
  return findings;
}

}  // namespace socbridge::socctl
