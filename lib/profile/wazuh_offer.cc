// SPDX-License-Identifier: Apache-2.0
#include "profile/wazuh_offer.h"

#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "base/privileged_files.h"
#include "base/privileges.h"
#include "base/text.h"
#include "integration/settings.h"
#include "json/value.h"
#include "json/writer.h"
#include "wazuh/home_access.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::profile {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr const char* kName = "custom-w2thive";

struct Reading {
  Offer offer;
  Status error;
};

// The origin of a setting of custom-w2thive; `element` if it comes from Wazuh's configuration.
std::string origin_of(const integration::Loaded& loaded, std::string_view key,
                      const std::string& element) {
  std::string origin = loaded.values.origin(key);
  return origin == "default" ? element : origin;
}

Reading read_block(Env& env, const std::string& home, const std::string& conf,
                   const wazuh::IntegrationBlock& block) {
  integration::Sources sources;
  sources.home = home;
  sources.config_file = home + "/etc/w2thive.json";
  sources.options_json = block.options;
  sources.options_origin = conf + ": <options>";
  sources.hook_url = std::string(trim(block.hook_url));
  sources.key = block.api_key;
  const integration::Loaded loaded = integration::load(env, sources);
  const integration::Settings& settings = loaded.settings;
  Reading out;
  out.offer.place = Place::wazuh;
  out.offer.url = settings.endpoint.url;
  out.offer.url_origin = origin_of(loaded, "url", conf + ": <hook_url>");
  out.offer.key = settings.endpoint.key;
  out.offer.key_origin = origin_of(loaded, "api_key", conf + ": <api_key>");
  out.offer.organisation = settings.endpoint.organisation;
  out.offer.ca_file = settings.http.tls.ca_file;
  out.offer.ca_dir = settings.http.tls.ca_dir;
  out.offer.proxy = settings.http.proxy;
  out.offer.proxy_login = settings.http.proxy_login;
  out.offer.client_cert_file = settings.http.tls.client_cert_file;
  out.offer.client_key_file = settings.http.tls.client_key_file;
  out.offer.pinned_key = settings.http.tls.pinned_key;
  if (settings.http.tls.insecure) out.offer.insecure = "true";
  const bool incomplete = out.offer.url.empty() || out.offer.key.empty();
  // A file that only Wazuh's user may read is not an error for other users.
  const auto user = wazuh::home_user(env, home);
  const bool ours = user && user->uid == ::geteuid();
  for (const Status& error : loaded.errors) {
    const bool matters = incomplete ? ours || error.sys_errno() != EACCES : is_distrust(error);
    if (matters && out.error.ok()) out.error = error;
  }
  return out;
}

// The blocks of custom-w2thive, or an empty block.
Result<std::vector<wazuh::IntegrationBlock>> own_blocks(Env& env, const std::string& home,
                                                        const std::string& conf, bool named) {
  std::vector<wazuh::IntegrationBlock> own;
  const Status trusted = check_trusted(conf, wazuh::home_trust(env, home), PathKind::file);
  if (is_distrust(trusted)) {
    return Status::error(ExitCode::usage, conf + " is not safe to use: " + trusted.message(),
                         trusted.hint());
  }
  auto blocks = wazuh::read_integrations(env, conf);
  if (!blocks.ok() && named) {
    return Status::error(ExitCode::usage, blocks.status().message(), blocks.status().hint());
  }
  for (std::size_t i = 0; blocks.ok() && i < blocks->size(); ++i) {
    if (trim((*blocks)[i].name) == kName) own.push_back(std::move((*blocks)[i]));
  }
  if (own.empty()) own.emplace_back();
  return own;
}

Reading read_here(Env& env, const std::string& home, const std::string& ossec_conf) {
  const bool named = !ossec_conf.empty();
  const std::string conf = named ? ossec_conf : home + "/etc/ossec.conf";
  const auto blocks = own_blocks(env, home, conf, named);
  if (!blocks.ok()) return {{}, blocks.status()};
  Reading best;
  for (std::size_t i = 0; i < blocks->size(); ++i) {
    Reading one = read_block(env, home, conf, (*blocks)[i]);
    const bool complete = !one.offer.url.empty() && !one.offer.key.empty();
    if (i == 0 || complete) best = std::move(one);
    if (complete) break;
  }
  return best;
}

// The texts of an offer by name, for serialising and parsing.
std::vector<std::pair<const char*, std::string*>> texts_of(Offer& offer) {
  return {{"url", &offer.url},
          {"url_origin", &offer.url_origin},
          {"user", &offer.user},
          {"key_origin", &offer.key_origin},
          {"ca_file", &offer.ca_file},
          {"organisation", &offer.organisation},
          {"ca_dir", &offer.ca_dir},
          {"proxy", &offer.proxy},
          {"client_cert_file", &offer.client_cert_file},
          {"client_key_file", &offer.client_key_file},
          {"pinned_key", &offer.pinned_key},
          {"insecure", &offer.insecure}};
}

std::string to_text(Reading reading) {
  json::Writer w;
  w.begin_object();
  for (const auto& [name, text] : texts_of(reading.offer)) w.member(name, *text);
  w.member("key", std::string(reading.offer.key.reveal()));
  w.member("proxy_login", std::string(reading.offer.proxy_login.reveal()));
  w.member("code", static_cast<std::int64_t>(reading.error.code()));
  w.member("message", reading.error.message());
  w.member("hint", reading.error.hint());
  w.end_object();
  return std::move(w).take();
}

Reading from_text(const std::string& text) {
  Reading out;
  const auto document = json::Document::parse(text);
  const auto value = [&](const char* name) {
    return std::string(document.ok() ? document->root()[name].string_or_empty() : "");
  };
  for (const auto& [name, target] : texts_of(out.offer)) *target = value(name);
  out.offer.place = Place::wazuh;
  out.offer.key = Secret(value("key"));
  out.offer.proxy_login = Secret(value("proxy_login"));
  const bool well = document.ok() && document->root()["code"].integer().value_or(1) == 0;
  if (!well) out.error = Status::error(ExitCode::usage, value("message"), value("hint"));
  return out;
}

}  // namespace

Result<Offer> read_wazuh_offer(Env& env, const std::string& home, const std::string& ossec_conf) {
  const auto user = wazuh::home_user(env, home);
  if (!user && ossec_conf.empty()) return Offer{};
  if (Status safe = wazuh::check_home(env, home); is_distrust(safe)) return safe;
  Reading reading;
  if (::geteuid() == 0 && user && user->uid != 0) {
    if (!ossec_conf.empty()) {
      if (Status kept = keep_files({{ossec_conf}, {}}); !kept.ok()) return kept;
    }
    auto text =
        run_as_user(*user, kMostBytes, [&] { return to_text(read_here(env, home, ossec_conf)); });
    if (!text.ok()) return text.status();
    reading = from_text(*text);
    secure_wipe(text->data(), text->size());
  } else {
    reading = read_here(env, home, ossec_conf);
  }
  if (!reading.error.ok()) return reading.error;
  return std::move(reading.offer);
}

}  // namespace socbridge::profile
