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
#include "json/duplicate_keys.h"
#include "profile/config_file.h"
#include "profile/indexer.h"
#include "profile/offers.h"
#include "profile/section.h"
#include "rules/fault.h"
#include "rules/reading.h"
#include "socctl/config/own_meaning.h"
#include "socctl/config/verbs.h"

namespace socbridge::socctl {
namespace {

using integration::Finding;
using integration::FindingState;
using rules::Faults;
using Scope = Faults::Scope;

bool is_object(json::Value value, Faults& faults) {
  if (value.is_object()) return true;
  faults.add("must be an object");
  return false;
}

// Calls `each` for the members of an object; for repeated names only for the first.
template <class Each>
void for_members(json::Value object, Faults& faults, const Each& each) {
  if (!is_object(object, faults)) return;
  json::DuplicateKeyFilter names(object);
  for (std::size_t i = 0; i < object.size(); ++i) {
    const Scope down(faults, object.key_at(i));
    if (names.is_first(i)) {
      each(object.key_at(i), object.value_at(i));
    } else {
      faults.add("is given twice", "remove one of them", json::kItsName);
    }
  }
}

// Messages begin with the name of the key, which is already in the path.
void check_value(const config::Key& key, json::Value value, Faults& faults) {
  const Status wrong = config::check(key, value);
  if (!wrong.ok()) faults.add(wrong.message().substr(key.name.size() + 1), wrong.hint());
}

void check_keys(json::Value object, const config::Schema& schema, Faults& faults) {
  for_members(object, faults, [&](std::string_view name, json::Value value) {
    const auto key = std::find_if(schema.begin(), schema.end(),
                                  [&](const config::Key& one) { return one.name == name; });
    if (key != schema.end()) {
      check_value(*key, value, faults);
      return;
    }
    const Status wrong = config::unknown_key(schema, name);
    faults.add(wrong.message(), wrong.hint(), json::kItsName);
  });
}

// Checks an object of such objects.
void check_each(json::Value objects, const config::Schema& schema, Faults& faults) {
  for_members(objects, faults,
              [&](std::string_view, json::Value object) { check_keys(object, schema, faults); });
}

// The keys of a product; only their types are checked.
config::Schema product_keys() {
  config::Schema keys = profile::product_schema();
  for (config::Key& key : keys) {
    if (key.name == "key") key.kind = config::Kind::secret;
  }
  return keys;
}

void check_product(std::string_view name, json::Value value, Faults& faults) {
  check_keys(value, product_keys(), faults);
  if (const std::string url = value["url"].string_text(); !url.empty()) {
    const Scope down(faults, "url");
    const auto urls = profile::read_urls(name, url);
    if (!urls.ok()) faults.add(urls.status().message(), urls.status().hint());
  }
  for (const profile::ProductError& error : profile::check_product(value)) {
    const Scope down(faults, error.key);
    faults.add(error.status.message(), error.status.hint());
  }
}

void check_presets(json::Value presets, Faults& faults) {
  for_members(presets, faults, [&](std::string_view name, json::Value value) {
    check_value({name, config::Kind::string_list, "[]", ""}, value, faults);
  });
}

void check_section(std::string_view name, json::Value value, Faults& faults) {
  if (name == "analysis") {
    check_keys(value, analysis::section_schema(), faults);
    const Scope down(faults, "rules");
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
  for_members(root, faults, [&](std::string_view name, json::Value value) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string_view near = nearest(name, known);
      faults.add("unknown key " + quoted(name),
                 near.empty() ? "socctl config schema socctl prints the known keys"
                              : "did you mean " + quoted(near) + "?",
                 json::kItsName);
    } else if (std::find(products.begin(), products.end(), name) != products.end()) {
      check_product(name, value, faults);
    } else {
      check_section(name, value, faults);
    }
  });
}

// All errors of one file, errors of its form first.
std::vector<Status> errors_of(const OwnFile& file, const profile::Section& presets) {
  Faults faults;
  check_root(file.content.document.root(), faults);
  std::vector<Status> errors;
  for (const rules::Fault& fault : faults.list()) {
    if (errors.size() > config::kMostErrors) break;
    const std::string place = json::locate_value(file.content.text, fault.pointer, fault.offset);
    errors.push_back(Status::error(
        ExitCode::usage, file.path + ":" + place + ": " + rules::line_of(fault), fault.hint));
  }
  if (errors.size() <= config::kMostErrors) {
    const std::size_t room = config::kMostErrors + 1 - errors.size();
    for (Status& error : errors_of_meaning(file, presets, faults.list(), room)) {
      errors.push_back(std::move(error));
    }
  }
  if (errors.size() > config::kMostErrors) {
    errors.back() = Status::error(ExitCode::usage, config::kMoreFollow);
  }
  return errors;
}

void add_errors(const std::string& subject, const std::vector<Status>& errors,
                std::vector<Finding>& findings) {
  for (const Status& error : config::shown_errors(errors)) {
    findings.push_back({subject, FindingState::error, error.message(), error.hint()});
  }
}

void check_thresholds(OwnFile file, std::vector<Finding>& findings) {
  if (!file.content.document.root()["health"].is_object()) return;
  profile::Section section;
  section.name = "health";
  section.path = file.path;
  section.text = std::move(file.content.text);
  section.document = std::move(file.content.document);
  const std::vector<Status> errors = health::Thresholds().read(section);
  add_errors("health thresholds", errors, findings);
  if (errors.empty()) findings.push_back({"health thresholds", FindingState::ok, file.path, ""});
}

// The presets of the first file that has some.
profile::Section presets_of(const std::vector<OwnFile>& files) {
  for (const OwnFile& file : files) {
    const json::Value presets = file.content.document.root()["presets"];
    if (!presets.missing()) return part_of(file, "presets", presets.dump());
  }
  return {};
}

}  // namespace

std::vector<Finding> check_own_files(Env& env) {
  constexpr const char* kSubject = "socctl configuration";
  std::vector<Finding> findings;
  const auto paths = profile::config_files(env, {}, profile::SystemPaths::of_process());
  if (!paths.ok()) return {{kSubject, FindingState::error, paths.status().message(), ""}};
  std::vector<OwnFile> files;
  for (const std::string& path : *paths) {
    auto file = profile::parse_config_file(env, path);
    if (!file.ok()) add_errors(kSubject, {file.status()}, findings);
    if (!file.ok() || file->text.empty()) continue;  // it does not exist
    files.push_back({path, std::move(*file)});
  }
  const profile::Section presets = presets_of(files);
  for (const OwnFile& file : files) add_errors(kSubject, errors_of(file, presets), findings);
  if (findings.empty()) {
    for (const OwnFile& file : files) {
      findings.push_back({kSubject, FindingState::ok, file.path, ""});
    }
  }
  for (OwnFile& file : files) check_thresholds(std::move(file), findings);
  return findings;
}

}  // namespace socbridge::socctl
