// SPDX-License-Identifier: Apache-2.0
#include "health/canary_source.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "delivery/sender.h"
#include "delivery/synthetic_alert.h"
#include "health/integration_run.h"
#include "health/registry.h"
#include "health/temp_file.h"
#include "integration/endpoint_override.h"
#include "integration/spool_check.h"
#include "mapping/mapping.h"
#include "wazuh/alert.h"
#include "wazuh/home_access.h"

namespace socbridge::health {

CanarySource::CanarySource(Env& env, const Options& options, const std::string& address)
    : env_(env),
      home_(options.wazuh_home),
      here_(wazuh_is_here(env, options)),
      nonce_(make_nonce()),
      log_(env, home_, nonce_, address) {
  const std::string conf =
      options.ossec_conf.empty() ? home_ + "/etc/ossec.conf" : options.ossec_conf;
  if (here_) {
    auto blocks = wazuh::read_integrations(env_, conf);
    if (!blocks.ok()) block_error_ = blocks.status();
    for (std::size_t i = 0; blocks.ok() && i < blocks->size() && !block_; ++i) {
      if ((*blocks)[i].name == "custom-w2thive") block_ = std::move((*blocks)[i]);
    }
  }
  integration::Sources sources;
  sources.home = home_;
  sources.config_file = home_ + "/etc/w2thive.json";
  if (block_) {
    sources.options_json = block_->options;
    sources.options_origin = "<options>";
  }
  loaded_ = integration::load(env_, sources);
  made_at_ms_ = wall_now_ms();
  delivery::Mark mark = delivery::kCanaryMark;
  mark.address = address;
  raw_ =
      delivery::make_synthetic_alert(mark, made_at_ms_, delivery::passing_level(mapping()), nonce_);
}

CanaryLog::Possible CanarySource::can_begin_with_log() const {
  return here_ ? log_.possible() : CanaryLog::Possible::no_socket;
}

Stage CanarySource::write_log_line() { return log_.write(); }

Result<std::optional<Stage>> CanarySource::find_wazuh_alert() {
  auto found = log_.look();
  if (!found.ok()) return found.status();
  if (!*found) return std::optional<Stage>();
  raw_ = std::move(**found);
  by_log_ = true;
  return std::optional(map_it());
}

bool CanarySource::is_mine(std::string_view raw) const {
  return log_.is_mine(raw) || raw.find("." + nonce_ + "\"") != std::string_view::npos;
}

Stage CanarySource::send(const profile::Endpoint& thehive, http::Client& http,
                         const Deadline& deadline, std::int64_t step_ms) {
  if (by_log_) return {State::skipped, Cause::none, "integratord runs it, see alert", {}};
  const Stage mapped = map_it();
  if (!mapped.ok()) return mapped;
  return here_ ? run_the_program(step_ms) : deliver_here(thehive, http, deadline);
}

Stage CanarySource::map_it() {
  const auto alert = wazuh::Alert::parse(raw_);
  if (!alert.ok()) return Stage::failed(alert.status());
  const mapping::Mapped mapped = mapping::map(*alert, mapping(), made_at_ms_);
  if (!mapped.forwarded) {
    return Stage::broken("the mapping does not forward it: " + mapped.skip_reason,
                         "accept the group socbridge_canary in the filters", Cause::configuration);
  }
  const auto& names = mapped.destinations;
  if (std::find(names.begin(), names.end(), "") == names.end()) {
    return Stage::broken("the rules do not send it to the destination default",
                         "send the group socbridge_canary to default", Cause::configuration);
  }
  reference_ = mapped.alert.source_ref;
  alert_type_ = mapped.alert.type;
  alert_source_ = mapped.alert.source;
  return Stage::good({});
}

std::optional<CanarySource::SpoolDefect> CanarySource::spool_defect() const {
  if (!here_) return {};
  const auto checked = integration::check_spool(env_, home_, loaded_.settings);
  if (checked.findings.empty() || !checked.findings.front().stops) return {};
  return SpoolDefect{checked.findings.front().detail, checked.findings.front().next};
}

delivery::Outcome CanarySource::send_to(const integration::Settings& settings, http::Client& http,
                                        const Deadline& deadline) const {
  delivery::SendPolicy policy;
  policy.breaker = delivery::SendPolicy::Breaker::ignore;
  policy.memory = delivery::SendPolicy::Memory::none;
  delivery::AlertInput input;
  input.raw = raw_;
  input.filter = delivery::Filter::passed;  // checked by map_it()
  return delivery::Sender(env_, http, settings, std::move(policy)).send(input, deadline.left_ms());
}

Stage CanarySource::deliver_here(const profile::Endpoint& thehive, http::Client& http,
                                 const Deadline& deadline) {
  const std::int64_t started = steady_now_ms();
  integration::Settings settings = loaded_.settings;
  integration::override_endpoint(
      settings, {thehive.url, thehive.key, thehive.organisation},
      {thehive.ca_file, thehive.ca_dir, thehive.proxy, thehive.client_cert_file,
       thehive.client_key_file, thehive.pinned_key, thehive.insecure, thehive.proxy_login});
  const delivery::Outcome sent = send_to(settings, http, deadline);
  if (sent.kind == delivery::Outcome::Kind::created) {
    return Stage::good("in " + std::to_string(steady_now_ms() - started) +
                       " ms, without a Wazuh manager here");
  }
  const bool auth = sent.kind == delivery::Outcome::Kind::key_refused;
  return Stage::broken(sent.message, "run socctl health thehive",
                       auth ? Cause::auth : Cause::unreachable);
}

// Writes the arguments that integratord would pass, with secrets in files added to `files`.
Status CanarySource::write_arguments(IntegrationCall& call, std::vector<TempFile>& files) const {
  const auto add_file = [&](const std::string& suffix, std::string_view text) {
    auto file = TempFile::make(env_, suffix, text, call.uid, call.gid);
    if (!file.ok()) return file.status();
    files.push_back(std::move(*file));
    return Status();
  };
  if (const Status made = add_file("alert", raw_); !made.ok()) return made;
  const std::string alert_file = files.back().path();
  std::string key(block_->api_key.reveal());
  if (!key.empty() && !key.starts_with("file:")) {  // it must not appear in the process list
    const Status made = add_file("key", key);
    secure_wipe(key.data(), key.size());
    if (!made.ok()) return made;
    key = "file:" + files.back().path();
  }
  std::string options_file;
  if (!block_->options.empty()) {
    if (const Status made = add_file("options", block_->options); !made.ok()) return made;
    options_file = files.back().path();
  }
  call.words = {alert_file,
                key,
                block_->hook_url,
                "",
                options_file,
                std::to_string(block_->timeout_s),
                std::to_string(block_->retries),
                "> /dev/null 2>&1"};
  return {};
}

Stage CanarySource::run_the_program(std::int64_t step_ms) {
  if (!block_) {
    return Stage::broken(
        block_error_.ok() ? "no block named custom-w2thive" : block_error_.message(),
        "add one: socctl setup wazuh shows it", Cause::configuration);
  }
  IntegrationCall call;
  call.home = home_;
  call.program = "integrations/custom-w2thive";
  const Status trusted =
      check_trusted(home_ + "/" + call.program, wazuh::home_trust(env_, home_), PathKind::file);
  if (is_distrust(trusted)) {
    return Stage::broken("it is not run: " + trusted.message(), trusted.hint(),
                         Cause::configuration);
  }
  // The spool belongs to the user of integratord.
  if (const auto spool = env_.stat(spool_dir()); spool.ok()) {
    call.uid = spool->uid;
    call.gid = spool->gid;
  }
  std::vector<TempFile> files;
  if (const Status made = write_arguments(call, files); !made.ok()) return Stage::failed(made);
  constexpr std::int64_t kSteps = 6;
  call.timeout_ms = step_ms * kSteps;
  const auto result = run_integration(call);
  if (!result.ok()) return Stage::failed(result.status());
  if (result->exit_code != 0) {
    return Stage::broken(
        "custom-w2thive ended with " + std::to_string(result->exit_code) + ": " + result->last_line,
        "see socctl help exit-codes");
  }
  return Stage::good("custom-w2thive accepted it in " + std::to_string(result->took_ms) + " ms");
}

}  // namespace socbridge::health
