// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>

#include "base/shell_word.h"
#include "base/text.h"
#include "health/probes/wazuh.h"
#include "health/text_list.h"
#include "http/certificate.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::health {
namespace {

constexpr const char* kName = "indexer block";
constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr const char* kCertificateCure =
    "create new certificates (wazuh-certs-tool.sh), put them there and restart the manager";

std::string below_home(Probe& probe, const std::string& path) {
  return path.empty() || path.front() == '/' ? path : probe.options().wazuh_home + "/" + path;
}

// The certificate files of the block.
struct Files {
  std::vector<std::string> ca;
  std::string certificate, key;
};

// False if they cannot be read, which is reported.
bool are_readable(Probe& probe, const Files& files) {
  std::vector<std::string> all = files.ca;
  all.push_back(files.certificate);
  all.push_back(files.key);
  TextList missing, closed;
  std::string first_closed;
  for (const std::string& path : all) {
    if (path.empty()) continue;
    const auto opened = probe.env().open_read(path);
    if (opened.ok()) continue;
    const int e = opened.status().sys_errno();
    const bool is_closed = e == EACCES || e == EPERM;
    (is_closed ? closed : missing).add(path);
    if (is_closed && first_closed.empty()) first_closed = path;
  }
  if (missing.count() > 0) {
    probe.add(kName, State::degraded, Cause::missing, "not there: " + missing.text(),
              "fix the paths under <ssl> or put the certificates there");
  } else if (closed.count() > 0) {
    probe.skip(kName, "this user may not read " + closed.text() + ", so no host was checked",
               "as root: openssl x509 -noout -enddate -in " +
                   shell_word(files.certificate.empty() ? first_closed : files.certificate));
  }
  return missing.count() == 0 && closed.count() == 0;
}

// The problem with the dates of a certificate; empty: none. Raises `worst` accordingly.
std::string check_dates(Probe& probe, const std::string& path, State& worst) {
  const auto text = probe.env().read_file(path, kMostBytes);
  if (!text.ok()) return text.status().message();
  const auto dates = http::certificate_dates(*text);
  if (!dates.ok()) return path + ": " + dates.status().message();
  const UnixMillis now = probe.now_ms();
  if (dates->ends_ms <= now) {
    return path + " expired " + human_duration(now - dates->ends_ms) + " ago";
  }
  if (dates->begins_ms > now) {
    return path + " is valid only in " + human_duration(dates->begins_ms - now);
  }
  const State state = probe.evaluate(kName, {"wazuh", "indexer block"}, dates->ends_ms - now);
  if (state != State::ok) {
    worst = std::max(worst, state);
    return path + " expires in " + human_duration(dates->ends_ms - now);
  }
  return {};
}

std::string check_key(Probe& probe, const Files& files) {
  const auto certificate = probe.env().read_file(files.certificate, kMostBytes);
  const auto key = probe.env().read_file(files.key, kMostBytes);
  if (!certificate.ok()) return certificate.status().message();
  if (!key.ok()) return key.status().message();
  const auto fits = http::is_key_of(*certificate, *key);
  if (!fits.ok()) return files.key + ": " + fits.status().message();
  return *fits ? "" : files.key + " is not the key of " + files.certificate;
}

// False if a certificate is not valid, which is reported.
bool are_valid(Probe& probe, const Files& files) {
  std::vector<std::string> certificates = files.ca;
  if (!files.certificate.empty()) certificates.push_back(files.certificate);
  std::string wrong;
  State worst = State::degraded;
  const auto note = [&](const std::string& text) {
    if (!text.empty()) wrong += (wrong.empty() ? "" : "; ") + text;
  };
  for (const std::string& path : certificates) note(check_dates(probe, path, worst));
  if (!files.certificate.empty() && !files.key.empty()) note(check_key(probe, files));
  if (wrong.empty()) return true;
  probe.add(kName, worst, Cause::configuration, wrong, kCertificateCure);
  return false;
}

// Empty if the host answers with a certificate signed by the block's CA; else the error.
std::string ask(http::Client& http, const std::string& host, const Deadline& deadline) {
  const auto url = http::normalise_base_url(host);
  if (!url.ok()) return url.status().message();
  http::Request request;
  request.url = http::join_url(*url, "/");
  request.timeout_ms = deadline.left_ms();
  // Any answer will do, since user and password are in the keystore.
  const http::Outcome outcome = http.perform(request);
  if (!outcome.answered()) return outcome.error;
  const int status = outcome.response.status;
  return status < 500 ? "" : "HTTP " + std::to_string(status);
}

void ask_hosts(Probe& probe, const wazuh::IndexerBlock& block, const Files& files) {
  http::ClientOptions options;
  if (!files.ca.empty()) options.tls.ca_file = files.ca.front();
  options.tls.client_cert_file = files.certificate;
  options.tls.client_key_file = files.key;
  http::Client http(options);
  TextList silent;
  std::string why;
  for (const std::string& host : block.hosts) {
    const std::string wrong = ask(http, host, probe.deadline());
    if (wrong.empty()) continue;
    silent.add(host);
    if (why.empty()) why = wrong;
  }
  const std::string all = std::to_string(block.hosts.size());
  if (silent.count() == 0) {
    probe.ok(kName, "all " + all + " hosts answer");
  } else {
    probe.add(kName, State::degraded, Cause::unreachable,
              std::to_string(silent.count()) + " of " + all +
                  " hosts do not answer: " + silent.text() + " (" + why + ")",
              "start the indexer, or fix <hosts> and the certificates under <ssl>");
  }
}

}  // namespace

void check_indexer_block(Probe& probe, const std::string& ossec_conf) {
  const auto block = wazuh::read_indexer(probe.env(), ossec_conf);
  if (!block.ok()) return;  // reported before, by the integration block
  if (!block->present) {
    probe.skip(kName, "there is none: Wazuh before 4.8, or Filebeat alone");
    return;
  }
  if (!block->enabled) {
    probe.skip(kName, "it is not enabled");
    return;
  }
  if (block->hosts.empty()) {
    probe.add(kName, State::degraded, Cause::configuration, "it has no <host>",
              "add <hosts><host>https://…:9200</host></hosts>");
    return;
  }
  Files files;
  for (const std::string& file : block->ca_files) files.ca.push_back(below_home(probe, file));
  files.certificate = below_home(probe, block->certificate);
  files.key = below_home(probe, block->key);
  if (!are_readable(probe, files)) return;
  if (are_valid(probe, files)) ask_hosts(probe, *block, files);
}

}  // namespace socbridge::health
