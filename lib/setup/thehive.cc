// SPDX-License-Identifier: Apache-2.0
#include "setup/thehive.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/joined.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "http/client.h"
#include "setup/user_key.h"
#include "thehive/client.h"

namespace socbridge::setup {
namespace {

using thehive::Admin;

// Data types that the mapping uses; TheHive has all of them unless some were removed.
constexpr const char* kTypes[] = {"autonomous-system",
                                  "domain",
                                  "file",
                                  "filename",
                                  "fqdn",
                                  "hash",
                                  "hostname",
                                  "ip",
                                  "mail",
                                  "mail-subject",
                                  "other",
                                  "registry",
                                  "url",
                                  "user-agent"};
// Fields of the rules that provide the input of Cortex's responder Wazuh (docs/rules.md).
constexpr const char* kFields[] = {"wazuh_agent_id", "wazuh_agent_ip", "wazuh_alert_id",
                                   "wazuh_rule_id"};
constexpr const char* kAdministration[] = {"manageOrganisation", "manageProfile", "manageUser",
                                           "manageObservableTemplate", "manageCustomField"};

// State shared by the actions, which run one after the other.
struct Work {
  Env& env;
  TheHiveSetup setup;
  Deadline deadline;
  Admin admin;
  int major = 0;
};
using Shared = std::shared_ptr<Work>;

std::string profile_name(const TheHiveSetup& setup) {
  return setup.rights == TheHiveRights::alerts ? "socbridge-alerts" : "socbridge-cases";
}

Admin::Profile wanted_profile(const Work& work) {
  return {profile_name(work.setup), thehive_permissions(work.setup, work.major)};
}

Admin::User wanted_user(const Work& work) {
  return {work.setup.login, work.setup.organisation, profile_name(work.setup)};
}

std::string joined_permissions(const std::vector<std::string>& permissions) {
  return printable(joined(permissions), 600);
}

Step version_step(http::Client& http, const TheHiveSetup& setup, const Deadline& deadline,
                  int& major) {
  thehive::Client client(http, {setup.url, {}, {}});
  const auto version = client.probe_version(deadline);
  if (!version.ok()) return failed_step("version", version.status());
  const auto first = parse_u64(split(version->version, '.').front());
  major = static_cast<int>(first.value_or(0));
  if (major == 4 || major == 5) return present_step("version", "TheHive " + version->version);
  return failed_step("version", Status::error(ExitCode::refused,
                                              "TheHive " + version->version + " is not supported",
                                              "use TheHive 4 or 5"));
}

Step admin_step(const Shared& work) {
  const auto who = work->admin.whoami(work->deadline);
  if (!who.ok()) {
    Step step = failed_step("administrator", who.status());
    if (who.status().code() == ExitCode::auth && work->setup.admin_login.empty())
      step.next = "give the API key of an administrator of the organisation admin";
    return step;
  }
  std::vector<std::string> lacking;
  for (const char* one : kAdministration) {
    if (!contains(who->permissions, one)) lacking.emplace_back(one);
  }
  const std::string name = printable(who->login + " of " + who->organisation, 200);
  if (lacking.empty()) return present_step("administrator", name);
  return failed_step("administrator",
                     Status::error(ExitCode::auth, name + " may not " + joined(lacking),
                                   "give the key of an administrator of the organisation admin"));
}

Step organisation_step(const Shared& work) {
  const std::string& name = work->setup.organisation;
  const auto there = work->admin.has_organisation(name, work->deadline);
  if (!there.ok()) return failed_step("organisation", there.status());
  Step step = present_step("organisation", printable(name, 100));
  if (*there) return step;
  step.state = StepState::missing;
  step.undo = "TheHive cannot delete an organisation: lock it in Administration > Organisations";
  step.action = [work] {
    return work->admin.add_organisation(work->setup.organisation, work->deadline);
  };
  return step;
}

Step profile_step(const Shared& work) {
  const Admin::Profile wanted = wanted_profile(*work);
  const auto there = work->admin.profile(wanted.name, work->deadline);
  if (!there.ok()) return failed_step("profile", there.status());
  Step step = present_step("profile", wanted.name + ": " + joined_permissions(wanted.permissions));
  if (!there->has_value()) {
    step.state = StepState::missing;
    step.undo = "DELETE /api/v1/profile/" + wanted.name;
    step.action = [work, wanted] { return work->admin.add_profile(wanted, work->deadline); };
  } else if ((*there)->permissions != wanted.permissions) {
    const std::string before = joined_permissions((*there)->permissions);
    step.state = StepState::differs;
    step.detail += " (now: " + (before.empty() ? std::string("none") : before) + ")";
    step.undo = "give the profile " + wanted.name + " the permissions " + before + " again";
    step.action = [work, wanted] { return work->admin.set_permissions(wanted, work->deadline); };
  }
  return step;
}

Step user_step(const Shared& work, bool& has_key) {
  const Admin::User wanted = wanted_user(*work);
  const auto there = work->admin.user(wanted.login, wanted.organisation, work->deadline);
  if (!there.ok()) return failed_step("user", there.status());
  Step step = present_step(
      "user",
      printable(wanted.login + " in " + wanted.organisation + ", profile " + wanted.profile, 300));
  has_key = there->has_value() && (*there)->has_key;
  if (!there->has_value()) {
    step.state = StepState::missing;
    step.undo = "DELETE /api/v1/user/" + http::url_encode(wanted.login) +
                "/force?organisation=" + http::url_encode(wanted.organisation);
    step.action = [work, wanted] { return work->admin.add_user(wanted, work->deadline); };
  } else if ((*there)->profile != wanted.profile || (*there)->locked) {
    const std::string before = (*there)->locked ? "locked" : "profile " + (*there)->profile;
    step.state = StepState::differs;
    step.detail += " (now: " + printable(before, 100) + ")";
    step.undo = (*there)->locked ? "lock the user again"
                                 : "give the user the " + printable(before, 100) + " again";
    step.action = [work, wanted] { return work->admin.set_profile(wanted, work->deadline); };
  }
  return step;
}

// Whether this key is that of the user.
Result<bool> opens(const Shared& work, http::Client& http, const Secret& key) {
  Admin user(http, work->setup.url, {}, key);
  const auto who = user.whoami(work->deadline);
  if (who.ok()) return iequals(who->login, work->setup.login);
  if (who.status().code() == ExitCode::auth) return false;
  return who.status();
}

Step key_step(const Shared& work, http::Client& http, bool has_key) {
  UserKey key;
  key.path = work->setup.key_file;
  key.user = work->setup.login;
  key.has_key = has_key;
  key.renew = work->setup.renew_key;
  key.next = "socctl setup wazuh --url " + shell_word(work->setup.url) + " --key-file " +
             shell_word(work->setup.key_file);
  key.opens = [work, &http](const Secret& given) { return opens(work, http, given); };
  key.read = [work] { return work->admin.key(work->setup.login, work->deadline); };
  key.make = [work] { return work->admin.renew_key(work->setup.login, work->deadline); };
  return plan_user_key(work->env, std::move(key));
}

// One step for all missing definitions of a kind.
Step types_step(const Shared& work) {
  const auto there = work->admin.observable_types(work->deadline);
  if (!there.ok()) return failed_step("types", there.status());
  std::vector<std::string> wanted(std::begin(kTypes), std::end(kTypes)), lacking;
  for (const std::string& more : work->setup.observable_types) wanted.push_back(more);
  for (const std::string& name : wanted) {
    const bool found = std::any_of(there->begin(), there->end(),
                                   [&](const auto& type) { return type.name == name; });
    if (!found && !contains(lacking, name)) lacking.push_back(name);
  }
  Step step = present_step("types", std::to_string(wanted.size()) + " observable types");
  if (lacking.empty()) return step;
  step.state = StepState::missing;
  step.detail = printable(joined(lacking), 300);
  step.undo = "DELETE /api/v1/observable/type/NAME for " + step.detail;
  step.action = [work, lacking] {
    for (const std::string& name : lacking) {
      if (Status made = work->admin.add_observable_type(name, work->deadline); !made.ok())
        return made;
    }
    return Status();
  };
  return step;
}

Step fields_step(const Shared& work) {
  const auto there = work->admin.custom_fields(work->deadline);
  if (!there.ok()) return failed_step("fields", there.status());
  std::vector<Admin::Definition> wanted, lacking;
  for (const char* name : kFields) wanted.push_back({name, "string"});
  for (const auto& more : work->setup.custom_fields) wanted.push_back(more);
  std::vector<std::string> names;
  for (const Admin::Definition& field : wanted) {
    const auto found = std::find_if(there->begin(), there->end(),
                                    [&](const auto& one) { return one.name == field.name; });
    if (found == there->end()) {
      lacking.push_back(field);
      names.push_back(field.name);
    } else if (found->type != field.type) {
      return failed_step("fields",
                         Status::error(ExitCode::refused,
                                       "the custom field " + printable(field.name, 60) + " is a " +
                                           printable(found->type, 30) + ", not a " + field.type,
                                       "TheHive cannot change the type: use another name"));
    }
  }
  Step step = present_step("fields", std::to_string(wanted.size()) + " custom fields");
  if (lacking.empty()) return step;
  step.state = StepState::missing;
  step.detail = printable(joined(names), 300);
  step.undo = "delete the custom fields " + step.detail + " in Administration > Custom fields";
  step.action = [work, lacking] {
    for (const Admin::Definition& field : lacking) {
      if (Status made = work->admin.add_custom_field(field, work->deadline); !made.ok())
        return made;
    }
    return Status();
  };
  return step;
}

}  // namespace

std::vector<std::string> thehive_permissions(const TheHiveSetup& setup, int major) {
  const bool cases = setup.rights == TheHiveRights::cases;
  std::vector<std::string> out = {"manageObservable"};
  const auto add = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) out.emplace_back(name);
  };
  if (major == 4) {
    add({"manageAlert"});
    if (cases) add({"manageCase", "managePage", "manageProcedure"});
    if (!cases && setup.promote) add({"manageCase"});
  } else {
    add({"manageAlert/create", "manageAlert/update"});
    if (cases) {
      add({"manageAlert/import", "manageCase/create", "manageCase/update", "manageComment",
           "managePage", "manageProcedure"});
    }
    if (!cases && setup.promote) add({"manageAlert/import", "manageCase/create"});
    if (setup.canary) add({"manageAlert/delete"});
  }
  if (cases || setup.canary) add({"manageAnalyse"});
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Step> plan_thehive(Env& env, http::Client& http, const TheHiveSetup& setup,
                               const Deadline& deadline) {
  std::vector<Step> steps;
  int major = 0;
  steps.push_back(version_step(http, setup, deadline, major));
  if (has_failed(steps)) return steps;
  const Shared work = std::make_shared<Work>(Work{
      env, setup, deadline, Admin(http, setup.url, setup.admin_login, setup.admin_key), major});
  steps.push_back(admin_step(work));
  if (has_failed(steps)) return steps;
  bool has_key = false;
  steps.push_back(organisation_step(work));
  steps.push_back(profile_step(work));
  steps.push_back(user_step(work, has_key));
  steps.push_back(key_step(work, http, has_key));
  steps.push_back(types_step(work));
  steps.push_back(fields_step(work));
  return steps;
}

}  // namespace socbridge::setup
