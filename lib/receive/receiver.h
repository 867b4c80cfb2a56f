// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "integration/settings_lookup.h"
#include "receive/body_format.h"
#include "relay/event_log.h"
#include "spool/spool.h"
#include "wazuh/alert.h"
#include "web/http_server.h"

namespace socbridge::receive {

struct ReceiveCounts {
  // Requests by result. failed: not stored, for a reason on this machine.
  std::uint64_t taken = 0, bad = 0, failed = 0;
  // Alerts in accepted requests. counted: over the rate cap.
  std::uint64_t accepted = 0, filtered = 0, counted = 0;
};

// Handles bodies of webhooks as custom-w2thive handles alerts of integratord: filters and rate cap
// first, then the spool, synced. A relay delivers from there. Thread safe.
class Receiver {
 public:
  // All references must outlive it. `integration`: the name for SettingsLookup to find the settings
  // of stored alerts.
  Receiver(spool::Spool& spool, integration::SettingsLookup& settings, relay::EventLog& log,
           BodyFormats formats, std::string integration = "custom-w2thive");

  // 202: every alert of the body is on stable storage, filtered, or counted by the rate cap. 400:
  // no alert in the body; nothing was stored. 503: not all was stored; sending it again is safe,
  // since the same alert has the same reference.
  web::HttpAnswer take(std::string_view body);

  enum class End { accepted, filtered, counted };
  // The same for one alert, JSON for wazuh::Alert::parse(). Errors: bad_input; it could not be
  // stored.
  Result<End> take_alert(std::string text);

  ReceiveCounts counts() const;
  // Why the last alert was not stored; ok if it was.
  Status storing() const;

 private:
  Result<End> store(std::string text, const wazuh::Alert& alert);
  Result<End> pass(const spool::Entry& entry, const wazuh::Alert& alert,
                   const integration::Settings& settings) const;
  void note(const Status& stored);

  spool::Spool& spool_;
  integration::SettingsLookup& settings_;
  relay::EventLog& log_;
  BodyFormats formats_;
  std::string integration_;
  std::atomic<std::uint64_t> taken_ = 0, bad_ = 0, failed_ = 0;
  std::atomic<std::uint64_t> accepted_ = 0, filtered_ = 0, counted_ = 0;
  std::atomic<bool> failing_ = false;
  mutable std::mutex mutex_;
  Status storing_;  // under mutex_
};

}  // namespace socbridge::receive
