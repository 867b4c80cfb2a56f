// SPDX-License-Identifier: Apache-2.0
#include "setup/cortex.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/joined.h"
#include "base/text.h"
#include "setup/cortex_analyzers.h"
#include "setup/key_file.h"
#include "setup/user_key.h"

namespace socbridge::setup {
namespace {

using cortex::Admin;

// State shared by the actions, which run one after the other.
struct Work {
  Env& env;
  http::Client& http;
  CortexSetup setup;
  Deadline deadline;
  Admin admin;
  bool empty = false;  // no index or no users: nothing can be queried yet
};
using Shared = std::shared_ptr<Work>;

Step missing_step(std::string name, std::string detail, std::function<Status()> action) {
  Step step = present_step(std::move(name), std::move(detail));
  step.state = StepState::missing;
  step.action = std::move(action);
  return step;
}

Step version_step(const Shared& work) {
  const auto version = work->admin.version(work->deadline);
  if (!version.ok()) return failed_step("version", version.status());
  const auto major = parse_u64(split(*version, '.').front());
  constexpr std::uint64_t kOldest = 3, kNewest = 4;
  if (!major || (*major >= kOldest && *major <= kNewest))
    return present_step("version", "Cortex " + *version);
  return failed_step("version",
                     Status::error(ExitCode::refused, "Cortex " + *version + " is not supported",
                                   "use Cortex 3 or 4"));
}

// A server may echo a value that it refuses.
Status without_key(const Status& status, const Secret& key) {
  if (status.ok() || key.empty()) return status;
  return Status::error(status.code(), redact(status.message(), key), status.hint());
}

// Creates the first user. Its key is given by the operator, so that nothing is lost if this stops
// here.
Status make_superadmin(const Shared& work) {
  const CortexSetup& setup = work->setup;
  const Status made = work->admin.add_user({setup.first_admin, {}, {"superadmin"}},
                                           {setup.admin_key, setup.first_password}, work->deadline);
  if (!made.ok()) return without_key(made, setup.first_password);
  const auto who = work->admin.whoami(work->deadline);
  if (!who.ok()) return who.status();
  if (who->ready == Admin::Ready::yes && who->has("superadmin")) return {};
  return Status::error(
      ExitCode::refused, "Cortex created the superadmin without the given key",
      "log in to Cortex as " + printable(setup.first_admin, 60) +
          " with the password, create a key there and give it with --admin-key-file");
}

constexpr const char* kDeleteIndex = "delete Cortex's index in Elasticsearch or OpenSearch";

std::vector<Step> first_start_steps(const Shared& work, Admin::Ready ready) {
  std::vector<Step> steps;
  const CortexSetup& setup = work->setup;
  if (ready == Admin::Ready::no_index) {
    steps.push_back(missing_step("index", "in Elasticsearch or OpenSearch",
                                 [work] { return work->admin.migrate(work->deadline); }));
    steps.back().undo = kDeleteIndex;  // and the superadmin with it
  } else {
    steps.push_back(present_step("index", "without users"));
  }
  if (setup.first_password.empty() || !setup.admin_login.empty()) {
    steps.push_back(failed_step(
        "superadmin",
        Status::error(ExitCode::usage, "Cortex has no user yet",
                      "give --admin-password-file FILE, and --admin-key-file with a key for the "
                      "first superadmin: openssl rand -base64 24 > FILE")));
    return steps;
  }
  steps.push_back(missing_step("superadmin",
                               printable(setup.first_admin, 60) + " with the key and the password",
                               [work] { return make_superadmin(work); }));
  if (ready != Admin::Ready::no_index) steps.back().undo = kDeleteIndex;
  work->empty = true;
  return steps;
}

std::vector<Step> admin_steps(const Shared& work) {
  const auto who = work->admin.whoami(work->deadline);
  if (!who.ok()) return {failed_step("superadmin", who.status())};
  if (who->ready == Admin::Ready::refused) {
    const bool password = !work->setup.admin_login.empty();
    return {failed_step(
        "superadmin",
        Status::error(
            ExitCode::auth,
            password ? "Cortex refuses the password, or password logins" : "Cortex refuses the key",
            password ? "set auth.method.basic = true in Cortex, or give the key of a "
                       "superadmin with --admin-key-file"
                     : "give the key of a superadmin (organisation cortex)"))};
  }
  if (who->ready != Admin::Ready::yes) return first_start_steps(work, who->ready);
  const std::string name = printable(who->login + " of " + who->organisation, 200);
  if (who->has("superadmin"))
    return {present_step("index", "is there"), present_step("superadmin", name)};
  return {failed_step("superadmin",
                      Status::error(ExitCode::auth, name + " is not a superadmin",
                                    "give the key of a user of the organisation cortex"))};
}

Step organisation_step(const Shared& work) {
  const std::string& name = work->setup.organisation;
  Step step = present_step("organisation", printable(name, 100));
  if (!work->empty) {
    const auto there = work->admin.has_organisation(name, work->deadline);
    if (!there.ok()) return failed_step("organisation", there.status());
    if (*there) return step;
  }
  step.state = StepState::missing;
  step.undo = "DELETE /api/organization/" + http::url_encode(name) + ", which locks it";
  step.action = [work] {
    return work->admin.add_organisation(work->setup.organisation, work->deadline);
  };
  return step;
}

Step user_step(const Shared& work, const char* name, const Admin::User& wanted, bool& has_key) {
  Step step = present_step(
      name,
      printable(wanted.login + " in " + wanted.organisation + ": " + joined(wanted.roles), 300));
  std::optional<Admin::User> there;
  if (!work->empty) {
    auto found = work->admin.user(wanted.login, work->deadline);
    if (!found.ok()) return failed_step(name, found.status());
    there = std::move(*found);
  }
  if (!there) {
    step.state = StepState::missing;
    step.undo = "DELETE /api/user/" + http::url_encode(wanted.login) + ", which locks it";
    step.action = [work, wanted] { return work->admin.add_user(wanted, {}, work->deadline); };
    return step;
  }
  has_key = there->has_key;
  if (there->organisation != wanted.organisation) {
    return failed_step(
        name, Status::error(
                  ExitCode::refused,
                  printable(wanted.login + " is in the organisation " + there->organisation, 200),
                  "name another user, or that organisation"));
  }
  if (there->roles == wanted.roles && !there->locked) return step;
  const std::string before = there->locked ? "locked" : printable(joined(there->roles), 100);
  step.state = StepState::differs;
  step.detail += " (now: " + before + ")";
  step.undo =
      there->locked ? "lock the user again" : "give the user the roles " + before + " again";
  step.action = [work, wanted] { return work->admin.set_roles(wanted, work->deadline); };
  return step;
}

Result<bool> opens(const Shared& work, const Secret& key) {
  Admin user(work->http, work->setup.url, {}, key);
  const auto who = user.whoami(work->deadline);
  if (!who.ok()) return who.status();
  return who->ready == Admin::Ready::yes && iequals(who->login, work->setup.login);
}

Step key_step(const Shared& work, bool has_key) {
  UserKey key;
  key.path = work->setup.key_file;
  key.user = work->setup.login;
  key.has_key = has_key;
  key.renew = work->setup.renew_key;
  key.next = configuration_of("cortex", work->setup.url, work->setup.key_file);
  key.opens = [work](const Secret& given) {
    return work->empty ? Result<bool>(false) : opens(work, given);
  };
  key.read = [work] { return work->admin.key(work->setup.login, work->deadline); };
  key.make = [work] { return work->admin.renew_key(work->setup.login, work->deadline); };
  return plan_user_key(work->env, std::move(key));
}

// The user who configures analyzers. The key stays in Cortex, where a superadmin can read it.
Result<std::unique_ptr<Admin>> orgadmin(const Shared& work, bool may_make) {
  auto key = work->admin.key(work->setup.orgadmin_login, work->deadline);
  if (!key.ok()) return key.status();
  if (key->empty() && may_make)
    key = work->admin.renew_key(work->setup.orgadmin_login, work->deadline);
  if (!key.ok()) return key.status();
  if (key->empty()) return std::unique_ptr<Admin>();
  return std::make_unique<Admin>(work->http, work->setup.url, std::string(), std::move(*key));
}

Status no_definition(const std::string& base) {
  return Status::error(
      ExitCode::refused, "Cortex's catalogue has no analyzer " + printable(base, 60),
      "set analyzer.urls in its application.conf, then POST /api/analyzerdefinition/scan");
}

Status no_key(const std::string& base) {
  return Status::error(ExitCode::usage, "it needs the key of its service",
                       "give --analyzer-key " + base +
                           "=FILE, or leave it out: --analyzer NAME for each of the others");
}

// Reads again before writing: the plan was made for an empty Cortex, which may have changed.
Status set_up_analyzer(const Shared& work, const CortexAnalyzer& wanted) {
  const auto admin = orgadmin(work, true);
  if (!admin.ok()) return admin.status();
  const auto definitions = work->admin.definitions(work->deadline);
  if (!definitions.ok()) return definitions.status();
  const Admin::Definition* definition = newest_definition(*definitions, wanted.base);
  if (definition == nullptr) return no_definition(wanted.base);
  const auto all = (*admin)->analyzers(work->deadline);
  if (!all.ok()) return all.status();
  const Admin::Enabled* there = enabled_of(*all, wanted.base);
  if (there == nullptr && wanted.key.empty() && !key_item(*definition).empty())
    return no_key(wanted.base);
  if (there == nullptr) {
    return without_key(
        (*admin)->enable(definition->id, settings_for(wanted, *definition), work->deadline),
        wanted.key);
  }
  if (differences(wanted, *definition, *there).empty()) return {};
  return without_key(
      (*admin)->change(there->id, corrected(wanted, *definition, *there), work->deadline),
      wanted.key);
}

Step analyzer_step(const Shared& work, const CortexAnalyzer& wanted,
                   const std::vector<Admin::Definition>* definitions,
                   const std::vector<Admin::Enabled>* enabled) {
  Step step = present_step(wanted.base, wanted.limit.count > 0 ? wanted.limit.text() : "no limit");
  step.state = StepState::missing;
  step.undo = "disable " + wanted.base + " in Cortex: Organization > Analyzers";
  step.action = [work, wanted] { return set_up_analyzer(work, wanted); };
  if (definitions == nullptr) {
    const bool lacks_key = wanted.needs_key && wanted.key.empty();
    return lacks_key ? failed_step(wanted.base, no_key(wanted.base)) : step;
  }
  const Admin::Definition* definition = newest_definition(*definitions, wanted.base);
  if (definition == nullptr) return failed_step(wanted.base, no_definition(wanted.base));
  const Admin::Enabled* there = enabled == nullptr ? nullptr : enabled_of(*enabled, wanted.base);
  if (there == nullptr) {
    if (!key_item(*definition).empty() && wanted.key.empty())
      return failed_step(wanted.base, no_key(wanted.base));
    step.detail = definition->id + ", " + step.detail;
    return step;
  }
  const auto differing = differences(wanted, *definition, *there);
  step.detail = printable(there->name, 100) + ", " + step.detail;
  if (differing.empty()) return present_step(wanted.base, step.detail);
  step.state = StepState::differs;
  step.detail += " (now: " + (differing.front() == "key" ? "another key" : joined(differing)) + ")";
  step.undo = "set " + wanted.base + " back in Cortex: Organization > Analyzers";
  return step;
}

void add_analyzer_steps(const Shared& work, std::vector<Step>& steps) {
  std::optional<std::vector<Admin::Definition>> definitions;
  std::optional<std::vector<Admin::Enabled>> enabled;
  if (!work->empty) {
    auto all = work->admin.definitions(work->deadline);
    if (!all.ok()) {
      steps.push_back(failed_step("analyzers", all.status()));
      return;
    }
    definitions = std::move(*all);
  }
  const bool orgadmin_there = std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.name == "orgadmin" && step.state == StepState::present;
  });
  if (orgadmin_there) {
    const auto admin = orgadmin(work, false);
    if (admin.ok() && *admin != nullptr) {
      auto all = (*admin)->analyzers(work->deadline);
      if (!all.ok()) {
        steps.push_back(failed_step("analyzers", all.status()));
        return;
      }
      enabled = std::move(*all);
    }
  }
  for (const CortexAnalyzer& wanted : work->setup.analyzers) {
    steps.push_back(analyzer_step(work, wanted, definitions ? &*definitions : nullptr,
                                  enabled ? &*enabled : nullptr));
  }
}

}  // namespace

std::vector<CortexAnalyzer> default_analyzers() {
  const auto limit = [](const char* text) {
    const auto read = cortex::parse_limit(text, "default");
    return read.ok() ? *read : cortex::Limit();
  };
  return {{"VirusTotal_GetReport", {}, limit("500/day"), true},
          {"AbuseIPDB", {}, limit("1000/day"), true},
          {"URLhaus", {}, {}, true},
          {"MaxMind_GeoIP", {}, {}, false},
          {"FileInfo", {}, {}, false}};
}

std::vector<Step> plan_cortex(Env& env, http::Client& http, const CortexSetup& setup,
                              const Deadline& deadline) {
  const Shared work = std::make_shared<Work>(
      Work{env, http, setup, deadline, Admin(http, setup.url, setup.admin_login, setup.admin_key)});
  std::vector<Step> steps;
  steps.push_back(version_step(work));
  if (has_failed(steps)) return steps;
  for (Step& step : admin_steps(work)) steps.push_back(std::move(step));
  if (has_failed(steps)) return steps;
  bool has_key = false, orgadmin_has_key = false;
  steps.push_back(organisation_step(work));
  steps.push_back(user_step(work, "orgadmin",
                            {setup.orgadmin_login, setup.organisation, {"orgadmin", "read"}},
                            orgadmin_has_key));
  steps.push_back(
      user_step(work, "user", {setup.login, setup.organisation, {"analyze", "read"}}, has_key));
  steps.push_back(key_step(work, has_key));
  add_analyzer_steps(work, steps);
  return steps;
}

}  // namespace socbridge::setup
