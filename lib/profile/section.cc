// SPDX-License-Identifier: Apache-2.0
#include "profile/section.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "config/check.h"
#include "cortex/quota.h"
#include "profile/config_file.h"

namespace socbridge::profile {
const std::vector<std::string_view>& section_names() {
  static const std::vector<std::string_view> names = {"analysis", "connectors", "health",
                                                      "indices",  "jobs",       "presets"};
  return names;
}

std::string Section::where(std::string_view dotted) const {
  std::string whole = name;
  if (!dotted.empty()) whole.append(".").append(dotted);
  std::string place = json::locate(text, whole);
  if (place.empty()) place = json::locate(text, name);
  return place.empty() ? path : path + ":" + place;
}

Result<Section> find_section(Env& env, std::string_view name, const Flags& flags,
                             const SystemPaths& system) {
  Section out;
  out.name = std::string(name);
  auto files = config_files(env, flags, system);
  if (!files.ok()) return files.status();
  for (const std::string& path : *files) {
    auto file = open_config_file(env, path);
    if (!file.ok()) return file.status();
    if (file->document.root()[name].missing()) continue;
    out.path = path;
    out.text = std::move(file->text);
    out.document = std::move(file->document);
    if (!out.value().is_object()) {
      return Status::error(ExitCode::usage,
                           out.where() + ": \"" + out.name + "\" must be an object");
    }
    break;
  }
  return out;
}

Status check_object(const Section& section, std::string_view dotted, json::Value object,
                    const config::Schema& schema) {
  const auto at = [&](std::string_view key) {
    return section.where(dotted.empty() ? std::string(key)
                                        : std::string(dotted) + "." + std::string(key));
  };
  for (std::size_t i = 0; i < object.size(); ++i) {
    const std::string_view name = object.key_at(i);
    const auto key = std::find_if(schema.begin(), schema.end(),
                                  [&](const config::Key& one) { return one.name == name; });
    const Status wrong = key == schema.end() ? config::unknown_key(schema, name)
                                             : config::check(*key, object.value_at(i));
    if (!wrong.ok()) {
      return Status::error(ExitCode::usage, at(name) + ": " + wrong.message(), wrong.hint());
    }
  }
  return {};
}

Result<std::vector<std::string>> find_preset(Env& env, std::string_view name, const Flags& flags,
                                             const SystemPaths& system) {
  const auto section = find_section(env, "presets", flags, system);
  if (!section.ok()) return section.status();
  return read_preset(*section, name);
}

Result<std::vector<std::string>> read_preset(const Section& section, std::string_view name) {
  std::vector<std::string_view> known;
  const json::Value own = section.value();
  for (std::size_t i = 0; i < own.size(); ++i) {
    known.push_back(own.key_at(i));
    if (own.key_at(i) != name) continue;
    const config::Key key{name, config::Kind::string_list, "[]", ""};
    const Status wrong = config::check(key, own.value_at(i));
    if (!wrong.ok()) {
      return Status::error(ExitCode::usage, section.where(name) + ": " + wrong.message(),
                           wrong.hint());
    }
    std::vector<std::string> out;
    for (std::size_t k = 0; k < own.value_at(i).size(); ++k) {
      out.emplace_back(*own.value_at(i).at(k).string());
    }
    return out;
  }
  auto ours = cortex::preset(name);
  if (ours.ok() || known.empty()) return ours;
  const std::string_view near = nearest(name, known);
  if (near.empty()) return ours;
  return Status::error(ExitCode::usage, ours.status().message(),
                       "did you mean \"" + printable(near, 60) + "\"?");
}

std::string state_dir(const SystemPaths& system) {
  if (const auto own = system.variable("SOCCTL_STATE_DIR"); !own.empty()) {
    return std::string(own);
  }
  const std::string of_root = "/var/lib/socctl";
  if (geteuid() == 0) return of_root;
  if (const auto xdg = system.variable("XDG_STATE_HOME"); !xdg.empty()) {
    return std::string(xdg) + "/socctl";
  }
  if (const auto home = system.variable("HOME"); !home.empty()) {
    return std::string(home) + "/.local/state/socctl";
  }
  return of_root;
}

}  // namespace socbridge::profile
