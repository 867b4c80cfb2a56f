// SPDX-License-Identifier: Apache-2.0
#include "socctl/grafana/options.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "grafana/client.h"
#include "grafana/editor.h"
#include "http/client.h"
#include "http/service.h"
#include "json/writer.h"

namespace socbridge::socctl {
namespace {

using provisioning::Item;
using provisioning::State;

constexpr const char* kOwnManifest = "/etc/socctl/grafana.yaml";
constexpr const char* kShippedManifest = "/usr/share/socbridge/grafana/socbridge.yaml";

std::string manifest_of(Env& env, const GrafanaOptions& options) {
  if (!options.manifest.empty()) return options.manifest;
  return env.stat(kOwnManifest).ok() ? kOwnManifest : kShippedManifest;
}

term::Style style_of(State state) {
  switch (state) {
    case State::current:
    case State::provisioned: return term::Style::green;
    case State::failed: return term::Style::red;
    default: return term::Style::yellow;
  }
}

void write_common(json::Writer& w, const Item& item) {
  w.member("kind", item.kind);
  w.member("name", item.name);
  w.member("uid", item.uid);
}

std::string item_json(const Item& item) {
  json::Writer w;
  w.begin_object();
  write_common(w, item);
  w.member("state", provisioning::state_name(item.state));
  w.member("action", provisioning::action_name(item.action));
  w.member("detail", item.status.ok() ? item.detail : item.status.message());
  w.member("hint", item.status.hint());
  w.key("differences");
  w.begin_array();
  for (const provisioning::Difference& one : item.differences) w.value(one.path);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

}  // namespace

void GrafanaOptions::add_to(Command& command) {
  command
      .add_option("--manifest", manifest,
                  "Manifest for Grafana, YAML or JSON (default: /etc/socctl/grafana.yaml, then "
                  "the shipped one)")
      ->type_name("FILE");
  command
      .add_option("--data-sources", sources_file,
                  "A provisioning file of Grafana's instead of the manifest's data sources")
      ->type_name("FILE");
  command
      .add_option("--catalogue", catalogue,
                  "Folder with NUMBER.json for dashboards of grafana.com, where Grafana cannot "
                  "reach it")
      ->type_name("DIR");
  endpoint.add_to(command);
  add_output_option(command, output);
}

Result<std::vector<Item>> provision(Env& env, const GrafanaOptions& options,
                                    provisioning::Options how) {
  const auto timeout = options.endpoint.timeout_ms();
  if (!timeout.ok()) return timeout.status();
  const auto manifest =
      provisioning::read_manifest(env, manifest_of(env, options), options.sources_file);
  if (!manifest.ok()) return manifest.status();
  auto endpoint = options.endpoint.resolve(env);
  if (!endpoint.ok()) return endpoint.status();
  http::Client client(client_options(*endpoint));
  http::ServiceOptions service;
  service.product = grafana::kErrors;
  service.url = endpoint->url;
  service.user = endpoint->user;
  service.key = std::move(endpoint->key);
  grafana::Editor editor(http::Service(client, std::move(service)), *timeout);
  how.catalogue = options.catalogue;
  return provisioning::Provisioner(env, editor, *manifest, std::move(how)).run();
}

void print_items(const std::vector<Item>& items, term::Format format, const Context& context) {
  term::Records records(format, context.out, {"KIND", "NAME", "UID", "STATE", "ACTION", "DETAIL"},
                        write_out);
  for (const Item& item : items) {
    records.add({{item.kind},
                 {item.name},
                 {item.uid, term::Style::dim},
                 {provisioning::state_name(item.state), style_of(item.state)},
                 {provisioning::action_name(item.action)},
                 {item.status.ok() ? item.detail : item.status.message()}},
                item_json(item));
  }
  records.finish();
}

void print_differences(const std::vector<Item>& items, term::Format format,
                       const Context& context) {
  term::Records records(format, context.out, {"KIND", "NAME", "PATH", "GRAFANA", "MANIFEST"},
                        write_out);
  const auto add = [&](const Item& item, const provisioning::Difference& one) {
    json::Writer w;
    w.begin_object();
    write_common(w, item);
    w.member("state", provisioning::state_name(item.state));
    w.member("path", one.path);
    w.member("grafana", one.there);
    w.member("manifest", one.wanted);
    w.end_object();
    const auto text = [](const std::string& value) { return value.empty() ? "-" : value; };
    records.add({{item.kind},
                 {item.name},
                 {one.path},
                 {text(one.there), term::Style::red},
                 {text(one.wanted), term::Style::green}},
                std::move(w).take());
  };
  for (const Item& item : items) {
    if (item.state == State::missing) add(item, {"/", "", "(all of it)"});
    for (const provisioning::Difference& one : item.differences) add(item, one);
  }
  records.finish("No differences.");
}

void report_failures(const std::vector<Item>& items) {
  for (const Item& item : items) {
    if (item.status.ok()) continue;
    warn(std::string(item.kind) + " " + printable(item.name, 120) + ": " + item.status.line());
  }
}

ExitCode code_of_failures(const std::vector<Item>& items) {
  const auto failed = [](const Item& item) { return item.state == State::failed; };
  const auto first = std::find_if(items.begin(), items.end(), failed);
  if (first == items.end()) return ExitCode::ok;
  return std::all_of(items.begin(), items.end(), failed) ? first->status.code()
                                                         : ExitCode::degraded;
}

}  // namespace socbridge::socctl
