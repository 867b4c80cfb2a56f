// SPDX-License-Identifier: Apache-2.0
#include "opencti/context.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"
#include "opencti/context_details.h"
#include "opencti/context_search.h"
#include "opencti/halving.h"
#include "opencti/relationships.h"

namespace socbridge::opencti {

bool Context::only_revoked() const {
  return !indicators.empty() && std::all_of(indicators.begin(), indicators.end(),
                                            [](const Indicator& one) { return one.revoked; });
}

std::string filter_group(const std::vector<AnyOf>& filters) {
  json::Writer w;
  w.begin_object();
  w.member("mode", "or");
  w.key("filters");
  w.begin_array();
  for (const AnyOf& one : filters) {
    w.begin_object();
    w.key("key");
    w.begin_array();
    for (const std::string& key : one.keys) w.value(key);
    w.end_array();
    w.key("values");
    w.begin_array();
    for (const std::string& value : one.values) w.value(value);
    w.end_array();
    w.member("operator", "eq");
    w.member("mode", "or");
    w.end_object();
  }
  w.end_array();
  w.key("filterGroups");
  w.begin_array();
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

Result<Contexts> find_context(Client& client, const std::vector<Value>& values,
                              const ContextOptions& options, const Deadline& deadline) {
  std::vector<Wanted> wanted;
  wanted.reserve(values.size());
  for (const Value& value : values) {
    Wanted one;
    one.context.value = value;
    one.lookup = lookup_keys_of(value);
    wanted.push_back(std::move(one));
  }
  Contexts out;
  Halving halving(deadline);
  ContextSearch search(client, halving, out.notes);
  if (const Status looked = search.run(wanted); !looked.ok()) return looked;
  // If all values failed, the cause is not a single value.
  const bool none = std::all_of(wanted.begin(), wanted.end(),
                                [](const Wanted& one) { return !one.context.status.ok(); });
  if (none && !wanted.empty()) return wanted.front().context.status;
  for (Wanted& one : wanted) out.contexts.push_back(std::move(one.context));
  if (const Status added = add_details(client, halving, out, options.detail); !added.ok()) {
    return added;
  }
  if (options.depth > 0) {
    const Status linked = add_links(client, out, options.depth, deadline);
    if (!linked.ok()) return linked;
  }
  return out;
}

}  // namespace socbridge::opencti
