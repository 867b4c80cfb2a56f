// SPDX-License-Identifier: Apache-2.0
#include "setup/opencti.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/joined.h"
#include "base/text.h"
#include "json/value.h"
#include "opencti/access.h"
#include "opencti/account.h"
#include "opencti/client.h"
#include "setup/key_file.h"
#include "setup/user_key.h"

namespace socbridge::setup {
namespace {

using opencti::AccessState;
using opencti::Marking;
using opencti::Named;

constexpr const char* kAdministration[] = {"SETTINGS_SETACCESSES", "TAXIIAPI_SETCOLLECTIONS",
                                           "KNOWLEDGE"};

// State shared by the actions, which run one after the other. Each reads the platform again, to
// find the ids of objects that earlier ones created.
struct Work {
  Env& env;
  http::Client& http;
  OpenctiSetup setup;
  Deadline deadline;
  opencti::Client client;
  opencti::Access access;

  Work(Env& e, http::Client& h, const OpenctiSetup& s, const Deadline& d)
      : env(e), http(h), setup(s), deadline(d), client(h, {s.url, s.admin_key}), access(client) {}
  Result<AccessState> state() { return access.state(setup.email, deadline); }
};
using Shared = std::shared_ptr<Work>;

bool has(const std::vector<Named>& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](const Named& one) { return one.name == name; });
}

std::vector<std::string> names_of(const std::vector<Named>& list) {
  std::vector<std::string> out;
  for (const Named& one : list) out.push_back(one.name);
  std::sort(out.begin(), out.end());
  return out;
}

Status not_there(const std::string& what) {
  return Status::error(ExitCode::refused, what + " is not there any more", "run this again");
}

Step version_step(const std::string& version) {
  const auto parts = split(version, '.');
  constexpr std::uint64_t kMajor = 6;
  if (parse_u64(parts.front()).value_or(0) == kMajor)
    return present_step("version", "OpenCTI " + printable(version, 40));
  return failed_step(
      "version",
      Status::error(ExitCode::refused, "OpenCTI " + printable(version, 40) + " is not supported",
                    "use OpenCTI 6, or create user, token and stream by hand: "
                    "socctl help opencti-stream"));
}

Step admin_step(const opencti::Account& account) {
  std::vector<std::string> lacking;
  for (const char* one : kAdministration) {
    if (!account.can(one)) lacking.emplace_back(one);
  }
  const std::string name = printable(account.name + " (" + account.email + ")", 200);
  if (lacking.empty()) return present_step("administrator", name);
  return failed_step("administrator",
                     Status::error(ExitCode::auth, name + " lacks " + joined(lacking),
                                   "give the token of an administrator"));
}

Status put_role_right(const Shared& work) {
  auto state = work->state();
  if (!state.ok()) return state.status();
  const auto wanted = opencti_capabilities(work->setup);
  opencti::Role role;
  if (const opencti::Role* there = state->role(work->setup.name)) {
    role = *there;
  } else {
    auto id = work->access.add_role(work->setup.name, work->deadline);
    if (!id.ok()) return id.status();
    role.id = *id;
  }
  for (const std::string& name : wanted) {
    if (has(role.capabilities, name)) continue;
    const std::string id = state->capability_id(name);
    if (id.empty()) return not_there("the capability " + name);
    if (Status given = work->access.grant_capability(role.id, id, work->deadline); !given.ok())
      return given;
  }
  for (const Named& held : role.capabilities) {
    if (std::find(wanted.begin(), wanted.end(), held.name) != wanted.end()) continue;
    if (Status taken = work->access.revoke_capability(role.id, held.id, work->deadline);
        !taken.ok())
      return taken;
  }
  return {};
}

Step role_step(const Shared& work, const AccessState& state) {
  const auto wanted = opencti_capabilities(work->setup);
  const opencti::Role* there = state.role(work->setup.name);
  Step step = present_step("role", printable(work->setup.name, 60) + ": " + joined(wanted));
  if (there != nullptr && names_of(there->capabilities) == wanted) return step;
  step.action = [work] { return put_role_right(work); };
  step.state = there == nullptr ? StepState::missing : StepState::differs;
  if (there == nullptr) {
    step.undo = "delete the role in OpenCTI: Settings > Security > Roles";
  } else {
    const std::string before = printable(joined(names_of(there->capabilities)), 300);
    step.detail += " (now: " + (before.empty() ? std::string("none") : before) + ")";
    step.undo = "give the role the capabilities " + before + " again";
  }
  return step;
}

// Markings of the same type above the wanted one.
std::vector<Named> too_high(const Shared& work, const AccessState& state,
                            const opencti::Group& group) {
  std::vector<Named> out;
  for (const Named& held : group.markings) {
    const Marking* one = state.marking(held.name);
    for (const std::string& name : work->setup.markings) {
      const Marking* wanted = state.marking(name);
      if (one != nullptr && wanted != nullptr && one->type == wanted->type &&
          one->order > wanted->order)
        out.push_back(held);
    }
  }
  return out;
}

Status put_group_right(const Shared& work) {
  auto state = work->state();
  if (!state.ok()) return state.status();
  const opencti::Role* role = state->role(work->setup.name);
  if (role == nullptr) return not_there("the role");
  opencti::Group group;
  if (const opencti::Group* there = state->group(work->setup.name)) {
    group = *there;
  } else {
    auto id = work->access.add_group(work->setup.name, work->deadline);
    if (!id.ok()) return id.status();
    group.id = *id;
  }
  if (!has(group.roles, work->setup.name)) {
    if (Status given = work->access.grant_role(group.id, role->id, work->deadline); !given.ok())
      return given;
  }
  for (const std::string& name : work->setup.markings) {
    const Marking* marking = state->marking(name);
    if (has(group.markings, name)) continue;
    if (marking == nullptr) return not_there("the marking " + name);
    if (Status given = work->access.grant_marking(group.id, marking->id, work->deadline);
        !given.ok())
      return given;
  }
  for (const Named& held : too_high(work, *state, group)) {
    if (Status taken = work->access.revoke_marking(group.id, held.id, work->deadline); !taken.ok())
      return taken;
  }
  return {};
}

Step group_step(const Shared& work, const AccessState& state) {
  for (const std::string& name : work->setup.markings) {
    if (state.marking(name) != nullptr) continue;
    return failed_step(
        "group", Status::error(ExitCode::usage, "OpenCTI has no marking " + printable(name, 40),
                               "name one with --max-marking, such as TLP:AMBER"));
  }
  const opencti::Group* there = state.group(work->setup.name);
  Step step = present_step("group", printable(work->setup.name, 60) + ": role " +
                                        printable(work->setup.name, 60) + ", markings to " +
                                        joined(work->setup.markings));
  if (there == nullptr) {
    step.state = StepState::missing;
    step.undo = "delete the group in OpenCTI: Settings > Security > Groups";
  } else {
    std::vector<std::string> lacking;
    if (!has(there->roles, work->setup.name)) lacking.emplace_back("no role");
    for (const std::string& name : work->setup.markings) {
      if (!has(there->markings, name)) lacking.push_back("no " + name);
    }
    for (const Named& held : too_high(work, state, *there)) lacking.push_back(held.name + " too");
    if (lacking.empty()) return step;
    step.state = StepState::differs;
    step.detail += " (now: " + printable(joined(lacking), 200) + ")";
    step.undo = "set role and markings of the group back in OpenCTI";
  }
  step.action = [work] { return put_group_right(work); };
  return step;
}

Status put_user_right(const Shared& work) {
  auto state = work->state();
  if (!state.ok()) return state.status();
  const opencti::Group* group = state->group(work->setup.name);
  if (group == nullptr) return not_there("the group");
  const opencti::User* user = state->user(work->setup.email);
  if (user == nullptr) {
    const auto id = work->access.add_user(work->setup.email, group->id, work->deadline);
    return id.ok() ? Status() : id.status();
  }
  if (!has(user->groups, work->setup.name)) {
    if (Status joined = work->access.join(user->id, group->id, work->deadline); !joined.ok())
      return joined;
  }
  return user->status == "Active" ? Status() : work->access.activate(user->id, work->deadline);
}

Step user_step(const Shared& work, const AccessState& state) {
  const opencti::User* there = state.user(work->setup.email);
  Step step = present_step("user", printable(work->setup.email, 100) + " in the group " +
                                       printable(work->setup.name, 60));
  step.action = [work] { return put_user_right(work); };
  if (there == nullptr) {
    step.state = StepState::missing;
    step.undo = "delete the user in OpenCTI: Settings > Security > Users";
    return step;
  }
  std::vector<std::string> others;
  for (const Named& group : there->groups) {
    if (group.name != work->setup.name) others.push_back(group.name);
  }
  if (!others.empty())
    step.next = "its other groups give it more rights: " + printable(joined(others), 200);
  const bool member = has(there->groups, work->setup.name), active = there->status == "Active";
  if (member && active) {
    step.action = nullptr;
    return step;
  }
  step.state = StepState::differs;
  step.detail += member ? " (now: " + printable(there->status, 40) + ")" : " (now: not in it)";
  step.undo = member ? "deactivate the user again" : "take the user out of the group again";
  return step;
}

Result<Secret> users_token(const Shared& work) {
  const auto state = work->state();
  if (!state.ok()) return state.status();
  const opencti::User* user = state->user(work->setup.email);
  if (user == nullptr) return not_there("the user");
  return work->access.token(user->id, work->deadline);
}

Result<Secret> new_token(const Shared& work) {
  const auto state = work->state();
  if (!state.ok()) return state.status();
  const opencti::User* user = state->user(work->setup.email);
  if (user == nullptr) return not_there("the user");
  auto token = work->access.renew_token(user->id, work->deadline);
  if (!token.ok() || !token->empty()) return token;
  return Status::error(ExitCode::refused, "OpenCTI's answer has no token",
                       "create a token in OpenCTI and write it into the file");
}

Result<bool> opens(const Shared& work, const Secret& token) {
  opencti::Client client(work->http, {work->setup.url, token});
  const auto account = opencti::whoami(client, work->deadline);
  if (account.ok()) return iequals(account->email, work->setup.email);
  if (account.status().code() == ExitCode::auth) return false;
  return account.status();
}

Step key_step(const Shared& work, const AccessState& state) {
  UserKey key;
  key.path = work->setup.key_file;
  key.user = work->setup.email;
  key.has_key =
      state.user(work->setup.email) != nullptr;  // users get a token when they are created
  key.renew = work->setup.renew_key;
  key.next = configuration_of("opencti", work->setup.url, work->setup.key_file);
  key.opens = [work](const Secret& given) { return opens(work, given); };
  key.read = [work] { return users_token(work); };
  key.make = [work] { return new_token(work); };
  return plan_user_key(work->env, std::move(key));
}

// Compares independently of the JSON's spelling.
bool same_filters(const std::string& stored) {
  const auto document = json::Document::parse(stored);
  const auto wanted = json::Document::parse(stream_filters());
  if (!document.ok() || !wanted.ok()) return false;
  const json::Value a = document->root(), b = wanted->root();
  if (a["mode"].text() != b["mode"].text() || a["filterGroups"].size() != 0 ||
      a["filters"].size() != b["filters"].size())
    return false;
  const auto find = [&](const std::string& key) {
    for (std::size_t i = 0; i < a["filters"].size(); ++i) {
      const json::Value one = a["filters"].at(i);
      const std::string name = one["key"].is_array() ? one["key"].at(0).text() : one["key"].text();
      if (name == key) return one;
    }
    return json::Value();
  };
  for (std::size_t i = 0; i < b["filters"].size(); ++i) {
    const json::Value want = b["filters"].at(i), is = find(want["key"].at(0).text());
    const std::string operation = is["operator"].text();
    if ((!operation.empty() && operation != "eq") || is["values"].dump() != want["values"].dump())
      return false;
  }
  return true;
}

Status put_stream_right(const Shared& work) {
  auto state = work->state();
  if (!state.ok()) return state.status();
  const opencti::Group* group = state->group(work->setup.name);
  if (group == nullptr) return not_there("the group");
  if (const opencti::StreamCollection* there = state->stream(work->setup.name))
    return work->access.set_stream(there->id, stream_filters(), work->deadline);
  const auto id =
      work->access.add_stream(work->setup.name, stream_filters(), group->id, work->deadline);
  return id.ok() ? Status() : id.status();
}

Step stream_step(const Shared& work, const AccessState& state) {
  const opencti::StreamCollection* there = state.stream(work->setup.name);
  Step step = present_step("stream", printable(work->setup.name, 60) +
                                         ": indicators with STIX patterns, for the group only");
  if (there == nullptr) {
    step.state = StepState::missing;
    step.undo = "delete the stream in OpenCTI: Data > Data sharing > Live streams";
    step.next = "run this again for its id, then set STREAM_ID in /etc/socctl/opencti-stream.env";
  } else {
    step.next = "STREAM_ID=" + printable(there->id, 60) + " in /etc/socctl/opencti-stream.env";
    std::vector<std::string> differing;
    if (!same_filters(there->filters)) differing.emplace_back("other filters");
    if (!there->live) differing.emplace_back("stopped");
    if (there->open_to_all) differing.emplace_back("public");
    if (differing.empty()) return step;
    step.state = StepState::differs;
    step.detail += " (now: " + joined(differing) + ")";
    step.undo = "set the stream back in OpenCTI: Data > Data sharing > Live streams";
  }
  step.action = [work] { return put_stream_right(work); };
  return step;
}

}  // namespace

std::vector<std::string> opencti_capabilities(const OpenctiSetup& setup) {
  std::vector<std::string> out = {"KNOWLEDGE", "MODULES", "TAXIIAPI"};
  if (setup.sightings) out.insert(out.begin() + 1, "KNOWLEDGE_KNUPDATE");
  return out;
}

std::string stream_filters() {
  return R"({"mode":"and","filters":[{"key":["entity_type"],"operator":"eq","values":)"
         R"(["Indicator"],"mode":"or"},{"key":["pattern_type"],"operator":"eq","values":["stix"],)"
         R"("mode":"or"}],"filterGroups":[]})";
}

std::vector<Step> plan_opencti(Env& env, http::Client& http, const OpenctiSetup& setup,
                               const Deadline& deadline) {
  const Shared work = std::make_shared<Work>(env, http, setup, deadline);
  const auto account = opencti::whoami(work->client, deadline);
  if (!account.ok()) return {failed_step("administrator", account.status())};
  std::vector<Step> steps = {version_step(account->platform_version), admin_step(*account)};
  if (has_failed(steps)) return steps;
  const auto state = work->state();
  if (!state.ok()) {
    steps.push_back(failed_step("access", state.status()));
    return steps;
  }
  steps.push_back(role_step(work, *state));
  steps.push_back(group_step(work, *state));
  steps.push_back(user_step(work, *state));
  steps.push_back(key_step(work, *state));
  steps.push_back(stream_step(work, *state));
  return steps;
}

}  // namespace socbridge::setup
