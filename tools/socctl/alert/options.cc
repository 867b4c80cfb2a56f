// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/options.h"

#include "base/named_file.h"
#include "integration/block_routes.h"
#include "integration/endpoint_override.h"
#include "socctl/common/endpoint_options.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {

void MappingFlags::add_to(Command& command) {
  command
      .add_option(
          "--config", config_file,
          "Configuration of custom-w2thive (default: etc/w2thive.json under the Wazuh home)")
      ->type_name("FILE");
  command
      .add_option("--options", options_file,
                  "File with the JSON of the integration's <options> element")
      ->type_name("FILE");
}

std::vector<std::string> MappingFlags::named(std::vector<std::string> more) const {
  more.push_back(config_file);
  more.push_back(options_file);
  return more;
}

Result<integration::Loaded> MappingFlags::load(Env& env, const std::string& ossec_conf) const {
  constexpr std::size_t kMaxOptions = std::size_t{1} << 20;
  integration::Sources sources;
  sources.home = wazuh::find_home();
  sources.config_file = sources.home + "/etc/w2thive.json";
  if (!config_file.empty()) {
    if (const auto info = env.stat(config_file); !info.ok()) {
      return Status::error(ExitCode::usage, info.status().message());
    }
    sources.config_file = config_file;
  }
  if (!options_file.empty()) {
    auto text = read_all_named(options_file, kMaxOptions);
    if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
    sources.options_json = std::move(*text);
    sources.options_origin = options_file;
  }
  integration::Loaded loaded = integration::load(env, sources);
  integration::apply_block_level(
      env, ossec_conf.empty() ? sources.home + "/etc/ossec.conf" : ossec_conf, loaded);
  return loaded;
}

void TargetFlags::add_to(Command& command) {
  command.add_option("--url", flags.url, "Base URL of TheHive")->type_name("URL");
  command.add_option("--key-file", flags.key_file, "File with the API key")->type_name("FILE");
  command.add_option("--organisation", flags.organisation, "Organisation to use")
      ->type_name("NAME");
  command.add_option("--ca-file", flags.ca_file, "CA certificates (PEM) to trust")
      ->type_name("FILE");
  add_profile_option(command, flags.config_file);
  command
      .add_option(
          "--ossec-conf", flags.ossec_conf,
          "ossec.conf whose custom-w2thive block has URL and key, used if nothing else does")
      ->type_name("FILE");
}

void apply_endpoint(const profile::Endpoint& endpoint, integration::Settings& settings) {
  integration::override_endpoint(
      settings, {endpoint.url, endpoint.key, endpoint.organisation},
      {endpoint.ca_file, endpoint.ca_dir, endpoint.proxy, endpoint.client_cert_file,
       endpoint.client_key_file, endpoint.pinned_key, endpoint.insecure, endpoint.proxy_login});
}

Status first_error(const integration::Loaded& loaded) {
  return loaded.errors.empty() ? Status() : loaded.errors.front();
}

}  // namespace socbridge::socctl
