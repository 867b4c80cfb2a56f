// SPDX-License-Identifier: Apache-2.0
#include "integration/destination_settings.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "integration/endpoint_keys.h"
#include "integration/tls_settings.h"

namespace socbridge::integration {
namespace {

bool is_set(const config::Settings& values, std::string_view key) {
  return values.origin(key) != "default";
}

void set_certificates(const DestinationRow& row, const http::ClientOptions& own,
                      http::ClientOptions& http) {
  http::TlsOptions& tls = http.tls;
  if (row.own_url || !own.tls.client_cert_file.empty()) {
    tls.client_cert_file = own.tls.client_cert_file;
    tls.client_key_file = own.tls.client_key_file;
  }
  if (row.own_url || is_set(row.values, "pinned_key")) tls.pinned_key = own.tls.pinned_key;
  if (row.own_url || is_set(row.values, "insecure")) tls.insecure = own.tls.insecure;
}

void set_way(const Loaded& loaded, const DestinationRow& row, DestinationSettings& out) {
  http::ClientOptions own;
  const Keys keys(row.values, row.name);
  set_tls(keys, loaded.key_rules.folder, loaded.key_rules, own, out.errors);
  http::ClientOptions& http = out.settings.http;
  set_certificates(row, own, http);
  if (is_set(row.values, "ca_file") || is_set(row.values, "ca_dir")) {
    http.tls.ca_file = below(loaded.key_rules.folder, row.values.text("ca_file"));
    http.tls.ca_dir = below(loaded.key_rules.folder, row.values.text("ca_dir"));
  }
  if (is_set(row.values, "proxy")) {
    http.proxy = read_proxy(keys, out.errors);
    http.proxy_login = std::move(own.proxy_login);
  }
}

}  // namespace

DestinationSettings settings_for(const Loaded& loaded, const std::string& name) {
  DestinationSettings out;
  out.settings = loaded.settings;
  if (name.empty()) {
    out.errors = loaded.errors;
    out.key_file = loaded.key_file;
    if (out.errors.empty()) {
      if (auto missing = check_target(out.settings, loaded.key_rules.folder); !missing.ok()) {
        out.errors.push_back(std::move(missing));
      }
    }
    return out;
  }
  out.errors = loaded.common_errors;
  const auto row = std::find_if(loaded.destinations.begin(), loaded.destinations.end(),
                                [&](const DestinationRow& one) { return one.name == name; });
  out.settings.destination = name;
  out.settings.endpoint = {};
  if (row == loaded.destinations.end()) {
    if (!out.errors.empty()) return out;
    out.errors.push_back(Status::error(
        ExitCode::usage,
        "there is no destination \"" + printable(name, 60) + "\" in " + loaded.config_file,
        "restore it there: its accepted alerts are not sent elsewhere"));
    return out;
  }
  thehive::Endpoint& endpoint = out.settings.endpoint;
  endpoint.url = row->url;
  endpoint.organisation = row->organisation;
  endpoint.key = read_api_key(Keys(row->values, row->name), Secret(), loaded.key_rules,
                              out.key_file, out.errors);
  if (row->values.secret("api_key").empty()) {
    if (!row->own_url) endpoint.key = loaded.settings.endpoint.key;
    out.key_file = loaded.key_file;
  }
  if (row->own_url || is_set(row->values, "thehive_version")) {
    out.settings.thehive_version = row->values.text("thehive_version");
  }
  set_way(loaded, *row, out);
  if (!out.errors.empty()) return out;
  if (endpoint.url.empty() || endpoint.key.empty()) {
    const bool url = endpoint.url.empty();
    out.errors.push_back(Status::error(
        ExitCode::usage, std::string(url ? "no URL" : "no API key") + " for destination " + name,
        std::string("set ") + (url ? "url" : "api_key") + " in destinations." + name + " of " +
            loaded.config_file));
  }
  return out;
}

}  // namespace socbridge::integration
