// SPDX-License-Identifier: Apache-2.0
#include "opencti/account.h"

#include <algorithm>

#include "opencti/queries.h"

namespace socbridge::opencti {
namespace {

std::string text_of(json::Value value) { return std::string(value.string().value_or("")); }

std::vector<std::string> members(json::Value list, std::string_view name) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (std::string text = text_of(list.at(i)[name]); !text.empty()) out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

bool Account::can(std::string_view capability) const {
  return std::any_of(capabilities.begin(), capabilities.end(), [&](const std::string& held) {
    return held == "BYPASS" || held.find(capability) != std::string::npos;
  });
}

const std::vector<Need>& needs() {
  static const std::vector<Need> all = {
      {"KNOWLEDGE", "context, sighting, stream enrichment"},
      {"KNOWLEDGE_KNUPDATE", "sighting"},
      {"MODULES", "connectors, health of the feeds"},
      {"TAXIIAPI", "stream, health of the stream"},
  };
  return all;
}

Result<Account> whoami(Client& client, const Deadline& deadline) {
  const auto answer =
      client.query("asking OpenCTI who the token is", queries::text("me"), {}, deadline);
  if (!answer.ok()) return answer.status();
  const json::Value data = answer->root()["data"];
  const json::Value me = data["me"];
  if (!me.is_object()) {
    // A token that is not known is AUTH_REQUIRED, never silence.
    return Status::error(ExitCode::unreachable,
                         "asking OpenCTI who the token is: the answer names no user",
                         "try again later");
  }
  Account out;
  out.id = text_of(me["id"]);
  out.name = text_of(me["name"]);
  out.email = text_of(me["user_email"]);
  out.status = text_of(me["account_status"]);
  out.capabilities = members(me["capabilities"], "name");
  out.markings = members(me["allowed_marking"], "definition");
  out.draft = text_of(me["draftContext"]["name"]);
  out.platform_version = text_of(data["about"]["version"]);
  return out;
}

}  // namespace socbridge::opencti
