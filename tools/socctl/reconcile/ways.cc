// SPDX-License-Identifier: Apache-2.0
#include "socctl/reconcile/ways.h"

#include <utility>

#include "base/text.h"
#include "integration/block_routes.h"
#include "integration/destination_settings.h"
#include "integration/endpoint_override.h"
#include "mapping/mapping.h"
#include "socctl/common/wazuh_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

Result<profile::Endpoint> endpoint_of_block(const ReconcileOptions& options,
                                            const std::vector<integration::BlockRoute>& blocks) {
  if (!options.target.flags.url.empty()) {
    return Status::error(ExitCode::usage, "--block and --url name two targets", "give one of them");
  }
  if (options.block > blocks.size()) {
    return Status::error(ExitCode::usage, "there is no block " + std::to_string(options.block) +
                                              ": ossec.conf has " + std::to_string(blocks.size()) +
                                              " of custom-w2thive");
  }
  const integration::BlockRoute& block = blocks[options.block - 1];
  if (const Status bad = first_error(block.loaded); !bad.ok()) return bad;
  const integration::Settings& settings = block.loaded.settings;
  if (const Status bad = integration::check_target(settings, block.place); !bad.ok()) return bad;
  profile::Endpoint endpoint;
  endpoint.url = settings.endpoint.url;
  endpoint.key = settings.endpoint.key;
  endpoint.organisation = settings.endpoint.organisation;
  endpoint.ca_file = settings.http.tls.ca_file;
  endpoint.ca_dir = settings.http.tls.ca_dir;
  endpoint.proxy = settings.http.proxy;
  endpoint.proxy_login = settings.http.proxy_login;
  endpoint.client_cert_file = settings.http.tls.client_cert_file;
  endpoint.client_key_file = settings.http.tls.client_key_file;
  endpoint.pinned_key = settings.http.tls.pinned_key;
  endpoint.insecure = settings.http.tls.insecure;
  return endpoint;
}

// Alerts are sent with the settings of the block, to the resolved endpoint.
Status apply_endpoints(const ReconcileOptions& options, const integration::Loaded& flags,
                       const profile::Endpoint& endpoint, Ways& ways) {
  for (const integration::BlockRoute& block : ways.selection.blocks) {
    if (const Status bad = first_error(block.loaded); !bad.ok()) {
      return Status::error(bad.code(), block.place + ": " + bad.message(), bad.hint());
    }
    integration::Settings settings = block.loaded.settings;
    if (!options.mapping.options_file.empty()) settings.mapping = flags.settings.mapping;
    profile::Endpoint target = endpoint;
    if (target.organisation.empty()) target.organisation = settings.endpoint.organisation;
    apply_endpoint(target, settings);
    ways.settings.push_back(std::move(settings));
  }
  return {};
}

// Without a block it is unknown which alerts integratord forwards; sending all levels would be too
// many.
void limit_level(const integration::Loaded& flags, Ways& ways) {
  if (flags.values.origin("min_level") != "default") return;
  ways.settings.back().mapping.min_level = kUsualLevel;
  ways.usual_level = true;
}

// Resolves root's own configuration first: it cannot be read after enter_wazuh().
Result<profile::Endpoint> find_endpoint(const ReconcileOptions& options, const Inputs& inputs,
                                        Env& env) {
  profile::Endpoint endpoint;
  if (options.block == 0) {
    auto found =
        profile::resolve(env, "thehive", options.target.flags, profile::SystemPaths::of_process());
    if (!found.ok()) return found.status();
    endpoint = std::move(*found);
  }
  std::vector<std::string> named = inputs.files();
  named.push_back(options.target.flags.ossec_conf);
  const Status in = enter_wazuh(env, options.mapping.named(named), options.metrics_file);
  if (!in.ok()) return in;
  return endpoint;
}

// Alerts of a tenant must stay with it: a URL on the command line must not bypass the rules.
Status check_not_named(const integration::Loaded& loaded, const profile::Endpoint& endpoint) {
  for (const integration::DestinationRow& row : loaded.destinations) {
    if (row.url != endpoint.url || row.organisation != endpoint.organisation) continue;
    return Status::error(ExitCode::usage,
                         printable(endpoint.url, 100) + " is destination " + row.name,
                         "run it with --destination " + row.name);
  }
  return {};
}

void add_unchecked(const integration::Loaded& loaded, Ways& ways) {
  std::string names;
  for (const integration::DestinationRow& row : loaded.destinations) {
    if (row.name != ways.destination) names += (names.empty() ? "" : ", ") + row.name;
  }
  if (names.empty()) return;
  ways.selection.remarks.push_back("other destinations are not checked: --destination " + names);
}

struct Configured {
  integration::Loaded flags;
  std::vector<integration::BlockRoute> blocks;
};

Result<Configured> load_all(const ReconcileOptions& options, Env& env) {
  const std::string home = wazuh::find_home();
  const std::string named = options.target.flags.ossec_conf;
  const std::string conf = named.empty() ? home + "/etc/ossec.conf" : named;
  auto flags = options.mapping.load(env, conf);
  if (!flags.ok()) return flags.status();
  auto blocks = integration::block_routes(env, {home, flags->config_file, conf});
  if (!blocks.ok()) return blocks.status();
  return Configured{std::move(*flags), std::move(*blocks)};
}

// One route for each block that leads to the same TheHive as the first one.
Result<Ways> ways_to(const std::string& name, const ReconcileOptions& options,
                     Configured configured) {
  Ways ways;
  ways.destination = name;
  const auto add = [&](const integration::Loaded& loaded,
                       const std::string& place) -> Result<bool> {
    integration::DestinationSettings found = integration::settings_for(loaded, name);
    if (!found.errors.empty()) {
      const Status& bad = found.errors.front();
      return Status::error(bad.code(), (place.empty() ? "" : place + ": ") + bad.message(),
                           bad.hint());
    }
    if (!options.mapping.options_file.empty()) {
      found.settings.mapping = configured.flags.settings.mapping;
    }
    const thehive::Endpoint& endpoint = found.settings.endpoint;
    if (ways.settings.empty()) ways.url = endpoint.url;
    const bool same = ways.settings.empty() ||
                      (endpoint.url == ways.url &&
                       endpoint.organisation == ways.settings.front().endpoint.organisation);
    if (same) ways.settings.push_back(std::move(found.settings));
    return same;
  };
  for (integration::BlockRoute& block : configured.blocks) {
    const auto same = add(block.loaded, block.place);
    if (!same.ok()) return same.status();
    if (*same) {
      ways.selection.places.push_back(block.place);
      ways.selection.blocks.push_back(std::move(block));
    } else {
      ways.selection.elsewhere.push_back(block.place + " to another TheHive");
    }
  }
  if (ways.settings.empty()) {
    const auto added = add(configured.flags, {});
    if (!added.ok()) return added.status();
    limit_level(configured.flags, ways);
  }
  add_unchecked(configured.flags, ways);
  return ways;
}

Result<Ways> named_ways(const ReconcileOptions& options, const Inputs& inputs, Env& env) {
  if (options.block > 0 || !options.target.flags.url.empty()) {
    return Status::error(ExitCode::usage,
                         "--destination and " +
                             std::string(options.block > 0 ? "--block" : "--url") +
                             " name two targets",
                         "give one of them");
  }
  std::vector<std::string> named = inputs.files();
  named.push_back(options.target.flags.ossec_conf);
  const Status in = enter_wazuh(env, options.mapping.named(named), options.metrics_file);
  if (!in.ok()) return in;
  auto configured = load_all(options, env);
  if (!configured.ok()) return configured.status();
  return ways_to(options.destination, options, std::move(*configured));
}

}  // namespace

Result<Ways> find_ways(const ReconcileOptions& options, const Inputs& inputs, Env& env) {
  if (!options.destination.empty() && options.destination != mapping::kTopLevel) {
    return named_ways(options, inputs, env);
  }
  auto endpoint = find_endpoint(options, inputs, env);
  if (!endpoint.ok()) return endpoint.status();
  auto configured = load_all(options, env);
  if (!configured.ok()) return configured.status();
  const integration::Loaded& flags = configured->flags;
  if (const Status bad = first_error(flags); !bad.ok()) return bad;
  if (options.block > 0) {
    auto own = endpoint_of_block(options, configured->blocks);
    if (!own.ok()) return own.status();
    endpoint = std::move(*own);
  }
  if (const Status bad = check_not_named(flags, *endpoint); !bad.ok()) return bad;
  Ways ways;
  ways.url = endpoint->url;
  ways.selection = reconcile::select_blocks(std::move(configured->blocks),
                                            {endpoint->url, endpoint->organisation});
  if (const Status bad = apply_endpoints(options, flags, *endpoint, ways); !bad.ok()) return bad;
  if (ways.settings.empty()) {
    ways.settings.push_back(flags.settings);
    limit_level(flags, ways);
    apply_endpoint(*endpoint, ways.settings.back());
  }
  add_unchecked(flags, ways);
  return ways;
}

}  // namespace socbridge::socctl
