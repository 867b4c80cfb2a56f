// SPDX-License-Identifier: Apache-2.0
#include "integration/config_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/text.h"
#include "config/error_list.h"
#include "http/ca_locations.h"
#include "integration/block_check.h"
#include "integration/block_routes.h"
#include "integration/destination_settings.h"
#include "integration/spool_check.h"
#include "integration/tls_settings.h"

namespace socbridge::integration {
namespace {

constexpr const char* kName = "custom-w2thive";

class Checker {
 public:
  Checker(Env& env, const Loaded& loaded, const std::string& home)
      : env_(env), loaded_(loaded), home_(home) {}

  std::vector<Finding> run(const std::string& ossec_conf) {
    configuration();
    endpoint();
    destinations();
    const std::string conf = ossec_conf.empty() ? home_ + "/etc/ossec.conf" : ossec_conf;
    for (const Settings& one :
         settings_of_blocks(env_, {home_, loaded_.config_file, conf}, loaded_)) {
      if (spools_.insert(one.spool_dir).second) spool(one);
      if (logs_.insert(one.log_file).second) log(one.log_file);
    }
    ca();
    executable();
    blocks(ossec_conf);
    return std::move(findings_);
  }

 private:
  void add(std::string subject, FindingState state, std::string detail, std::string next = {}) {
    findings_.push_back({std::move(subject), state, std::move(detail), std::move(next)});
  }

  void configuration() {
    if (loaded_.errors.empty())
      add("configuration", FindingState::ok, "all keys are known and valid");
    for (const Status& error : config::shown_errors(loaded_.errors)) {
      add("configuration", FindingState::error, error.message(), error.hint());
    }
  }

  // An invalid value is reported with the configuration, not again here.
  bool is_wrong_url() const {
    return loaded_.settings.endpoint.url.empty() &&
           (loaded_.values.refused("url") || !loaded_.values.text("url").empty());
  }
  bool is_wrong_key() const {
    return loaded_.settings.endpoint.key.empty() &&
           (loaded_.values.refused("api_key") || !loaded_.values.secret("api_key").empty());
  }

  void endpoint() {
    const thehive::Endpoint& endpoint = loaded_.settings.endpoint;
    if (!endpoint.url.empty()) {
      add("url", FindingState::ok, endpoint.url);
    } else if (!is_wrong_url()) {
      add("url", FindingState::warning, "no url in the configuration",
          "fine if the integration block has a <hook_url>");
    }
    if (!endpoint.key.empty()) {
      add("key", FindingState::ok, "set");
    } else if (!is_wrong_key()) {
      add("key", FindingState::warning, "no api_key in the configuration",
          "fine if the integration block has an <api_key>; better: \"api_key\": \"file:PATH\"");
    }
  }

  // URL and key may come from the block, so inherited ones may be missing here.
  void destinations() {
    for (const DestinationRow& row : loaded_.destinations) {
      const std::string subject = "destination " + row.name;
      const DestinationSettings found = settings_for(loaded_, row.name);
      const thehive::Endpoint& at = found.settings.endpoint;
      bool wrong = false;
      for (const Status& error : found.errors) {
        if (is_common(error)) continue;
        wrong = true;
        const bool inherits = !row.own_url && is_missing(error);
        if (inherits && (is_wrong_url() || is_wrong_key())) continue;
        add(subject, inherits ? FindingState::warning : FindingState::error, error.message(),
            inherits ? "fine if the integration block has it; " + error.hint() : error.hint());
      }
      if (wrong || at.url.empty() || at.key.empty()) continue;
      if (found.settings.http.tls.insecure) {
        add(subject, FindingState::warning, kInsecure,
            "remove insecure, and name the CA in ca_file");
      } else {
        add(subject, FindingState::ok,
            at.url + (at.organisation.empty() ? "" : ", organisation " + at.organisation));
      }
    }
  }

  // The URL or key is missing, rather than invalid.
  static bool is_missing(const Status& error) {
    return error.message().starts_with("no URL for ") ||
           error.message().starts_with("no API key for ");
  }

  // Whether the error was already reported.
  bool is_common(const Status& error) const {
    return std::any_of(loaded_.common_errors.begin(), loaded_.common_errors.end(),
                       [&](const Status& known) { return known.message() == error.message(); });
  }

  void spool(const Settings& settings) {
    const std::string& dir = settings.spool_dir;
    const SpoolCheck checked = check_spool(env_, home_, settings);
    for (const SpoolFinding& finding : checked.findings) {
      add("spool", finding.stops ? FindingState::error : FindingState::warning, finding.detail,
          finding.next);
    }
    if (!checked.findings.empty()) return;
    const bool to_come = checked.seen.presence == spool::Inspection::Presence::to_come;
    add("spool", FindingState::ok, dir + (to_come ? " (created with the first alert)" : ""));
  }

  void log(const std::string& path) {
    const auto info = env_.stat(path);
    if (info.ok() && info->is_file()) {
      add("log", FindingState::ok, path);
    } else {
      const std::size_t slash = path.rfind('/');
      const auto folder = env_.stat(slash == std::string::npos ? "." : path.substr(0, slash));
      if (folder.ok() && folder->is_dir()) {
        add("log", FindingState::ok, path + " (created with the first failure)");
      } else {
        add("log", FindingState::warning, path + ": its folder does not exist",
            "create it or set log_file");
      }
    }
  }

  void ca() {
    if (loaded_.settings.http.tls.insecure) {
      add("tls", FindingState::warning, kInsecure, "remove insecure, and name the CA in ca_file");
    }
    if (is_wrong_url()) return;
    const std::string& url = loaded_.settings.endpoint.url;
    if (!istarts_with(url, "https://")) {
      add("ca", FindingState::skipped, "the url is not https");
      return;
    }
    const http::TlsOptions& tls = loaded_.settings.http.tls;
    const http::CaLocation probed = http::probe_ca_locations();
    const std::string path = !tls.ca_file.empty()  ? tls.ca_file
                             : !tls.ca_dir.empty() ? tls.ca_dir
                             : !probed.dir.empty() ? probed.dir
                                                   : probed.file;
    if (path.empty()) {
      add("ca", FindingState::error, "no CA certificates found on this machine",
          "install ca-certificates or set ca_file");
    } else if (const auto info = env_.stat(path); !info.ok()) {
      add("ca", FindingState::error, info.status().message(), "fix ca_file or ca_dir");
    } else {
      add("ca", FindingState::ok, path);
    }
  }

  void executable() {
    const std::string path = home_ + "/integrations/" + kName;
    const auto info = env_.stat(path);
    if (!info.ok()) {
      add("executable", FindingState::skipped, path + " is not installed");
      return;
    }
    // integratord refuses a file that other users may write (docs/protocols/wazuh.md, "Script
    // permissions").
    if ((info->mode & (S_IWGRP | S_IWOTH)) != 0 || info->uid != 0) {
      add("executable", FindingState::error, path + " is writable by other users than root",
          "run chown root:wazuh and chmod 0750 on it: integratord refuses it otherwise");
    } else if ((info->mode & S_IXGRP) == 0) {
      add("executable", FindingState::error, path + " cannot be executed by its group",
          "run chmod 0750 on it");
    } else {
      add("executable", FindingState::ok, path);
    }
  }

  void blocks(const std::string& named) {
    BlockPlace place;
    place.home = home_;
    place.ossec_conf = named.empty() ? home_ + "/etc/ossec.conf" : named;
    place.must_exist = !named.empty();
    std::vector<Finding> found = check_blocks(env_, loaded_, place);
    std::move(found.begin(), found.end(), std::back_inserter(findings_));
  }

  Env& env_;
  const Loaded& loaded_;
  const std::string& home_;
  std::set<std::string> spools_, logs_;  // already checked
  std::vector<Finding> findings_;
};

}  // namespace

const char* finding_state_name(FindingState state) {
  switch (state) {
    case FindingState::ok: return "ok";
    case FindingState::warning: return "warning";
    case FindingState::error: return "error";
    case FindingState::skipped: return "skipped";
  }
  return "";
}

std::vector<Finding> check_config(Env& env, const Loaded& loaded, const std::string& home,
                                  const std::string& ossec_conf) {
  return Checker(env, loaded, home).run(ossec_conf);
}

}  // namespace socbridge::integration
