// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "health/probes/wazuh.h"
#include "health/text_list.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::health {
namespace {

constexpr const char* kName = "indexer block";

std::string below_home(Probe& probe, const std::string& path) {
  return path.empty() || path.front() == '/' ? path : probe.options().wazuh_home + "/" + path;
}

}  // namespace

void check_indexer_block(Probe& probe, const std::string& ossec_conf) {
  const auto block = wazuh::read_indexer(probe.env(), ossec_conf);
  if (!block.ok()) return;  // the integration block said so already
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
  std::vector<std::string> files = block->ca_files;
  files.push_back(block->certificate);
  files.push_back(block->key);
  TextList missing;
  for (const std::string& file : files) {
    const std::string path = below_home(probe, file);
    if (!path.empty() && !probe.env().stat(path).ok()) missing.add(path);
  }
  if (missing.count() > 0) {
    probe.add(kName, State::degraded, Cause::missing, "not there: " + missing.text(),
              "fix the paths under <ssl> or put the certificates there");
    return;
  }
  http::ClientOptions options;
  if (!block->ca_files.empty()) options.tls.ca_file = below_home(probe, block->ca_files.front());
  options.tls.client_cert_file = below_home(probe, block->certificate);
  options.tls.client_key_file = below_home(probe, block->key);
  http::Client http(options);
  TextList silent;
  std::string why;
  for (const std::string& host : block->hosts) {
    const auto url = http::normalise_base_url(host);
    if (!url.ok()) {
      silent.add(host);
      if (why.empty()) why = url.status().message();
      continue;
    }
    http::Request request;
    request.url = http::join_url(*url, "/");
    request.timeout_ms = probe.deadline().left_ms();
    // Whatever it answers it is there: user and password are in the keystore.
    const http::Outcome outcome = http.perform(request);
    const bool alive = outcome.answered() && outcome.response.status < 500;
    if (alive) continue;
    silent.add(host);
    if (why.empty()) {
      why = outcome.answered() ? "HTTP " + std::to_string(outcome.response.status) : outcome.error;
    }
  }
  const std::string all = std::to_string(block->hosts.size());
  if (silent.count() == 0) {
    probe.ok(kName, "all " + all + " hosts answer");
  } else {
    probe.add(kName, State::degraded, Cause::unreachable,
              std::to_string(silent.count()) + " of " + all +
                  " hosts do not answer: " + silent.text() + " (" + why + ")",
              "start the indexer, or fix <hosts> and the certificates under <ssl>");
  }
}

}  // namespace socbridge::health
