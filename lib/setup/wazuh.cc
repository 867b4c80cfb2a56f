// SPDX-License-Identifier: Apache-2.0
#include "setup/wazuh.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/durable_file.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "base/time.h"
#include "base/trusted_path.h"
#include "integration/config_check.h"
#include "integration/home_files.h"
#include "integration/settings.h"
#include "json/value.h"
#include "json/writer.h"
#include "spool/given_folder.h"
#include "wazuh/home_access.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::setup {
namespace {

constexpr std::size_t kMaxConf = std::size_t{16} << 20U;
constexpr std::size_t kMaxAnswer = std::size_t{1} << 20U;
constexpr std::size_t kMaxExecutable = std::size_t{256} << 20U;
constexpr mode_t kExecutable = 0750;
constexpr mode_t kSharedFile = 0640;
constexpr mode_t kSpoolFolder = 0700;
constexpr const char* kOwnName = "custom-w2thive";

std::string shown(const std::string& path) { return printable(path, 300); }

// Settings without a block, read with the rights of the home's user.
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

// Root creates nothing where anyone other than the home's user could replace it. On Kubernetes,
// fsGroup gives write access to that user's group.
Trust trust_of(Env& env, const WazuhSetup& setup) {
  Trust trust = wazuh::home_trust(env, setup.home);
  trust.links = Trust::Links::of_root;
  return trust;
}

Status check_folder_of(Env& env, const WazuhSetup& setup, const std::string& path) {
  return check_trusted(folder_of(path), trust_of(env, setup), PathKind::folder);
}

// The action of a step. It opens the folder of `path` again, since the home's user may have
// replaced folders after the plan.
std::function<Status()> in_folder_of(
    Env& env, const WazuhSetup& setup, const std::string& path,
    std::function<Status(const integration::HeldFolder&, const std::string& name)> work) {
  return [&env, path, trust = trust_of(env, setup), work = std::move(work)] {
    const auto folder = integration::HeldFolder::open(env, folder_of(path), trust);
    return folder.ok() ? work(*folder, integration::name_of(path)) : folder.status();
  };
}

// A folder that root gives away must not be one that another program uses.
Status check_spool_folder(Env& env, const WazuhSetup& setup, const std::string& dir) {
  if (spool::may_be_spool(dir, setup.home)) return check_folder_of(env, setup, dir);
  return Status::error(
      ExitCode::usage,
      shown(dir) +
          " does not exist, and root does not create a spool where etc/w2thive.json "
          "says, except in " +
          shown(setup.home) + "/queue",
      spool::how_to_make(dir,
                         {setup.user.uid, setup.user.gid, user_label(setup.user.uid), setup.home}));
}

// Replaces the existing executable by the given one if they differ.
Step plan_replacement(Env& env, const WazuhSetup& setup, const std::string& path, Step step) {
  if (const Status safe = check_folder_of(env, setup, path); !safe.ok()) {
    return failed_step("executable", safe);
  }
  const auto info = env.lstat(path);
  const auto old = env.read_file(path, kMaxExecutable);
  const bool same = info.ok() && old.ok() && *old == setup.executable && info->uid == 0 &&
                    info->gid == setup.user.gid && (info->mode & 07777) == kExecutable;
  if (same) return step;
  step.state = StepState::missing;
  step.detail =
      shown(path) + ", root:" + group_label(setup.user.gid) + " 0750, put there by rename";
  if (!info.ok()) step.undo = "rm -- " + shell_word(path);
  step.action = in_folder_of(
      env, setup, path,
      [bytes = setup.executable, gid = setup.user.gid](const auto& folder, const auto& name) {
        return folder.replace(name, bytes, {0, gid, kExecutable});
      });
  return step;
}

Step plan_executable(Env& env, const WazuhSetup& setup) {
  const std::string path = setup.home + "/integrations/" + kOwnName;
  Step step = present_step("executable", shown(path));
  if (!setup.executable.empty()) return plan_replacement(env, setup, path, std::move(step));
  if (env.stat(path).ok()) return step;
  step.state = StepState::failed;
  step.detail = shown(path) + " is not there";
  step.next = "run /usr/libexec/socbridge/wazuh-integration install";
  return step;
}

Step plan_spool(Env& env, const WazuhSetup& setup, const std::string& dir) {
  Step step = present_step("spool", shown(dir));
  const auto info = env.lstat(dir);
  if (info.ok()) {
    if (info->uid == setup.user.uid) return step;
    step.state = StepState::failed;
    step.detail = shown(dir) + " belongs to " + user_label(info->uid) + ", not to " +
                  user_label(setup.user.uid);
    step.next = spool::may_be_spool(dir, setup.home) ? "run socctl queue fsck as root"
                                                     : spool::name_own_folder(setup.home);
    return step;
  }
  if (const Status safe = check_spool_folder(env, setup, dir); !safe.ok()) {
    return failed_step("spool", safe);
  }
  step.state = StepState::missing;
  step.detail = shown(dir) + ", " + user_label(setup.user.uid) + " 0700";
  step.undo = "rmdir -- " + shell_word(dir);
  step.action =
      in_folder_of(env, setup, dir, [user = setup.user](const auto& folder, const auto& name) {
        return folder.make_folder(name, {user.uid, user.gid, kSpoolFolder});
      });
  return step;
}

Step plan_key(Env& env, const WazuhSetup& setup, const std::string& path, bool configured) {
  Step step = present_step("key", shown(path));
  const bool there = env.lstat(path).ok();
  if (setup.key.empty()) {
    if (configured) {
      step.detail = "in etc/w2thive.json";
    } else if (!there) {
      step.state = StepState::failed;
      step.detail = shown(path) + " is not there";
      step.next = "give --key-file FILE, or - to read the key from standard input";
    }
    return step;
  }
  if (there) {
    const auto old = integration::read_as(env, setup.user, path, kMaxAnswer);
    if (old.ok() && trim(*old) == setup.key.reveal()) return step;
  }
  if (const Status safe = check_folder_of(env, setup, path); !safe.ok()) {
    return failed_step("key", safe);
  }
  step.state = there ? StepState::differs : StepState::missing;
  step.detail = shown(path) + (there ? ": replaced by another key" : ", root:") +
                (there ? "" : group_label(setup.user.gid) + " 0640");
  if (!there) step.undo = "rm -- " + shell_word(path);
  step.action =
      in_folder_of(env, setup, path,
                   [gid = setup.user.gid, key = setup.key](const auto& folder, const auto& name) {
                     const Secret line(std::string(key.reveal()) + "\n");
                     return folder.replace(name, line.reveal(), {0, gid, kSharedFile});
                   });
  return step;
}

// A link has its own mode and owner, and anyone may have chosen its target.
Status no_file(const std::string& path) {
  return Status::error(ExitCode::usage, shown(path) + " is a link or no file",
                       "add the block by hand to the file that Wazuh reads");
}

// The current and the new text of ossec.conf, and the name of its backup.
struct NewConf {
  std::string before, after, backup;
};

// Keeps a backup, then replaces the file with the same owner and mode.
Status write_conf(const integration::HeldFolder& folder, const std::string& name,
                  const NewConf& conf) {
  const auto there = folder.read(name, kMaxConf);
  if (!there.ok()) return there.status();
  if (there->bytes != conf.before) {
    return Status::error(ExitCode::failure, "ossec.conf was changed meanwhile; it was not written",
                         "run socctl setup wazuh again");
  }
  // Without set-user-ID: the file may have been replaced by a hard link to another one.
  const integration::FileOwner owner{there->info.uid, there->info.gid, there->info.mode & 0777};
  if (Status kept = folder.write_new(conf.backup, conf.before, owner); !kept.ok()) return kept;
  const Status replaced = folder.replace(name, conf.after, owner);
  if (replaced.ok()) return replaced;
  (void)folder.unlink(conf.backup);
  return Status::error(replaced.code(), replaced.message(),
                       "it was not changed: add the block by hand");
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
    return present_step("block", shown(path) + ":" + std::to_string(there.line) + " has it");
  }
  const auto info = env.lstat(path);
  if (!info.ok()) return failed_step("block", info.status());
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
  if (!info->is_file()) {
    Step step = failed_step("block", no_file(path));
    step.text = *text;
    return step;
  }
  if (const Status safe = check_folder_of(env, setup, path); !safe.ok()) {
    return failed_step("block", safe);
  }
  Step step = present_step("block", "at the end of " + shown(path));
  step.state = StepState::missing;
  step.text = *text;
  step.undo = "mv -T -- " + shell_word(backup) + " " + shell_word(path);
  step.next = "restart the manager: " + shell_word(setup.home + "/bin/wazuh-control") + " restart";
  step.action = in_folder_of(
      env, setup, path,
      [conf = NewConf{*before, *after, integration::name_of(backup)}](
          const auto& folder, const auto& name) { return write_conf(folder, name, conf); });
  return step;
}

}  // namespace

std::vector<Step> plan_wazuh(Env& env, const WazuhSetup& setup) {
  const auto known = find_known(env, setup);
  if (!known.ok()) return {failed_step("settings", known.status())};
  if (!known->error.empty()) {
    return {failed_step("settings", Status::error(ExitCode::usage, known->error, known->hint))};
  }
  const std::string key_path = setup.home + "/etc/thehive.key";
  const auto wanted = [&](const char* step) {
    return setup.only.empty() ||
           std::find(setup.only.begin(), setup.only.end(), step) != setup.only.end();
  };
  std::vector<Step> steps;
  if (wanted("executable")) steps.push_back(plan_executable(env, setup));
  if (wanted("spool")) steps.push_back(plan_spool(env, setup, known->spool_dir));
  if (wanted("key")) steps.push_back(plan_key(env, setup, key_path, known->has_key));
  if (wanted("block")) steps.push_back(plan_block(env, setup, *known, key_path));
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
  if (text->empty()) return present_step("check", "socctl config check finds no error");
  const std::size_t end = text->find('\n');
  return failed_step("check",
                     Status::error(ExitCode::usage, text->substr(0, end), text->substr(end + 1)));
}

}  // namespace socbridge::setup
