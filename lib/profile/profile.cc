#include "profile/profile.h"

#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "config/settings.h"
#include "http/client.h"
#include "profile/config_file.h"
#include "wazuh/invocation.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::profile {
namespace {

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out += (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// Values are offered from the highest precedence down; the first that has one wins.
struct Offers {
  Endpoint endpoint;
  Secret key;  // as found, not resolved yet

  void url(std::string_view value, const std::string& origin) {
    if (endpoint.url.empty() && !value.empty()) {
      endpoint.url = std::string(value);
      endpoint.url_origin = origin;
    }
  }
  void any_key(Secret value, const std::string& origin) {
    if (key.empty() && !value.empty()) {
      key = std::move(value);
      endpoint.key_origin = origin;
    }
  }
  static void text(std::string& target, std::string_view value) {
    if (target.empty()) target = std::string(value);
  }
  bool complete() const { return !endpoint.url.empty() && !key.empty(); }
};

void offer_flags(Offers& offers, const Flags& flags) {
  offers.url(flags.url, "--url");
  if (!flags.key_file.empty()) offers.any_key(Secret("file:" + flags.key_file), "--key-file");
  Offers::text(offers.endpoint.organisation, flags.organisation);
  Offers::text(offers.endpoint.ca_file, flags.ca_file);
}

void offer_environment(Offers& offers, const std::string& prefix, const Surroundings& around) {
  const auto value = [&](const char* suffix) { return around.variable(prefix + suffix); };
  offers.url(value("_URL"), prefix + "_URL");
  offers.any_key(Secret(std::string(value("_KEY"))), prefix + "_KEY");
  if (const auto file = value("_KEY_FILE"); !file.empty()) {
    offers.any_key(Secret("file:" + std::string(file)), prefix + "_KEY_FILE");
  }
  Offers::text(offers.endpoint.user, value("_USER"));
  Offers::text(offers.endpoint.organisation, value("_ORGANISATION"));
  Offers::text(offers.endpoint.ca_file, value("_CA_FILE"));
}

Status offer_file(Offers& offers, Env& env, const std::string& path, std::string_view product) {
  auto values = read_config_file(env, path, product);
  if (!values.ok()) return values.status();
  offers.url(values->url, path);
  offers.any_key(std::move(values->key), path);
  Offers::text(offers.endpoint.user, values->user);
  Offers::text(offers.endpoint.organisation, values->organisation);
  Offers::text(offers.endpoint.ca_file, values->ca_file);
  return {};
}

// An ossec.conf that is not there or not for our eyes says nothing; only asked for by name it must
// work.
Status offer_ossec(Offers& offers, Env& env, const Flags& flags, const Surroundings& around) {
  const bool named = !flags.ossec_conf.empty();
  const std::string path = named ? flags.ossec_conf : around.wazuh_home + "/etc/ossec.conf";
  auto blocks = wazuh::read_integrations(env, path);
  if (!blocks.ok()) {
    if (!named) return {};
    return Status::error(ExitCode::usage, blocks.status().message(), blocks.status().hint());
  }
  for (wazuh::IntegrationBlock& block : *blocks) {
    if (block.name != "custom-w2thive") continue;
    offers.url(block.hook_url, path);
    offers.any_key(std::move(block.api_key), path);
    if (offers.complete()) break;
  }
  return {};
}

std::string user_config(const Surroundings& around) {
  if (const auto xdg = around.variable("XDG_CONFIG_HOME"); !xdg.empty()) {
    return std::string(xdg) + "/socctl/config.json";
  }
  if (const auto home = around.variable("HOME"); !home.empty()) {
    return std::string(home) + "/.config/socctl/config.json";
  }
  return {};
}

// Their installations are often open to everybody in the network they stand in.
bool key_is_optional(std::string_view product) {
  return product == "prometheus" || product == "opensearch";
}

Status missing(std::string_view product, std::string_view what, const std::string& prefix,
               const std::string& suffix, const std::string& flag) {
  return Status::error(
      ExitCode::usage,
      "no " + std::string(what) + " for " + std::string(product) + " is configured",
      "give " + flag + ", set " + prefix + suffix +
          " or write it into ~/.config/socctl/config.json");
}

}  // namespace

Surroundings Surroundings::of_process(Env& env) {
  Surroundings out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equal = text.find('=');
    if (equal == std::string_view::npos) continue;
    const std::string_view name = text.substr(0, equal);
    if (name.starts_with("SOCCTL_") || name == "HOME" || name == "XDG_CONFIG_HOME" ||
        name == "XDG_STATE_HOME") {
      out.environment.emplace_back(name, text.substr(equal + 1));
    }
  }
  out.wazuh_home = wazuh::find_home(env);
  return out;
}

std::string_view Surroundings::variable(std::string_view name) const {
  for (const auto& [key, value] : environment) {
    if (key == name) return value;
  }
  return {};
}

Result<std::vector<std::string>> config_files(Env& env, const Flags& flags,
                                              const Surroundings& surroundings) {
  std::vector<std::string> files;
  if (!flags.config_file.empty()) {
    if (const auto info = env.stat(flags.config_file); !info.ok()) {
      return Status::error(ExitCode::usage, info.status().message());
    }
    files.push_back(flags.config_file);
  } else {
    if (std::string own = user_config(surroundings); !own.empty()) files.push_back(std::move(own));
    files.push_back(surroundings.system_config);
  }
  return files;
}

Status not_configured(std::string_view product) {
  return missing(product, "URL", "SOCCTL_" + upper(product), "_URL", "--url");
}

Result<Endpoint> resolve(Env& env, std::string_view product, const Flags& flags,
                         const Surroundings& surroundings) {
  auto found = find(env, product, flags, surroundings);
  if (!found.ok()) return found.status();
  if (!*found) return not_configured(product);
  return std::move(**found);
}

Result<std::optional<Endpoint>> find(Env& env, std::string_view product, const Flags& flags,
                                     const Surroundings& surroundings) {
  Offers offers;
  const std::string prefix = "SOCCTL_" + upper(product);
  offer_flags(offers, flags);
  offer_environment(offers, prefix, surroundings);

  const auto files = config_files(env, flags, surroundings);
  if (!files.ok()) return files.status();
  for (const std::string& path : *files) {
    if (const Status read = offer_file(offers, env, path, product); !read.ok()) return read;
  }
  if (product == "thehive" && (!offers.complete() || !flags.ossec_conf.empty())) {
    if (const Status read = offer_ossec(offers, env, flags, surroundings); !read.ok()) return read;
  }

  if (offers.endpoint.url.empty()) return std::optional<Endpoint>();
  if (offers.key.empty() && !(key_is_optional(product) && offers.endpoint.user.empty())) {
    return missing(product, "key", prefix, "_KEY_FILE", "--key-file");
  }
  auto url = http::normalise_base_url(offers.endpoint.url);
  if (!url.ok()) {
    return Status::error(ExitCode::usage,
                         offers.endpoint.url_origin + ": " + url.status().message(),
                         url.status().hint());
  }
  offers.endpoint.url = std::move(*url);
  if (!offers.key.empty()) {
    auto key = config::SecretReader::resolve(offers.key);
    if (!key.ok()) return key.status();
    offers.endpoint.key = std::move(*key);
  }
  return std::optional<Endpoint>(std::move(offers.endpoint));
}

}  // namespace socbridge::profile
