// SPDX-License-Identifier: Apache-2.0
#include "profile/indexer.h"

#include <array>
#include <utility>

#include "config/settings.h"
#include "profile/section.h"

namespace socbridge::profile {
namespace {

using opensearch::Patterns;

struct Member {
  std::string_view name;
  std::string Patterns::*pattern;
};
constexpr std::array<Member, 6> kMembers = {{{"alerts", &Patterns::alerts},
                                             {"findings", &Patterns::findings},
                                             {"monitoring", &Patterns::monitoring},
                                             {"statistics", &Patterns::statistics},
                                             {"dead_letters", &Patterns::dead_letters},
                                             {"state", &Patterns::state}}};

}  // namespace

config::Schema indices_schema() {
  config::Schema schema;
  for (const Member& member : kMembers) {
    schema.push_back({member.name, config::Kind::string, "\"\"", "names of indices"});
  }
  return schema;
}

Result<Patterns> find_patterns(Env& env, const Flags& flags, const SystemPaths& system) {
  const auto section = find_section(env, "indices", flags, system);
  if (!section.ok()) return section.status();
  return read_patterns(*section);
}

Result<Patterns> read_patterns(const Section& section) {
  if (Status bad = check_object(section, {}, section.value(), indices_schema()); !bad.ok()) {
    return bad;
  }
  Patterns patterns;
  for (const Member& member : kMembers) {
    const auto given = section.value()[member.name].string();
    if (!given) continue;
    if (const Status bad = opensearch::check_pattern(*given); !bad.ok()) {
      return Status::error(ExitCode::usage, section.where(member.name) + ": " + bad.message(),
                           bad.hint());
    }
    patterns.*member.pattern = std::string(*given);
  }
  return patterns;
}

opensearch::ConnectionOptions connection_options(const Endpoint& endpoint) {
  opensearch::ConnectionOptions options;
  options.urls = {endpoint.url};
  options.urls.insert(options.urls.end(), endpoint.more_urls.begin(), endpoint.more_urls.end());
  options.user = endpoint.user;
  options.key = endpoint.key;
  options.scheme = endpoint.scheme;
  return options;
}

}  // namespace socbridge::profile
