// SPDX-License-Identifier: Apache-2.0
#include "opencti/techniques.h"

#include "opencti/relationships.h"

namespace socbridge::opencti {

Result<std::map<std::string, std::vector<Technique>>> find_techniques(
    Client& client, const std::vector<std::string>& ids, bool of_threats,
    const Deadline& deadline) {
  Contexts contexts;
  for (const std::string& id : ids) {
    Context one;
    one.indicators.emplace_back();
    one.indicators.back().id = id;
    contexts.contexts.push_back(std::move(one));
  }
  if (const Status s = add_links(client, contexts, of_threats ? 2 : 1, deadline); !s.ok()) return s;
  std::map<std::string, std::vector<Technique>> out;
  for (const Context& context : contexts.contexts) {
    const auto [at, first] = out.try_emplace(context.indicators.front().id);
    if (!first) continue;  // a repeated id
    std::vector<Technique>& found = at->second;
    for (const Link& link : context.links) {  // direct ones come first
      if (link.threat.mitre_id.empty()) continue;
      found.push_back({link.threat.mitre_id, link.via, link.markings});
    }
  }
  return out;
}

}  // namespace socbridge::opencti
