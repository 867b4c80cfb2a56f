// SPDX-License-Identifier: Apache-2.0
#include "socctl/setup/wazuh_plan.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/durable_file.h"
#include "base/text.h"
#include "base/time.h"
#include "base/trusted_path.h"
#include "integration/config_check.h"
#include "integration/home_files.h"
#include "integration/settings.h"
#include "json/value.h"
#include "json/writer.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::socctl {
namespace {

constexpr std::size_t kMaxConf = std::size_t{16} << 20U;
constexpr std::size_t kMaxAnswer = std::size_t{1} << 20U;
constexpr mode_t kSharedFile = 0640;
constexpr mode_t kSpoolFolder = 0700;
constexpr const char* kOwnName = "custom-w2thive";

std::string shown(const std::string& path) { return printable(path, 300); }

Step failed_step(std::string name, const Status& status) {
  return {std::move(name), StepState::error, status.message(), status.hint(), {}, {}, {}};
}

// What the settings without a block say; found out with the rights of the home's user.
struct Known {
  std::string spool_dir;
  bool has_url = false, has_key = false;
  std::string error, hint;
};

integration::Loaded load_settings(Env& env, const std::string& home) {
  integration::Sources sources;
  sources.home = home;
  sources.config_file = home + "/etc/w2thive.json";
  return integration::load(env, sources);
}

std::string known_as_json(Env& env, const std::string& home) {
  const integration::Loaded loaded = load_settings(env, home);
  json::Writer w;
  w.begin_object();
  w.member("spool", loaded.settings.spool_dir);
  w.member("url", !loaded.settings.endpoint.url.empty());
  w.member("key", !loaded.settings.endpoint.key.empty());
  if (!loaded.errors.empty()) {
    w.member("error", loaded.errors.front().message());
    w.member("hint", loaded.errors.front().hint());
  }
  w.end_object();
  return std::move(w).take();
}

Result<std::string> as_home_user(const User& user, const std::function<std::string()>& work) {
  if (::geteuid() != 0 || user.uid == 0) return work();
  return run_as_user(user, kMaxAnswer, work);
}

Result<Known> find_known(Env& env, const WazuhSetup& setup) {
  const auto text = as_home_user(setup.user, [&] { return known_as_json(env, setup.home); });
  if (!text.ok()) return text.status();
  const auto document = json::Document::parse(*text);
  if (!document.ok()) return document.status();
  const json::Value root = document->root();
  const auto member = [&](const char* name) {
    return std::string(root[name].string().value_or(std::string_view()));
  };
  return Known{member("spool"), root["url"].boolean().value_or(false),
               root["key"].boolean().value_or(false), member("error"), member("hint")};
}

Step plan_executable(Env& env, const WazuhSetup& setup) {
  const std::string path = setup.home + "/integrations/" + kOwnName;
  Step step{"executable", StepState::ok, shown(path), {}, {}, {}, {}};
  if (env.stat(path).ok()) return step;
  step.state = StepState::error;
  step.detail = shown(path) + " is not there";
  step.next = "run /usr/libexec/socbridge/wazuh-integration install";
  return step;
}

Step plan_spool(Env& env, const WazuhSetup& setup, const std::string& dir) {
  Step step{"spool", StepState::ok, shown(dir), {}, {}, {}, {}};
  const auto info = env.lstat(dir);
  if (info.ok()) {
    if (info->uid == setup.user.uid) return step;
    step.state = StepState::error;
    step.detail = shown(dir) + " belongs to " + user_label(info->uid) + ", not to " +
                  user_label(setup.user.uid);
    step.next = "run socctl queue fsck as root";
    return step;
  }
  // Root makes nothing where another user could put something else in its place.
  if (const Status safe = check_trusted(folder_of(dir), Trust{{0}, {0}, {}}, PathKind::folder);
      !safe.ok()) {
    return failed_step("spool", safe);
  }
  step.state = StepState::missing;
  step.detail = shown(dir) + ", " + user_label(setup.user.uid) + " 0700";
  step.undo = "rmdir " + shown(dir);
  step.action = [&env, dir, user = setup.user] {
    return integration::make_owned_folder(env, dir, {user.uid, user.gid, kSpoolFolder});
  };
  return step;
}

Step plan_key(Env& env, const WazuhSetup& setup, const std::string& path, bool configured) {
  Step step{"key", StepState::ok, shown(path), {}, {}, {}, {}};
  const bool there = env.lstat(path).ok();
  if (setup.key.empty()) {
    if (configured) {
      step.detail = "in etc/w2thive.json";
    } else if (!there) {
      step.state = StepState::error;
      step.detail = shown(path) + " is not there";
      step.next = "give --key-file FILE, or - to read the key from standard input";
    }
    return step;
  }
  if (there) {
    const auto old = integration::read_as(env, setup.user, path, kMaxAnswer);
    if (old.ok() && trim(*old) == setup.key.reveal()) return step;
  }
  step.state = StepState::missing;
  step.detail = shown(path) + (there ? ": replaced by another key" : ", root:") +
                (there ? "" : group_label(setup.user.gid) + " 0640");
  if (!there) step.undo = "rm " + shown(path);
  step.action = [&env, path, gid = setup.user.gid, key = setup.key] {
    Secret line(std::string(key.reveal()) + "\n");
    return integration::replace_owned_file(env, path, line.reveal(), {0, gid, kSharedFile});
  };
  return step;
}

// Keeps what is there, then puts the new text in its place with the same owner and mode.
Status write_conf(Env& env, const std::string& path, const std::string& backup,
                  const std::string& before, const std::string& after) {
  const auto info = env.lstat(path);
  if (!info.ok()) return info.status();
  const integration::FileOwner owner{info->uid, info->gid, info->mode & 07777};
  if (Status kept = integration::write_new_file(env, backup, before, owner); !kept.ok()) {
    return kept;
  }
  return integration::replace_owned_file(env, path, after, owner);
}

Step plan_block(Env& env, const WazuhSetup& setup, const Known& known,
                const std::string& key_path) {
  const std::string path = setup.home + "/etc/ossec.conf";
  auto before = integration::read_as(env, setup.user, path, kMaxConf);
  if (!before.ok()) return failed_step("block", before.status());
  const auto conf = wazuh::parse_ossec_conf(*before, path);
  if (!conf.ok()) return failed_step("block", conf.status());
  for (const wazuh::IntegrationBlock& there : conf->blocks) {
    if (!integration::is_own_block(there)) continue;
    return {"block",
            StepState::ok,
            shown(path) + ":" + std::to_string(there.line) + " has it",
            {},
            {},
            {},
            {}};
  }
  integration::BlockRequest request = setup.block;
  if (request.hook_url.empty() && !known.has_url) {
    return failed_step("block", Status::error(ExitCode::usage, "the URL of TheHive is not known",
                                              "give --url https://thehive.example:9000"));
  }
  if (!known.has_key || !setup.key.empty()) request.api_key = "file:" + key_path;
  auto text = integration::block_text(request, setup.version);
  if (!text.ok()) return failed_step("block", text.status());
  auto after = integration::with_block(*before, *text, path);
  if (!after.ok()) return failed_step("block", after.status());
  std::string backup = path + ".before-w2thive";
  if (env.lstat(backup).ok()) backup += "." + std::to_string(wall_now_ms());
  Step step{"block", StepState::missing, "at the end of " + shown(path), {}, *text, {}, {}};
  step.undo = "mv " + shown(backup) + " " + shown(path);
  step.next = "restart the manager: " + shown(setup.home) + "/bin/wazuh-control restart";
  step.action = [&env, path, backup, before = *before, after = *after] {
    return write_conf(env, path, backup, before, after);
  };
  return step;
}

}  // namespace

const char* step_state_name(StepState state) {
  switch (state) {
    case StepState::ok: return "ok";
    case StepState::missing: return "missing";
    case StepState::done: return "done";
    case StepState::error: return "error";
  }
  return "";
}

std::vector<Step> plan_wazuh(Env& env, const WazuhSetup& setup) {
  const auto known = find_known(env, setup);
  if (!known.ok()) return {failed_step("settings", known.status())};
  if (!known->error.empty()) {
    return {failed_step("settings", Status::error(ExitCode::usage, known->error, known->hint))};
  }
  const std::string key_path = setup.home + "/etc/thehive.key";
  std::vector<Step> steps;
  steps.push_back(plan_executable(env, setup));
  steps.push_back(plan_spool(env, setup, known->spool_dir));
  steps.push_back(plan_key(env, setup, key_path, known->has_key));
  steps.push_back(plan_block(env, setup, *known, key_path));
  return steps;
}

Step check_wazuh(Env& env, const WazuhSetup& setup) {
  const auto text = as_home_user(setup.user, [&] {
    for (const integration::Finding& finding :
         integration::check_config(env, load_settings(env, setup.home), setup.home, {})) {
      if (finding.state != integration::FindingState::error) continue;
      if (finding.subject == "url" || finding.subject == "key") continue;  // the block has them
      return finding.subject + ": " + finding.detail + "\n" + finding.next;
    }
    return std::string();
  });
  if (!text.ok()) return failed_step("check", text.status());
  if (text->empty())
    return {"check", StepState::ok, "socctl config check finds no error", {}, {}, {}, {}};
  const std::size_t end = text->find('\n');
  return failed_step("check",
                     Status::error(ExitCode::usage, text->substr(0, end), text->substr(end + 1)));
}

}  // namespace socbridge::socctl
