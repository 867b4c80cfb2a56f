#include "opencti/techniques.h"

#include <algorithm>

#include "opencti/links.h"

namespace socbridge::opencti {

Result<std::map<std::string, std::vector<Technique>>> find_techniques(
    Client& client, const std::vector<std::string>& ids, bool of_threats, std::size_t most,
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
    std::vector<Technique>& found = out[context.indicators.front().id];
    for (const Link& link : context.links) {  // direct ones come first
      if (link.threat.mitre_id.empty() || found.size() >= most) continue;
      const bool twice = std::any_of(found.begin(), found.end(), [&](const Technique& other) {
        return other.mitre_id == link.threat.mitre_id;
      });
      if (!twice) found.push_back({link.threat.mitre_id, link.via});
    }
  }
  return out;
}

}  // namespace socbridge::opencti
