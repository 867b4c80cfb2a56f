// SPDX-License-Identifier: Apache-2.0
#include "opencti/relationships.h"

#include <algorithm>
#include <map>
#include <utility>

#include "json/writer.h"
#include "opencti/queries.h"

namespace socbridge::opencti {
namespace {

constexpr std::size_t kIdsAtOnce = 100;
constexpr std::size_t kDirectPerId = 100;
constexpr std::size_t kMostSources = 50;
constexpr std::size_t kMostIndirect = 200;
constexpr std::size_t kPageSize = 500;

void write_list(json::Writer& w, std::string_view name, const std::vector<std::string>& texts) {
  w.key(name);
  w.begin_array();
  for (const std::string& text : texts) w.value(text);
  w.end_array();
}

struct Page {
  std::vector<Relationship> relationships;
  bool cut = false;  // there are more than were read
};

Result<Page> read_relationships(Client& client, const std::vector<std::string>& ids,
                                const std::vector<std::string>& kinds, std::size_t most,
                                const Deadline& deadline) {
  Page out;
  std::string after;
  while (out.relationships.size() < most) {
    json::Writer w;
    w.begin_object();
    write_list(w, "ids", ids);
    if (!kinds.empty()) write_list(w, "kinds", kinds);
    write_list(w, "neighbours", threat_types());
    w.member("first",
             static_cast<std::uint64_t>(std::min(kPageSize, most - out.relationships.size())));
    if (!after.empty()) w.member("after", after);
    w.end_object();
    const auto answer = client.query("asking OpenCTI for relationships",
                                     queries::text("relationships"), w.text(), deadline);
    if (!answer.ok()) return answer.status();
    const json::Value connection = answer->root()["data"]["stixCoreRelationships"];
    const json::Value edges = connection["edges"];
    for (std::size_t i = 0; i < edges.size(); ++i) {
      out.relationships.push_back(read_relationship(edges.at(i)["node"]));
    }
    after = connection["pageInfo"]["endCursor"].string_text();
    const bool more = connection["pageInfo"]["hasNextPage"].boolean().value_or(false);
    if (!more || edges.size() == 0 || after.empty()) return out;
  }
  out.cut = true;
  return out;
}

// The other end of a relationship of the object with that id.
const Threat* other_end(const Relationship& link, const std::string& id) {
  const Threat* other = nullptr;
  if (link.from_id == id) other = &link.to;
  if (link.to_id == id) other = &link.from;
  if (other == nullptr || other->id == id || !is_threat_type(other->type)) return nullptr;
  return other;
}

// The link of the object with that id; for an indirect one `near` is the intermediate threat.
Link link_of(const Relationship& from, const std::string& id, const Threat& other,
             const Link* near) {
  Link out;
  out.threat = other;
  out.kind = from.kind;
  out.confidence = from.confidence;
  out.end = from.from_id == id ? Link::End::target : Link::End::source;
  out.markings = from.markings;
  out.markings.insert(out.markings.end(), other.markings.begin(), other.markings.end());
  if (near == nullptr) return out;
  out.via = near->threat.name;
  out.via_id = near->threat.id;
  out.markings.insert(out.markings.end(), near->markings.begin(), near->markings.end());
  return out;
}

int rank(const Link& link) {
  const auto& types = threat_types();
  const auto at = std::find(types.begin(), types.end(), link.threat.type);
  return static_cast<int>(at - types.begin()) + (link.via.empty() ? 0 : 100);
}

void add_link(std::vector<Link>& links, Link link) {
  const bool known = std::any_of(links.begin(), links.end(), [&](const Link& other) {
    return other.threat.id == link.threat.id && other.kind == link.kind && other.end == link.end &&
           other.via_id == link.via_id && other.subject == link.subject;
  });
  if (!known) links.push_back(std::move(link));
}

using Ids = std::map<std::string, std::vector<std::size_t>>;  // UUID -> contexts it belongs to

Ids subjects_of(const std::vector<Context>& contexts,
                std::map<std::string, std::string>& standard_ids) {
  Ids out;
  const auto add = [&](const std::string& id, const std::string& standard_id, std::size_t context) {
    out[id].push_back(context);
    standard_ids[id] = standard_id;
  };
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    for (const auto& one : contexts[i].observables) add(one.id, one.standard_id, i);
    for (const auto& one : contexts[i].indicators) add(one.id, one.standard_id, i);
  }
  return out;
}

Status add_direct(Client& client, Contexts& contexts, const Deadline& deadline) {
  std::map<std::string, std::string> standard_ids;
  const Ids subjects = subjects_of(contexts.contexts, standard_ids);
  std::vector<std::string> ids;
  for (const auto& [id, owners] : subjects) ids.push_back(id);
  for (std::size_t i = 0; i < ids.size(); i += kIdsAtOnce) {
    const std::vector<std::string> some(
        ids.begin() + static_cast<std::ptrdiff_t>(i),
        ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), i + kIdsAtOnce)));
    const auto page = read_relationships(client, some, {}, kDirectPerId * some.size(), deadline);
    if (!page.ok()) return page.status();
    if (page->cut) {
      contexts.notes.emplace_back("more direct links are known than were read (100 per value)");
    }
    for (const Relationship& link : page->relationships) {
      for (const std::string& id : {link.from_id, link.to_id}) {
        const auto owners = subjects.find(id);
        const Threat* threat = other_end(link, id);
        if (owners == subjects.end() || threat == nullptr) continue;
        for (const std::size_t owner : owners->second) {
          Link found = link_of(link, id, *threat, nullptr);
          found.subject = standard_ids[id];
          add_link(contexts.contexts[owner].links, std::move(found));
        }
      }
    }
  }
  return {};
}

Status add_indirect(Client& client, Contexts& contexts, const Deadline& deadline) {
  std::vector<std::string> ids;
  for (const Context& context : contexts.contexts) {
    for (const Link& link : context.links) {
      if (link.threat.type == "Attack-Pattern") continue;  // nearly every threat uses techniques
      if (std::find(ids.begin(), ids.end(), link.threat.id) == ids.end()) {
        ids.push_back(link.threat.id);
      }
    }
  }
  if (ids.empty()) return {};
  if (ids.size() > kMostSources) {
    ids.resize(kMostSources);
    contexts.notes.emplace_back("indirect links were read for the first 50 threats only");
  }
  const auto page = read_relationships(client, ids, {"uses", "attributed-to", "authored-by"},
                                       kMostIndirect, deadline);
  if (!page.ok()) return page.status();
  if (page->cut) contexts.notes.emplace_back("more indirect links are known than were read (200)");
  for (Context& context : contexts.contexts) {
    const std::vector<Link> direct = context.links;
    for (const Link& near : direct) {
      for (const Relationship& link : page->relationships) {
        const Threat* threat = other_end(link, near.threat.id);
        const bool asked = std::find(ids.begin(), ids.end(), near.threat.id) != ids.end();
        if (threat == nullptr || !asked) continue;
        const bool direct_too = std::any_of(direct.begin(), direct.end(), [&](const Link& one) {
          return one.threat.id == threat->id;
        });
        if (!direct_too) {
          add_link(context.links, link_of(link, near.threat.id, *threat, &near));
        }
      }
    }
  }
  return {};
}

}  // namespace

Status add_links(Client& client, Contexts& contexts, int depth, const Deadline& deadline) {
  if (const Status done = add_direct(client, contexts, deadline); !done.ok()) return done;
  if (depth > 1) {
    if (const Status done = add_indirect(client, contexts, deadline); !done.ok()) return done;
  }
  for (Context& context : contexts.contexts) {
    std::stable_sort(context.links.begin(), context.links.end(), [](const Link& a, const Link& b) {
      return rank(a) != rank(b) ? rank(a) < rank(b) : a.threat.name < b.threat.name;
    });
  }
  return {};
}

}  // namespace socbridge::opencti
