// SPDX-License-Identifier: Apache-2.0
#include "opencti/account.h"

#include <algorithm>

#include "opencti/queries.h"

namespace socbridge::opencti {
namespace {

std::vector<std::string> members(json::Value list, std::string_view name) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (std::string text = list.at(i)[name].string_text(); !text.empty())
      out.push_back(std::move(text));
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
      client.query("reading the token's user from OpenCTI", queries::text("me"), {}, deadline);
  if (!answer.ok()) return answer.status();
  const json::Value data = answer->root()["data"];
  const json::Value me = data["me"];
  if (!me.is_object()) {
    // An unknown token gives AUTH_REQUIRED, never an empty answer.
    return Status::error(ExitCode::unreachable,
                         "reading the token's user from OpenCTI: the answer has no user",
                         "try again later");
  }
  Account out;
  out.id = me["id"].string_text();
  out.name = me["name"].string_text();
  out.email = me["user_email"].string_text();
  out.status = me["account_status"].string_text();
  out.capabilities = members(me["capabilities"], "name");
  out.markings = members(me["allowed_marking"], "definition");
  out.draft = me["draftContext"]["name"].string_text();
  out.platform_version = data["about"]["version"].string_text();
  return out;
}

}  // namespace socbridge::opencti
